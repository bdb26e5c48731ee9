/** Artifacts, blobs and comparisons: facts that stay apart, and nothing shown calmer than it is. */
import { expect, it } from 'vitest';
import type { Inspection } from '../../src/inspect/inspection.ts';
import type { ManifestFile } from '../../src/lineage/manifest.ts';
import { type AppUnderTest, appUnderTest } from '../http/app-under-test.ts';
import { blob, PUSHED, START } from '../store/opened.ts';
import { A, B, fact, mismatch, unavailable, verified } from '../walrus/attempts.ts';

const LABEL = 'acme/risk-gate';
const HOUR = 3_600_000;

async function pushed(
  { store }: AppUnderTest,
  files: Pick<ManifestFile, 'path' | 'blobId'>[],
  at: number,
  label = LABEL,
): Promise<string> {
  if (!(await store.label(label))) await store.putLabel(label, PUSHED, at);
  const all = files.map((file) => ({ ...file, size: 12 }));
  const push = { files: all, backfill: false, requestedAt: at, receivedAt: at };
  const { observation } = await store.recordPush(label, push, at);
  return observation.artifactId!;
}

async function page({ ask }: AppUnderTest, path: string): Promise<string> {
  const { status, text } = await ask('GET', path, undefined, { accept: 'text/html' });
  expect([path, status]).toEqual([path, 200]);
  return text;
}

const gate = (name: string) => [{ path: 'gate.safetensors', blobId: blob(name) }];

it('an artifact tells its labels, its files and its traces, and offers those beside it', async () => {
  const app = await appUnderTest();
  const before = await pushed(app, gate('x'), START);
  const after = await pushed(app, gate('w'), START + 30_000);
  const text = await page(app, `/artifacts/${encodeURIComponent(before)}`);
  expect(text).toContain(before);
  expect(text).toContain(`data-copy="${before}"`);
  expect(text).toContain(`data-copy="${blob('x')}"`);
  expect(text).toContain('href="/labels/acme%2Frisk-gate"');
  expect(text).toContain(`/traces?q=${encodeURIComponent(`artifact:${before}`)}`);
  expect(text).toContain(`<option value="${after}">`);
  expect(text).toContain('unchecked');
  // The other one is there still, as far as anybody knows: said as of its last confirmation.
  expect(await page(app, `/artifacts/${after}`)).toContain('still there');
});

it('verified, retrievable and certified are told apart, and a mismatch is never told calmly', async () => {
  const app = await appUnderTest();
  const id = await pushed(app, gate('x'), START);
  const { store } = app;
  await store.recordVerification(
    { blobId: blob('x'), attempts: [verified()], nextAt: null },
    START,
  );
  await store.recordChainAnswers(
    [{ fact: fact({ endsAt: START + HOUR }), askedAt: START, nextAt: START }],
    [],
    START,
  );
  const before = await page(app, `/blobs/${blob('x')}`);
  expect(before).not.toContain('Mismatch');
  // By the chain's last word its storage is over by now, whatever it certified.
  expect(before).toContain('certified, storage over');
  const attempts = [mismatch(), verified({ aggregator: B })];
  await store.recordVerification({ blobId: blob('x'), attempts, nextAt: null }, START + HOUR);
  for (const path of [`/blobs/${blob('x')}`, `/artifacts/${id}`]) {
    const text = await page(app, path);
    expect(text).toContain('Mismatch');
    expect(text).toContain('notice alarm');
    expect(text).toContain(A);
  }
  const now = await page(app, `/blobs/${blob('x')}`);
  expect(now).toContain('The right bytes came');
  expect(now).toContain(blob('y'));
});

it('as of a time leaves out what was found out later, and says so', async () => {
  const app = await appUnderTest();
  const id = await pushed(app, gate('x'), START);
  const { store } = app;
  const run = (attempts: ReturnType<typeof verified>[], at: number) =>
    store.recordVerification({ blobId: blob('x'), attempts, nextAt: null }, at);
  await run([unavailable()], START);
  await run([mismatch()], START + HOUR);
  for (const path of [`/blobs/${blob('x')}`, `/artifacts/${id}`]) {
    const asOf = new Date(START + 1000).toISOString();
    const text = await page(app, `${path}?asOf=${encodeURIComponent(asOf)}`);
    expect(text).toContain('As of');
    expect(text).not.toContain('notice alarm');
    expect(text).toContain('unavailable');
    expect(text).toContain(`value="${asOf}"`);
    const html = { accept: 'text/html' };
    const { status, text: unread } = await app.ask('GET', `${path}?asOf=thursday`, undefined, html);
    expect(status).toBe(400);
    expect(unread).toContain('is no time');
    expect(unread).toContain('notice alarm');
  }
});

it('files that need somebody come first, a page stays small, and hostile names are inert', async () => {
  const app = await appUnderTest();
  const files = Array.from({ length: 400 }, (_, i) => ({
    path: `a${String(i).padStart(3, '0')}/${'\u202e<script>alert(1)</script>'.repeat(30)}`,
    blobId: blob(`b${i}`),
  }));
  const id = await pushed(app, files, START);
  const bad = { blobId: blob('b399') };
  await app.store.recordVerification(
    {
      ...bad,
      attempts: [mismatch({ ...bad, aggregator: 'https://x.example"><script>' })],
      nextAt: null,
    },
    START,
  );
  const text = await page(app, `/artifacts/${id}`);
  expect(text.length).toBeLessThan(100_000);
  expect(text.indexOf(blob('b399'))).toBeLessThan(text.indexOf(blob('b0')));
  expect(text).not.toContain('<script>alert');
  expect(text).not.toContain('"><script>');
  expect(text).not.toContain('\u202e');
  expect(text).toContain('⟨U+202E⟩');
  const last = await page(app, `/artifacts/${id}?files=14`);
  expect(last).toContain('391 to 400 of 400 files');
  expect(last).not.toContain('More files');
});

it('a comparison tells what changed inside with what that rests on, and what nobody looked into', async () => {
  const app = await appUnderTest();
  const tensors = (names: string[]): Inspection => ({
    format: 'safetensors',
    tensors: Object.fromEntries(names.map((name) => [name, { dtype: 'F32', shape: [2] }])),
    parameters: 2 * names.length,
    metadata: {},
    structure: names.join(),
  });
  const before = await pushed(app, [...gate('x'), { path: 'old.txt', blobId: blob('o') }], START);
  const after = await pushed(app, gate('w'), START + 1);
  const path = `/compare/${encodeURIComponent(before)}/${encodeURIComponent(after)}`;
  const blind = await page(app, path);
  expect(blind).toContain('its bytes were never fetched');
  expect(blind).toContain('Look inside now');
  await app.store.recordInspection(blob('x'), 'verified', tensors(['day', 'night']), START);
  await app.store.recordInspection(blob('w'), 'unverified', tensors(['day', '<b>\u202e']), START);
  const text = await page(app, path);
  expect(text).toContain('of verified bytes');
  expect(text).toContain('of unverified bytes');
  expect(text).toContain('Tensor removed');
  expect(text).toContain('night');
  expect(text).toContain('&lt;b&gt;⟨U+202E⟩');
  expect(text).toContain('Removed (1)');
  expect(text).toContain('old.txt');
  const chosen = await app.ask('GET', `/compare?after=${after}&before=${before}`, undefined, {
    accept: 'text/html',
  });
  expect(chosen.text).toContain('What changed inside');
});

it('a comparison of many files stays small', async () => {
  const app = await appUnderTest();
  const many = (side: string) =>
    Array.from({ length: 100 }, (_, i) => ({
      path: `${String(i).padStart(3, '0')}${'&'.repeat(900)}`,
      blobId: blob(`${side}${i}`),
    }));
  const before = await pushed(app, many('x'), START);
  const after = await pushed(app, many('w'), START + 1);
  const inspection = (side: string): Inspection => ({
    format: 'safetensors',
    tensors: Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [
        `${side}${i}${'&'.repeat(300)}`,
        { dtype: 'F32', shape: [2] },
      ]),
    ),
    parameters: 120,
    metadata: {},
    structure: side,
  });
  for (let i = 0; i < 20; i++) {
    await app.store.recordInspection(blob(`x${i}`), 'verified', inspection('x'), START);
    await app.store.recordInspection(blob(`w${i}`), 'verified', inspection('w'), START);
  }
  const path = `/compare/${before}/${after}`;
  const text = await page(app, path);
  expect([text.length < 100_000, text.length]).toEqual([true, text.length]);
  const one = await page(app, `${path}?file=0`);
  expect(one).toContain('All files');
  expect(one.match(/Tensor added/g)?.length).toBeGreaterThan(8);
});

it.each([
  ['/artifacts/x', 'is no artifact id'],
  [`/artifacts/sha256:${'0'.repeat(64)}`, 'No reading saw'],
  ['/blobs/x', 'not a Walrus Blob ID'],
  [`/blobs/${blob('x')}`, 'underlabel verify'],
  [`/compare/sha256:${'0'.repeat(64)}/x`, 'No reading saw'],
  ['/changes/9-9', 'There is no change'],
  ['/alerts/channels/%3Cb%3E', 'There is no channel'],
  ['/alerts/deliveries/7', 'There is no delivery'],
])('%s is a page that says what is not there, and what to do', async (path, words) => {
  const { ask } = await appUnderTest();
  const { status, text } = await ask('GET', path, undefined, { accept: 'text/html' });
  expect([status, text.includes(words)]).toEqual([404, true]);
  expect(text).not.toContain('<b>');
});

it.each([
  ['/changes/9-9', '/changes'],
  ['/alerts/channels/gone', '/alerts'],
  ['/alerts/deliveries/7', '/alerts#deliveries'],
  [`/diffs/d_${'0'.repeat(24)}`, '/diffs'],
])('%s leads to the list of what there is', async (path, list) => {
  const { ask } = await appUnderTest();
  const { text } = await ask('GET', path, undefined, { accept: 'text/html' });
  const main = text.slice(text.indexOf('<main'), text.indexOf('</main>'));
  expect(main).toContain(`<a href="${list}">All `);
});

it('without a network a check is refused in words, and a foreign page can ask for none', async () => {
  const app = await appUnderTest();
  await pushed(app, gate('x'), START);
  const form = { 'content-type': 'application/x-www-form-urlencoded', origin: app.url };
  const path = `/blobs/${blob('x')}/verify`;
  const refused = await app.ask('POST', path, '', form);
  expect([refused.status, refused.text.includes('UNDERLABEL_WALRUS')]).toEqual([409, true]);
  const foreign = await app.ask('POST', path, '', { ...form, origin: 'https://evil.example' });
  expect(foreign.status).toBe(403);
});
