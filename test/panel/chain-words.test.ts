/** What the chain said of a blob: calm only where its storage is known to last, and told of the time that a page tells of. */
import { describe, expect, it } from 'vitest';
import type { ChainFact } from '../../src/walrus/chain-fact.ts';
import { systemClock } from '../../src/watch/clock.ts';
import { type AppUnderTest, appUnderTest } from '../http/app-under-test.ts';
import { blob, PUSHED, START } from '../store/opened.ts';
import { fact } from '../walrus/attempts.ts';

const HOUR = 3_600_000;
const YEARS = 50 * 365 * 24 * HOUR;
/** A day on. */
const clock = { ...systemClock, now: () => START + 24 * HOUR };
const LABEL = 'acme/chained';

/** A blob of which the chain said these, an hour apart; and what its page says, and that of its artifact. */
async function chained(
  ...said: Partial<ChainFact>[]
): Promise<AppUnderTest & { artifact: string }> {
  const app = await appUnderTest({ clock });
  const { store } = app;
  await store.putLabel(LABEL, PUSHED, START);
  const files = [{ path: 'gate.onnx', blobId: blob('x'), size: 12 }];
  const push = { files, backfill: false, requestedAt: START, receivedAt: START };
  const { observation } = await store.recordPush(LABEL, push, START);
  for (const [i, one] of said.entries()) {
    const at = START + i * HOUR;
    const answer = { fact: fact({ readAt: at, ...one }), askedAt: at, nextAt: at };
    await store.recordChainAnswers([answer], [], at);
  }
  return { ...app, artifact: `/artifacts/${observation.artifactId}` };
}

/** Its words of what the chain said: tone, title, word, in order. */
async function words({ ask }: AppUnderTest, path: string): Promise<string[]> {
  const { status, text } = await ask('GET', path, undefined, { accept: 'text/html' });
  expect(status).toBe(200);
  const all = [
    ...text.matchAll(/<span class="word (\w+)"[^>]*?title="([^"]*)">.*?<\/svg>([^<]*)</g),
  ];
  return all
    .filter(([, , , word]) => /^(certified|registered|deleted|expired)/.test(word!))
    .map(([, tone, title, word]) => `${tone}: ${word} (${title})`);
}

const BLOB = `/blobs/${blob('x')}`;

describe('certified', () => {
  it('is calm where its storage is known to last and nobody can delete it', async () => {
    const app = await chained({ endsAt: START + YEARS });
    const calm = 'calm: certified (The chain certified it, and by what it said its storage lasts)';
    expect(await words(app, BLOB)).toEqual([calm, calm]);
    expect(await words(app, app.artifact)).toEqual([calm]);
  });

  it('is open where nobody says until when it is stored, and says nothing of its lasting', async () => {
    const app = await chained({ endsAt: null, endEpoch: null });
    const open = 'open: certified (The chain certified it; how long it is stored is not known)';
    expect(await words(app, BLOB)).toEqual([open, open]);
    expect(await words(app, app.artifact)).toEqual([open]);
  });

  it('is open where its owner may delete it', async () => {
    const app = await chained({ endsAt: START + YEARS, deletable: true });
    const [first] = await words(app, BLOB);
    expect(first).toMatch(/^open: certified .* unless its owner deletes it before\)$/);
    expect(await words(app, app.artifact)).toEqual([first]);
  });

  it('is over where its storage has ended by what was said last, in the list as well', async () => {
    const app = await chained({ endsAt: START + HOUR });
    const over = expect.stringContaining('care: certified, storage over');
    expect(await words(app, BLOB)).toEqual([over, over]);
  });

  it('is told of no time but its own where the chain said something else since', async () => {
    const app = await chained({ endsAt: START + YEARS, deletable: true }, { status: 'deleted' });
    expect(await words(app, BLOB)).toEqual([
      expect.stringContaining('care: deleted'),
      expect.stringContaining('care: deleted'),
      'open: certified (So the chain said then; what it said later stands above)',
    ]);
  });
});

describe('as of a time', () => {
  it('an end that came later is not over yet, and one before it is', async () => {
    const app = await chained({ endsAt: START + 2 * HOUR });
    const asOf = (at: number) => `?asOf=${new Date(at).toISOString()}`;
    const [then] = await words(app, BLOB + asOf(START + HOUR));
    expect(then).toMatch(/^calm: certified/);
    expect(await words(app, app.artifact + asOf(START + HOUR))).toEqual([then]);
    for (const path of [BLOB, app.artifact]) {
      const [over] = await words(app, path + asOf(START + 3 * HOUR));
      expect(over).toMatch(/^care: certified, storage over/);
    }
    const { text } = await app.ask('GET', BLOB + asOf(START + HOUR), undefined, {
      accept: 'text/html',
    });
    expect(text).toContain('Storage ends about');
  });
});

describe('what the chain said before', () => {
  const said = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ endEpoch: 60 + i, endsAt: START + YEARS + i }));
  const html = { accept: 'text/html' };

  it('is listed as all there is only where it is all', async () => {
    const { ask } = await chained(...said(20));
    const { text } = await ask('GET', BLOB, undefined, html);
    expect(text).toContain('The newest first');
    expect(text).toContain('epoch 60');
  });

  it('is said to be cut where there is more of it', async () => {
    const { ask } = await chained(...said(21));
    const { text } = await ask('GET', BLOB, undefined, html);
    expect(text).toContain('The newest 20');
    expect(text).not.toContain('epoch 60');
  });
});
