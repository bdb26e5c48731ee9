/** Diffs as pages: the sides chosen, the report read down to one case, and its removal. */
import { beforeAll, describe, expect, it } from 'vitest';
import { DiffDesk } from '../../src/diff-desk/diff-desk.ts';
import { createPanel, SESSION_COOKIE } from '../../src/panel/panel.tsx';
import { diffsRoutes } from '../../src/panel/rooms/diffs.tsx';
import { appUnderTest } from '../http/app-under-test.ts';
import { labelPath, sharedService, type UnderTest } from '../http/service-under-test.ts';
import { opened, PUSHED, START } from '../store/opened.ts';
import { artifactNamed, at, history, see, send } from './traced.ts';

const service = sharedService();
const LABEL = 'og/volatility';
const [OLD, NEW] = [artifactNamed('a'), artifactNamed('b')];
const form = (fields: Record<string, string>, to: Pick<UnderTest, 'url'> = service, more = {}) =>
  fetch(`${to.url}/diffs`, {
    method: 'POST',
    redirect: 'manual',
    headers: { accept: 'text/html', origin: to.url, ...more },
    body: new URLSearchParams(fields),
  });
const formText = async (fields: Record<string, string>) => {
  const answer = await form(fields);
  return { status: answer.status, text: await answer.text() };
};
const made = async (fields: Record<string, string>) => {
  const answer = await form(fields);
  expect(answer.status, await answer.text()).toBe(303);
  return answer.headers.get('location')!;
};

/** Artifact a until 100 s, b from 110 s on. */
beforeAll(async () => {
  await history(service, LABEL, ['a', 0], ['a', 100], ['b', 110], ['b', 300]);
  const said = ['the transfer looks', 'usual', 'for this account'];
  const both = (input: number) => {
    const flips = input % 2 === 0;
    const output = (word: string, score: number) => ({ why: `${said[0]} ${word}`, score });
    return [
      {
        ...{ id: `old-${input}`, label: LABEL, second: 10 + input, input, decision: 'CLEAR' },
        output: input === 0 ? said.join(' ') : output('usual', 0.25),
      },
      {
        ...{ id: `new-${input}`, label: LABEL, second: 120 + input, input },
        decision: flips ? 'HOLD' : 'CLEAR',
        output: input === 0 ? said.join(' ').replace('usual', '\u202erare') : output('rare', 0.5),
      },
    ];
  };
  await send(service, ...Array.from({ length: 24 }, (_, input) => both(input)).flat());
});

describe('the list of diffs', () => {
  it('is empty at first, and says what to do', async () => {
    const { store, ask } = await appUnderTest();
    const { text } = await ask('GET', '/diffs', undefined, { accept: 'text/html' });
    expect(text).toContain('No diff was made yet.');
    expect(await store.diffs({ limit: 1, before: null })).toEqual([]);
  });

  it('names each with its verdict as a word, and its sides', async () => {
    await made({ label: LABEL, before: OLD, after: OLD });
    const { text, html } = await see(service, '/diffs');
    expect(text).toContain('identical');
    expect(text).toContain('24 shared inputs');
    expect(html).not.toMatch(/ style=/);
  });

  it('is narrowed to a label, or to labels called alike, and says so', async () => {
    await history(service, 'og/listed', ['a', 0], ['a', 100]);
    const path = await made({ label: 'og/listed', before: '2026-11-17', after: '2026-11-18' });
    const { links, text } = await see(service, '/diffs?of=og/lis*');
    expect(links.filter((link) => link.startsWith('/diffs/d_'))).toEqual([path]);
    expect(text).toContain('Of og/lis* alone.');
    expect((await see(service, '/diffs?of=og/listed')).html).toContain('value="og/listed"');
    expect((await see(service, '/diffs?of=og/none')).text).toContain(
      'No diff of a label called so is kept.',
    );
  });

  it('asks "did you mean" for a label that is not there', async () => {
    const { status, text } = await see(service, '/diffs?label=og/volatilty');
    expect(status).toBe(404);
    expect(text).toContain(`did you mean ${LABEL}?`);
  });
});

describe('the form', () => {
  it('chooses sides by links, and keeps what was chosen before', async () => {
    const path = `/diffs?label=${encodeURIComponent(LABEL)}&before=${OLD}&fields=%24.score`;
    const { links, text, html } = await see(service, path);
    const chosen = links.map((link) => new URL(link, service.url).searchParams);
    const after = chosen.find((params) => params.get('after') === NEW);
    expect(after?.get('before')).toBe(OLD);
    expect(after?.get('fields')).toBe('$.score');
    expect(text).toContain('✓ before');
    expect(text).toContain('the browser waits for the report');
    // Bands of the picture lead to the same.
    expect(html).toMatch(/<a href="[^"]*after=sha256[^"]*" aria-label="after: /);
  });

  it('stands beside what was compared of its label already, the newest ten of it', async () => {
    await history(service, 'og/kept', ['a', 0], ['a', 100]);
    const form = '/diffs?label=og/kept';
    expect((await see(service, form)).text).toContain('No report of this label is kept yet.');
    const days = Array.from({ length: 11 }, (_, i) => `2026-11-${String(i + 10)}`);
    const paths: string[] = [];
    for (const after of days) {
      paths.push(await made({ label: 'og/kept', before: '2026-11-01', after }));
    }
    const { links, text } = await see(service, form);
    const listed = links.filter((link) => link.startsWith('/diffs/d_'));
    expect(listed).toHaveLength(10);
    expect(paths).toEqual(expect.arrayContaining(listed));
    expect(text).toContain('nothing to compare 2026-11-01 00:00:00 UTC');
    expect(text).toContain('2026-11-20 00:00:00 UTC');
    expect(links).toContain('/diffs?of=og%2Fkept');
    const all = await see(service, '/diffs?of=og%2Fkept');
    const reports = all.links.filter((link) => link.startsWith('/diffs/d_'));
    expect(reports.sort()).toEqual(paths.sort());
  });

  it('counts the traces of the last 14 days of the zone', async () => {
    const now = Date.now();
    await service.ask('PUT', labelPath('og/days'), { source: { kind: 'push' } });
    await send(service, {
      ...{ id: 'today', label: 'og/days' },
      startedAt: new Date(now).toISOString(),
      endedAt: new Date(now).toISOString(),
    });
    const { text } = await see(service, '/diffs?label=og/days');
    const today = new Date(now).toISOString().slice(0, 10);
    expect(text).toMatch(new RegExp(`${today} \\(not over\\) 1 beforeafter`));
    expect(text.match(/\d{4}-\d\d-\d\d (\(not over\) )?\d+ beforeafter/g)).toHaveLength(14);
  });

  it('tells each mistake at its field, and keeps what was typed', async () => {
    const { status, text } = await formText({
      ...{ label: LABEL, before: '<script>', afterFrom: 'soon', fields: '$.ok\nscore' },
      ...{ minEffect: '0', across: 'yes' },
    });
    expect(status).toBe(400);
    expect(text).toContain('is no artifact id');
    expect(text).toContain('value="&lt;script&gt;"');
    expect(text).toMatch(/After: from: .*is no time/);
    expect(text).toContain('After: to: is needed too');
    expect(text).toContain('Fields: line 2: a field is a path');
    expect(text).toContain('is a number of points above 0 and below 100');
    expect(text).toMatch(/name="across" value="yes" checked/);
  });

  it('refuses an artifact that the label never held, at its field', async () => {
    const { status, text } = await formText({
      ...{ label: LABEL, before: artifactNamed('z'), after: NEW },
    });
    expect(status).toBe(400);
    expect(text).toContain('never held sha256:');
    expect(text).toMatch(/id="before-field"[^>]*aria-invalid="true"/);
  });

  it('names the artifacts of a mixed period with their shares, and links that choose one', async () => {
    const { status, text } = await formText({
      ...{ label: LABEL, beforeFrom: at(0), beforeTo: at(300), after: NEW },
    });
    expect(status).toBe(409);
    expect(text).toContain('2 artifacts');
    expect(text).toContain('24 traces (50 %)');
    expect(text).toMatch(/href="[^"]*before=sha256[^"]*">take it as before/);
    expect(text).toMatch(/href="[^"]*across=yes[^"]*">allow the mix/);
  });

  it('takes a day of the zone as a side', async () => {
    const path = await made({ label: LABEL, before: OLD, after: '2026-11-17', across: 'yes' });
    const { text } = await see(service, path);
    expect(text).toContain('2026-11-17 00:00:00 UTC to 2026-11-18 00:00:00 UTC');
  });

  it('says so where as many diffs wait as may, and keeps what was typed', async () => {
    const { store } = opened();
    await store.putLabel('og/busy', PUSHED, START);
    const door = {
      ...{ signIn: null, signOut() {}, roleOf: () => null, refuseForeign() {} },
      isLoopback: () => true,
    };
    const asProblem = (error: unknown) => ({ status: 500, title: 'bug', detail: String(error) });
    const panel = createPanel({ door, now: () => START, asProblem });
    diffsRoutes(panel, { store, diffDesk: new DiffDesk({ mostWaiting: 0 }), now: () => START });
    const fields = { label: 'og/busy', before: '2026-11-16', after: '2026-11-17' };
    const answer = await panel.app.request('http://localhost/diffs', {
      method: 'POST',
      headers: { origin: 'http://localhost' },
      body: new URLSearchParams(fields),
    });
    const text = await answer.text();
    expect(answer.status).toBe(503);
    expect(text).toContain('Too many diffs are waiting');
    expect(text).toContain('ask again in a minute');
    expect(text).toContain('value="2026-11-16"');
  });
});

describe('the report', () => {
  const fields = { label: LABEL, before: OLD, after: NEW, fields: '$.score' };

  it('begins with verdict and sentence, and shows what they rest on', async () => {
    const { text, html, links, status } = await see(service, await made(fields));
    expect(status).toBe(200);
    expect(text).toContain('CHANGED: beyond chance');
    expect(text).toContain('24 shared inputs');
    expect(text).toContain('12 flipped');
    expect(text).toContain('What changed inside the artifact');
    expect(text).toContain('Tests of decision');
    expect(text).toContain('mcnemar-exact');
    expect(html).toContain('<svg class="effect"');
    expect(html).toContain('class="chart spread"');
    expect(html).toContain('class="matrix"');
    expect(html).not.toMatch(/ style=/);
    expect(links.some((link) => link.includes('/compare/'))).toBe(true);
    for (const format of ['json', 'markdown', 'junit']) {
      const link = links.find((one) => one.includes(`format=${format}`))!;
      expect((await service.ask('GET', link)).status).toBe(200);
    }
  });

  it('leads from a cell of the matrix to its cases, side by side', async () => {
    const path = await made(fields);
    const { links } = await see(service, path);
    const cell = links.find((link) => link.includes('cell='))!;
    const { text, html } = await see(service, cell);
    expect(text).toContain('CLEAR → HOLD');
    expect(text).toContain('12 inputs whose decision went this way.');
    expect(html).toContain('/traces/old-2');
    const row = /<th scope="row">(\d+)<\/th><td><a class="id" href="\/traces\/old-0"/.exec(html)!;
    expect(html).toMatch(/<del>.*removed.*usual.*<\/del>/);
    const last = await see(service, `${cell}&from=11`);
    expect(last.text).toContain('12. flipped: CLEAR → HOLD');
    const first = await see(service, `${cell}&from=${Number(row[1]) - 1}`);
    expect(first.text).toMatch(/\[removed: +usual ?\]/);
    expect(first.text).toContain('⟨U+202E⟩');
    expect(first.html).not.toContain('\u202e');
  });

  it('says so where a trace of a cell is gone', async () => {
    const { store, ask } = await appUnderTest();
    await store.putLabel('og/gone', PUSHED, START);
    const { madeReport, column, cell } = await import('../diff/made-report.ts');
    const matrix = [cell('A', 'B', 1, { cases: [{ before: 'gone-1', after: 'gone-2' }] })];
    const id = `d_${'1'.repeat(24)}`;
    const report = madeReport({ id, label: 'og/gone', columns: [column({ matrix })] });
    await store.saveDiff(
      {
        ...{ id, label: 'og/gone', verdict: 'changed', summary: 's', named: [], hold: null },
        ...{ before: '{"artifact":"x"}', after: '{"artifact":"x"}' },
        report: new TextEncoder().encode(JSON.stringify(report)),
      },
      START,
    );
    const path = `/diffs/${id}?column=0&cell=0`;
    const { text } = await ask('GET', path, undefined, { accept: 'text/html' });
    expect(text).toContain('One of its traces is gone');
  });

  it('shows one column or one case alone, and no part that there isn’t', async () => {
    const path = await made(fields);
    expect((await see(service, `${path}?column=1`)).text).toContain('$.score');
    expect((await see(service, `${path}?case=0`)).text).toContain('The whole report');
    for (const part of ['column=99', 'case=99', 'column=0&cell=99']) {
      expect((await see(service, `${path}?${part}`)).status).toBe(404);
    }
    expect((await see(service, '/diffs/d_nothing')).status).toBe(404);
  });

  it('leads back to the form with what was asked', async () => {
    const { links } = await see(service, await made({ ...fields, minEffect: '2.5' }));
    const again = links.find((link) => link.includes('minEffect'))!;
    const { html, text } = await see(service, again);
    expect(html).toContain(`value="${OLD}"`);
    expect(html).toContain('value="2.5"');
    expect(text).toContain('$.score');
  });

  it('goes once it is let go of, which is asked for twice', async () => {
    const path = await made({ label: LABEL, before: NEW, after: OLD });
    const { text } = await see(service, `${path}/remove`);
    expect(text).toContain('Remove this report?');
    const headers = { origin: service.url, 'content-type': 'application/x-www-form-urlencoded' };
    await service.ask('POST', `${path}/remove`, '', { accept: 'text/html', ...headers });
    expect((await see(service, path)).status).toBe(404);
  });
});

it('who may only read makes diffs, but holds and removes none', async () => {
  const app = await appUnderTest({ keys: [{ role: 'read', secret: 'readreadreadrea1' }] });
  await app.store.putLabel('og/read', PUSHED, START);
  const entered = await fetch(`${app.url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: app.url },
    body: new URLSearchParams({ key: 'readreadreadrea1' }),
  });
  const session = entered.headers.getSetCookie().find((one) => one.startsWith(SESSION_COOKIE))!;
  const cookie = { cookie: session.split(';')[0]! };
  const fields = { label: 'og/read', before: '2026-11-16', after: '2026-11-17' };
  const held = await form({ ...fields, hold: 'yes' }, app, cookie);
  expect(held.status).toBe(403);
  const answer = await form(fields, app, cookie);
  expect(answer.status).toBe(303);
  const path = answer.headers.get('location')!;
  const shown = await app.ask('GET', path, undefined, { accept: 'text/html', ...cookie });
  expect(shown.text).toContain('nothing to compare');
  expect(shown.text).not.toContain('/remove');
  const removal = { accept: 'text/html', origin: app.url, ...cookie };
  const typed = { ...removal, 'content-type': 'application/x-www-form-urlencoded' };
  expect((await app.ask('POST', `${path}/remove`, '', typed)).status).toBe(403);
});
