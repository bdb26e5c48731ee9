/** Two artifacts whose ids begin alike: whoever fills a label can make such a pair in a minute, and no page takes one for the other. */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/watch/clock.ts';
import { shortIds } from '../../src/words/short-ids.ts';
import { type AppUnderTest, appUnderTest } from '../http/app-under-test.ts';
import { PUSHED, START } from '../store/opened.ts';

const LABEL = 'acme/twins';
const SECOND = 1000;
/** Blobs of one file each, found by trying: the first 12 digits of the artifacts' ids are the same. */
const [ONE, OTHER] = [138466168294303, 46618909926245].map((number) => {
  const bytes = Buffer.alloc(32);
  bytes.writeUIntBE(number, 26, 6);
  return bytes.toString('base64url');
}) as [string, string];

async function twins() {
  const time = { now: START + 60 * SECOND };
  const app = await appUnderTest({ clock: { ...systemClock, now: () => time.now } });
  await app.store.putLabel(LABEL, PUSHED, START);
  const push = async (blobId: string, at: number) => {
    const files = [{ path: 'model.onnx', blobId, size: null }];
    const given = { files, backfill: true, requestedAt: at, receivedAt: at };
    const { observation } = await app.store.recordPush(LABEL, given, time.now);
    return observation.artifactId!;
  };
  return { ...app, time, push };
}

async function see({ ask }: Pick<AppUnderTest, 'ask'>, path: string): Promise<string> {
  const { status, text } = await ask('GET', path, undefined, { accept: 'text/html' });
  expect([path, status]).toEqual([path, 200]);
  return text;
}

async function trace({ ask }: Pick<AppUnderTest, 'ask'>, at: number): Promise<void> {
  const time = new Date(at).toISOString();
  await ask('POST', '/api/v1/traces', {
    traces: [{ id: 't-1', label: LABEL, startedAt: time, endedAt: time }],
  });
}

describe('artifacts whose ids begin alike', () => {
  it('are told apart in what was known then and is known now', async () => {
    const app = await twins();
    const one = await app.push(ONE, START);
    await trace(app, START + 10 * SECOND);
    const then = app.time.now;
    app.time.now += SECOND;
    const other = await app.push(OTHER, START + 5 * SECOND);
    const text = await see(app, `/traces/t-1?asOf=${new Date(then).toISOString()}`);
    expect(text).not.toContain('Nothing that became known since');
    const row = /<tr><th scope="row">Artifact<\/th>.*?<\/tr>/.exec(text)?.[0];
    expect(row).toContain(`>${one.slice(7, 23)}<`);
    expect(row).toContain(`>${other.slice(7, 23)}<`);
  });

  it('stand with their whole ids where they are candidates of a trace', async () => {
    const app = await twins();
    const ids = [await app.push(ONE, START), await app.push(OTHER, START + 20 * SECOND)];
    await trace(app, START + 10 * SECOND);
    const text = await see(app, '/traces/t-1');
    for (const id of ids) expect(text).toContain(`<code>${id}</code>`);
  });

  it('stand with their whole ids on the pages of a change and of a comparison, and to choose from', async () => {
    const app = await twins();
    const ids = [await app.push(ONE, START), await app.push(OTHER, START + 20 * SECOND)];
    const filter = { label: null, from: null, to: null, limit: 1, before: null };
    const [change] = await app.store.changes(filter);
    const pages = [
      await see(app, `/changes/${change!.id}`),
      await see(app, `/compare/${ids[0]}/${ids[1]}`),
    ];
    for (const text of pages) {
      for (const id of ids) expect(text).toContain(`<code>${id}</code>`);
    }
    expect(await see(app, `/artifacts/${ids[1]}`)).toMatch(
      new RegExp(`<option value="${ids[0]}">${ids[0]!.slice(7, 23)}, `),
    );
  });
});

describe('the short form of ids that stand together', () => {
  const id = (digits: string) => `sha256:${digits.padEnd(64, '0')}`;

  it('is 12 digits, and longer only where those are the same', () => {
    const [a, b, c] = [id('aaaaaaaaaaaaaaaa'), id('aaaaaaaaaaaabbbb'), id('cc')] as const;
    expect(shortIds([a, c, null])(a)).toBe('a'.repeat(12));
    expect(shortIds([a, b])(b)).toBe('aaaaaaaaaaaabbbb');
    expect(shortIds([a, a])(a)).toBe('a'.repeat(12));
    const last = [id('f'.repeat(63)), id('f'.repeat(64))] as const;
    expect(last.map(shortIds(last))).toEqual(last.map((one) => one.slice(7)));
  });
});
