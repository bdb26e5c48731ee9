import { cpSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lost as lostTable } from '#schema';
import {
  type Attribution,
  attribute,
  type Lost,
  spanOf,
  viewOf,
} from '../../src/lineage/attribution.ts';
import type { Reading } from '../../src/lineage/reading.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/index.ts';
import type { TraceFilter, TraceKey } from '../../src/store/store.ts';
import { histories, lostStretches, readingsOf } from '../lineage/histories.ts';
import { artifact, blob, files, newFolder, PUSHED, START, trace, unhurried } from './opened.ts';

/** The blobs of each artifact. Some hold more than one, and some share one. */
const HOLDINGS: Record<string, string[]> = { A: ['a', 'shared'], B: ['b', 'shared'], C: ['c'] };
const idOf = (letter: string) => artifact(...HOLDINGS[letter]!);

const NAMES = ['og/volatility', 'og/vol', 'hub:volatility', 'never-registered'] as const;
type Name = (typeof NAMES)[number];

const LATEST = 24;

interface ToldLabel {
  registered: boolean;
  readings: Reading[];
  clockSkew: number;
  servingLag: number;
}

interface ToldTrace {
  id: string;
  label: Name;
  startedAt: number;
  endedAt: number;
  decision: string | null;
  blobId: string | null;
}

const label = fc.record({
  registered: fc.constant(true),
  readings: histories(9),
  clockSkew: fc.nat({ max: 3 }),
  servingLag: fc.nat({ max: 2 }),
});

const UNREAD = { registered: false, readings: [], clockSkew: 0, servingLag: 0 };
const told: fc.Arbitrary<Record<Name, ToldLabel>> = fc.record({
  'og/volatility': label,
  'og/vol': label,
  'hub:volatility': label,
  'never-registered': fc.constant(UNREAD),
});

/** Many begin at one instant, so that their ids must order them; beyond U+FFFF that is where orders part. */
const id = fc.string({
  unit: fc.constantFrom('a', 'Z', '0', '-', 'é', '\uff71', '😀', '\u{20000}'),
  minLength: 1,
  maxLength: 4,
});

const traces = fc.uniqueArray(
  fc
    .record({
      id,
      label: fc.constantFrom(...NAMES),
      startedAt: fc.oneof(fc.nat({ max: LATEST }), fc.constantFrom(5, 9)),
      lasted: fc.oneof(
        { weight: 4, arbitrary: fc.nat({ max: 4 }) },
        { weight: 1, arbitrary: fc.nat({ max: LATEST }) },
      ),
      decision: fc.constantFrom(null, 'HOLD', 'CLEAR'),
      blobId: fc.constantFrom(null, null, 'a', 'b', 'c', 'shared', 'unknown'),
    })
    .map(
      ({ lasted, blobId, ...rest }): ToldTrace => ({
        ...rest,
        endedAt: rest.startedAt + lasted,
        blobId: blobId && blob(blobId),
      }),
    ),
  { selector: (one) => one.id, maxLength: 40, size: 'max' },
);

const maybe = <T>(arbitrary: fc.Arbitrary<T>, freq = 4) =>
  fc.option(arbitrary, { nil: undefined, freq });

const OBSERVED = ['bracketed', 'provisional', 'ambiguous', 'unobserved'] as const;
const observed = fc.constantFrom(...OBSERVED);
const holder = fc.constantFrom('A', 'B', 'C').map(idOf);

const filter: fc.Arbitrary<TraceFilter> = fc
  .oneof(
    // One at a time …
    fc.oneof(
      fc.constantFrom('og/*', '*vol*', '*', 'og/vo?', '???????????????', '*-*', '').map((glob) => ({
        label: glob,
      })),
      holder.map((artifactId) => ({ artifact: artifactId })),
      fc.oneof(holder, fc.constant('absent')).map((candidate) => ({ candidate })),
      fc.oneof(observed, fc.constantFrom('declared', 'proven')).map((certainty) => ({ certainty })),
      observed.map((word) => ({ observed: word })),
      fc.boolean().map((conflict) => ({ conflict })),
      fc.constantFrom('HOLD', 'CLEAR', 'other').map((decision) => ({ decision })),
    ),
    // … and any of them together.
    fc.record({
      label: maybe(fc.constantFrom('og/*', '*vol*', 'og/vol')),
      artifact: maybe(holder),
      candidate: maybe(fc.oneof(holder, fc.constant('absent'))),
      certainty: maybe(fc.oneof(observed, fc.constant('declared'))),
      observed: maybe(observed),
      decision: maybe(fc.constantFrom('HOLD', 'CLEAR')),
      conflict: maybe(fc.boolean()),
    }),
  )
  .chain((one) =>
    fc
      .record({
        from: fc.option(fc.nat({ max: LATEST }), { freq: 3 }),
        to: fc.option(fc.nat({ max: LATEST }), { freq: 3 }),
      })
      .map(
        ({ from, to }) =>
          ({
            ...one,
            from: from === null ? null : START + from,
            to: to === null ? null : START + to,
          }) as TraceFilter,
      ),
  );

/** What each run begins with: making the tables waits for the disk. */
const empty = newFolder();
beforeAll(() => openSqliteStore(empty).close());
afterAll(() => rmSync(empty, { recursive: true }));

async function record(store: SqliteStore, labels: Record<Name, ToldLabel>, sent: ToldTrace[]) {
  const now = START + 1_000_000;
  for (const [name, { registered, readings, clockSkew, servingLag }] of Object.entries(labels)) {
    if (!registered) continue;
    await store.putLabel(name, { ...PUSHED, clockSkew, servingLag }, now);
    for (const { artifactId: letter, requestedAt, receivedAt } of readings) {
      const instants = { requestedAt: START + requestedAt, receivedAt: START + receivedAt };
      const held = letter === null ? null : files(...HOLDINGS[letter]!);
      await store.recordPush(name, { ...instants, files: held, backfill: true }, now);
    }
  }
  const { outcomes } = await store.ingest(
    sent.map(({ startedAt, endedAt, ...rest }) =>
      trace({ ...rest, startedAt: START + startedAt, endedAt: START + endedAt }),
    ),
    now,
  );
  expect(new Set(outcomes).size).toBeLessThanOrEqual(1);
}

/** As an opened store has them that recognised itself as an older copy, and so once more. */
async function lose(folder: string, store: SqliteStore, lost: readonly Lost[]) {
  for (const [i, stretch] of lost.entries()) {
    store.db
      .insert(lostTable)
      .values({ ...stretch, recordedAt: START + i })
      .run();
  }
  await store.close();
  return unhurried(openSqliteStore(folder));
}

/** What the heart says of a trace. */
function attributed(
  labels: Record<Name, ToldLabel>,
  one: ToldTrace,
  lost: readonly Lost[],
): Attribution {
  const { readings, clockSkew, servingLag } = labels[one.label];
  const tolerance = { clockSkewMs: clockSkew, servingLagMs: servingLag };
  const span = spanOf(START + one.startedAt, START + one.endedAt, tolerance);
  const known = readings.map((reading) => ({
    ...reading,
    requestedAt: START + reading.requestedAt,
    receivedAt: START + reading.receivedAt,
    artifactId: reading.artifactId && idOf(reading.artifactId),
  }));
  const view = viewOf(known, span, lost);
  if (one.blobId === null) return attribute(view);
  const held = Object.entries(HOLDINGS)
    .filter(([letter, blobs]) => {
      const isUnder = readings.some((reading) => reading.artifactId === letter);
      return isUnder && blobs.some((name) => blob(name) === one.blobId);
    })
    .map(([letter]) => idOf(letter));
  return attribute(view, { blobId: one.blobId, proven: false, holders: held });
}

/** The contract's filters, said plainly. */
function matches(one: ToldTrace, attribution: Attribution, wanted: TraceFilter): boolean {
  const startedAt = START + one.startedAt;
  const glob = wanted.label
    ?.split('')
    .map((char) => ({ '*': '.*', '?': '.' })[char] ?? `[${char}]`)
    .join('');
  const candidate = wanted.candidate === 'absent' ? null : wanted.candidate;
  return (
    (glob === undefined || new RegExp(`^(${glob})$`).test(one.label)) &&
    (wanted.artifact === undefined || attribution.artifactId === wanted.artifact) &&
    (candidate === undefined || attribution.candidates.includes(candidate)) &&
    (wanted.certainty === undefined || attribution.certainty === wanted.certainty) &&
    (wanted.observed === undefined || attribution.observed === wanted.observed) &&
    (wanted.decision === undefined || one.decision === wanted.decision) &&
    (wanted.conflict === undefined || attribution.conflict === wanted.conflict) &&
    (wanted.from === null || startedAt >= wanted.from) &&
    (wanted.to === null || startedAt < wanted.to)
  );
}

/** By start, then by id: by code points, as UTF-8 orders them. */
function newestFirst(a: ToldTrace, b: ToldTrace): number {
  return b.startedAt - a.startedAt || Buffer.compare(Buffer.from(b.id), Buffer.from(a.id));
}

/** Every page there is. */
async function listed(store: SqliteStore, wanted: TraceFilter, limit: number) {
  const items: { id: string; attribution: Attribution }[] = [];
  let before: TraceKey | null = null;
  do {
    const page = await store.traces(wanted, { limit, before });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items.map(({ id: at, attribution }) => ({ id: at, attribution })));
    before = page.next;
  } while (before !== null);
  return items;
}

async function expectLists(
  labels: Record<Name, ToldLabel>,
  sent: ToldTrace[],
  asked: readonly [TraceFilter, number][],
  lost: readonly Lost[],
): Promise<void> {
  const folder = newFolder();
  cpSync(empty, folder, { recursive: true });
  let store = unhurried(openSqliteStore(folder));
  try {
    await record(store, labels, sent);
    if (lost.length > 0) store = await lose(folder, store, lost);
    const all = sent
      .toSorted(newestFirst)
      .map((one) => ({ one, attribution: attributed(labels, one, lost) }));
    for (const [wanted, limit] of asked) {
      const expected = all
        .filter(({ one, attribution }) => matches(one, attribution, wanted))
        .map(({ one, attribution }) => ({ id: one.id, attribution }));
      expect(await listed(store, wanted, limit)).toEqual(expected);
    }
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

describe('a list of traces, page by page, is what the filter leaves of all attributions, newest first', () => {
  const filters = (mostLimit: number) =>
    fc.array(fc.tuple(filter, fc.integer({ min: 1, max: mostLimit })), {
      minLength: 12,
      maxLength: 12,
    });

  test('on whole histories', async () => {
    await fc.assert(
      fc.asyncProperty(told, traces, filters(7), async (labels, sent, asked) => {
        await expectLists(labels, sent, asked, []);
      }),
      { numRuns: 20 },
    );
  });

  // Every short trace, so that those between what is lost and the readings around it are there.
  const everywhere = Array.from({ length: 4 * LATEST }, (_, i): ToldTrace => {
    const startedAt = i >> 2;
    const blobId = [null, null, blob('a'), null, blob('shared'), null, blob('unknown')][i % 7]!;
    const decision = i % 3 === 0 ? 'HOLD' : null;
    return {
      id: `${i}`,
      label: 'og/vol',
      startedAt,
      endedAt: startedAt + (i % 4),
      decision,
      blobId,
    };
  });

  test('on histories of which stretches are lost', async () => {
    // Mostly one artifact: what is lost cuts through its runs.
    const step = fc.record({
      gap: fc.nat({ max: 3 }),
      length: fc.nat({ max: 2 }),
      artifactId: fc.constantFrom('A', 'A', 'A', 'A', 'B', null),
    });
    const cutLabel = fc.record({
      registered: fc.constant(true),
      readings: fc.array(step, { minLength: 9, maxLength: 12 }).map(readingsOf),
      clockSkew: fc.nat({ max: 1 }),
      servingLag: fc.nat({ max: 1 }),
    });
    const lost = lostStretches(3, { gap: 8, length: 3 }).map((stretches) =>
      stretches.map(({ from, to }) => ({ from: START + from, to: START + to })),
    );
    await fc.assert(
      fc.asyncProperty(told, cutLabel, filters(60), lost, async (labels, cut, asked, stretches) => {
        const words = OBSERVED.map((word): [TraceFilter, number] => {
          return [{ observed: word, from: null, to: null }, 30];
        });
        const all = { ...labels, 'og/vol': cut };
        await expectLists(all, everywhere, [...words, ...asked], stretches);
      }),
      { numRuns: 20 },
    );
  });
});
