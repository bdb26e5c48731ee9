/** Saved diffs, end to end: what was answered is answered again, and what it names stays. */
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { report } from '../../src/contract/diff.ts';
import { savedDiff } from '../../src/contract/saved-diff.ts';
import { appUnderTest } from './app-under-test.ts';
import { filesNamed, labelPath, sharedService } from './service-under-test.ts';

const BASE = Date.parse('2026-11-17T10:00:00Z');
const at = (seconds: number) => new Date(BASE + seconds * 1000).toISOString();
const period = (from: number, to: number) => ({ from: at(from), to: at(to) });
const READER = { authorization: 'Bearer reader-secret' };
const REVIEWER = { authorization: 'Bearer reviewer-secret' };
const ADMIN = { authorization: 'Bearer admin-secret' };
const PATH = '/api/v1/diffs';

const service = sharedService({
  keys: [
    { role: 'read', secret: 'reader-secret' },
    { role: 'review', secret: 'reviewer-secret' },
    { role: 'admin', secret: 'admin-secret' },
  ],
});

/** Artifact a until 100 s, b from 110 s on; seven inputs under both, with a hostile text. */
async function fill(label: string): Promise<void> {
  const ask = (method: string, path: string, body: unknown) =>
    service.ask(method, path, body, ADMIN);
  await ask('PUT', labelPath(label), { source: { kind: 'push' }, clockSkew: '0s' });
  for (const [artifact, second] of [
    ['a', 0],
    ['a', 100],
    ['b', 110],
    ['b', 200],
  ] as const) {
    const times = { requestedAt: at(second), receivedAt: at(second) };
    await ask('POST', labelPath(label, '/observations?backfill=true'), {
      ...times,
      files: filesNamed(artifact),
    });
  }
  const traces = [10, 120].flatMap((from) =>
    Array.from({ length: 7 }, (_, i) => ({
      id: `${label}-${from + i}`,
      label,
      startedAt: at(from + i),
      endedAt: at(from + i),
      input: i,
      output: { say: from < 100 ? '<script>alert(1)</script>' : 'no' },
      decision: from < 100 ? 'HOLD' : '<b>CLEAR</b>',
    })),
  );
  await ask('POST', '/api/v1/traces', { traces });
}

const diff = (label: string, over: object = {}, headers = READER) =>
  service.ask(
    'POST',
    PATH,
    { label, before: period(0, 100), after: period(110, 200), ...over },
    headers,
  );

beforeAll(async () => {
  for (const label of ['kept', 'held', 'gone']) await fill(label);
});

describe('a saved diff', () => {
  it('is answered again byte by byte, and is one however often it is asked for', async () => {
    const made = await diff('kept');
    expect(made.status).toBe(200);
    expect(report.safeParse(made.json).error?.issues).toBeUndefined();
    expect(made.json.verdict).toBe('changed');
    const path = `${PATH}/${made.json.id}`;
    expect(made.headers.get('content-location')).toBe(path);
    const again = await diff('kept');
    expect(again.text).toBe(made.text);
    const kept = await service.ask('GET', path, undefined, READER);
    expect(kept.text).toBe(made.text);
    expect(kept.headers.get('content-type')).toBe('application/json');
    const { json } = await service.ask('GET', `${PATH}?limit=1000`, undefined, READER);
    const listed = json.items.filter(({ id }: { id: string }) => id === made.json.id);
    expect(listed.length).toBe(1);
    expect(savedDiff.safeParse(listed[0]).error?.issues).toBeUndefined();
    expect(listed[0]).toMatchObject({
      label: 'kept',
      verdict: made.json.verdict,
      summary: made.json.summary,
      before: period(0, 100),
      after: period(110, 200),
    });
  });

  it('is listed with those of its label, or of labels called like it', async () => {
    await diff('kept');
    await diff('gone');
    const labelsOf = async (query: string) => {
      const { json } = await service.ask('GET', `${PATH}?${query}`, undefined, READER);
      return new Set(json.items.map(({ label }: { label: string }) => label));
    };
    expect(await labelsOf('label=gone')).toEqual(new Set(['gone']));
    expect(await labelsOf('label=*e*')).toEqual(new Set(['gone', 'kept']));
    expect(await labelsOf('label=nobody')).toEqual(new Set());
  });

  it('is listed page by page, newest first', async () => {
    for (const seed of [11, 12, 13]) await diff('kept', { seed });
    const all: string[] = [];
    let path = `${PATH}?limit=2`;
    for (;;) {
      const { json } = await service.ask('GET', path, undefined, READER);
      all.push(...json.items.map((item: { id: string }) => item.id));
      if (json.nextCursor === null) break;
      path = `${PATH}?limit=2&cursor=${json.nextCursor}`;
    }
    expect(new Set(all).size).toBe(all.length);
    const { json } = await service.ask('GET', `${PATH}?limit=1000`, undefined, READER);
    expect(all).toEqual(json.items.map((item: { id: string }) => item.id));
    const times = json.items.map((item: { createdAt: string }) => item.createdAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('is shown as a page that can do nothing', async () => {
    const { json } = await diff('kept');
    const page = await service.ask('GET', `${PATH}/${json.id}?format=html`, undefined, READER);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.text).not.toMatch(/<script/i);
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe-inline');
    const styles = [...page.text.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, css]) => css!);
    expect(styles.length).toBe(1);
    const hash = createHash('sha256').update(styles[0]!).digest('base64');
    expect(policy).toContain(`style-src 'sha256-${hash}'`);
    expect(page.text).not.toMatch(/\sstyle=/);
  });

  it.each([
    ['markdown', 'text/markdown; charset=utf-8', /HOLD/],
    ['junit', 'application/xml; charset=utf-8', /^<\?xml[\s\S]*<testcase/],
  ])('is shown as %s', async (format, type, text) => {
    const { json } = await diff('kept');
    const shown = await service.ask(
      'GET',
      `${PATH}/${json.id}?format=${format}`,
      undefined,
      READER,
    );
    expect(shown.headers.get('content-type')).toBe(type);
    expect(shown.text).toMatch(text);
    // As code it is shown, and does nothing.
    expect(shown.text.replace(/`[^`\n]+`/g, '')).not.toContain('<script>');
  });

  it.each([
    ['GET', '', 404],
    ['DELETE', '', 404],
    ['GET', '?format=pdf', 400],
  ])('that is not there or not so is refused: %s %s', async (method, query, status) => {
    const path = `${PATH}/d_${'0'.repeat(24)}${query}`;
    const { status: found } = await service.ask(method, path, undefined, ADMIN);
    expect(found).toBe(status);
  });

  it('is asked for by its id', async () => {
    expect((await service.ask('GET', `${PATH}/1`, undefined, READER)).status).toBe(400);
  });
});

describe('a diff that holds what it compared', () => {
  it('needs a reviewer', async () => {
    expect((await diff('held', { hold: true })).status).toBe(403);
  });

  it('puts two holds, which go with it', async () => {
    const { status, json } = await diff('held', { hold: true }, REVIEWER);
    expect(status).toBe(200);
    const held = async () =>
      (await service.ask('GET', '/api/v1/holds', undefined, READER)).json.items.filter(
        ({ label }: { label: string }) => label === 'held',
      );
    expect(await held()).toMatchObject([
      { name: `${json.id}-after`, from: at(120), to: new Date(BASE + 126_001).toISOString() },
      { name: `${json.id}-before`, from: at(10), to: new Date(BASE + 16_001).toISOString() },
    ]);
    const path = `${PATH}/${json.id}`;
    expect((await service.ask('DELETE', path, undefined, READER)).status).toBe(403);
    const gone = await service.ask('DELETE', path, undefined, REVIEWER);
    expect(gone.status).toBe(200);
    expect(gone.json.id).toBe(json.id);
    expect(await held()).toEqual([]);
    expect((await service.ask('GET', path, undefined, READER)).status).toBe(404);
  });
});

describe('the desk', () => {
  it('tells the metrics', async () => {
    await diff('kept');
    const { text } = await service.ask('GET', '/metrics', undefined, READER);
    expect(text).toMatch(/underlabel_diffs_total\{outcome="finished"\} [1-9]/);
    expect(text).toMatch(/underlabel_diff_duration_seconds_count [1-9]/);
    expect(text).toContain('underlabel_diffs_waiting 0');
  });

  it('has no room for one more, says so, and ends a diff whose client is gone', async () => {
    const module = `data:text/javascript,${encodeURIComponent('export function openDiffSource() { for (;;); }')}`;
    const app = await appUnderTest({
      seen: (store) => ({ ...store, diffSource: () => ({ module, given: null }) }),
    });
    await app.ask('PUT', labelPath('a'), { source: { kind: 'push' } });
    const body = JSON.stringify({ label: 'a', before: period(0, 1), after: period(1, 2) });
    const waiting = Array.from({ length: 17 }, () => {
      const headers = { 'content-type': 'application/json' };
      const sent = request(`${app.url}${PATH}`, { method: 'POST', headers });
      sent.on('error', () => {});
      sent.end(body);
      return sent;
    });
    const lined = async () =>
      (await app.metrics.text()).match(/^underlabel_diffs_(?:waiting|running) \d+$/gm)!;
    await expect.poll(lined).toEqual(['underlabel_diffs_waiting 16', 'underlabel_diffs_running 1']);
    const refused = await app.ask('POST', PATH, body);
    expect(refused.status).toBe(503);
    expect(refused.json.type).toBe('urn:underlabel:problem:diff-busy');
    expect(refused.headers.get('retry-after')).toBe('30');
    for (const sent of waiting) sent.destroy();
    await expect.poll(lined).toEqual(['underlabel_diffs_waiting 0', 'underlabel_diffs_running 0']);
    expect(app.errors).toEqual([]);
  });
});

it('traces that a saved diff names can be shown for ever, and others go', async () => {
  const app = await appUnderTest();
  await app.ask('PUT', labelPath('a'), { source: { kind: 'push' }, clockSkew: '0s' });
  for (const [artifact, second] of [
    ['a', 0],
    ['a', 100],
    ['b', 110],
    ['b', 200],
  ] as const) {
    const times = { requestedAt: at(second), receivedAt: at(second) };
    const files = filesNamed(artifact);
    await app.ask('POST', labelPath('a', '/observations?backfill=true'), { ...times, files });
  }
  const trace = (second: number, input: number) => {
    const times = { startedAt: at(second), endedAt: at(second) };
    return { id: `t${second}`, label: 'a', ...times, input, decision: second < 100 ? 'A' : 'B' };
  };
  await app.ask('POST', '/api/v1/traces', {
    traces: [trace(10, 1), trace(120, 1), trace(20, 7), trace(130, 8)],
  });
  const sides = { before: period(0, 100), after: period(110, 200) };
  const { json } = await app.ask('POST', PATH, { label: 'a', ...sides });
  expect(json.cases.length).toBe(1);
  const all = { label: 'a', before: BASE + 1_000_000, bytes: 0 };
  while ((await app.store.dropTraces(all, 1)) > 0);
  for (const [id, status] of [
    ['t10', 200],
    ['t120', 200],
    ['t20', 404],
    ['t130', 404],
  ] as const) {
    expect((await app.ask('GET', `/api/v1/traces/${id}`)).status, id).toBe(status);
  }
  await app.ask('DELETE', `${PATH}/${json.id}`);
  while ((await app.store.dropTraces(all, 1)) > 0);
  expect((await app.ask('GET', '/api/v1/traces/t10')).status).toBe(404);
});
