import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attribute, type Span, viewOf } from '../../src/lineage/attribution.ts';
import { byTime, type Reading } from '../../src/lineage/reading.ts';
import { changesOf, runsOf, stretchOf, tenuresOf } from '../../src/lineage/timeline.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/index.ts';
import { histories, readingsOf, type Step, span } from '../lineage/histories.ts';
import { artifact, type Clock, files, newFolder, PUSHED, START, unhurried } from './opened.ts';

/** A reading in the order in which it is recorded. */
interface Entry {
  reading: Reading;
  /** How far the wall clock goes on before it is recorded, ms; it may stand still or go back. */
  later: number;
  /** Said to be a backfill, even where it comes last in time. */
  backfill: boolean;
  /** Whether somebody asks what is known, right after. */
  asked: boolean;
}

const folder = newFolder();
const clock: Clock = { now: START + 10 * 86_400_000 };
let store: SqliteStore;
let labels = 0;

beforeAll(() => {
  store = unhurried(openSqliteStore(folder, () => clock.now));
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** The same readings in any order, as they might come. */
const ledgersOf = (told: fc.Arbitrary<Reading[]>, asking: fc.Arbitrary<boolean>) =>
  told.chain((readings) =>
    fc
      .tuple(
        fc.oneof(
          fc.constant(readings),
          fc.constant(readings.toReversed()),
          fc.shuffledSubarray(readings, { minLength: readings.length }),
        ),
        fc.infiniteStream(
          fc.record({
            later: fc.integer({ min: -2, max: 3 }),
            backfill: fc.boolean(),
            asked: asking,
          }),
        ),
      )
      .map(([order, manner]): Entry[] => {
        return order.map((reading) => ({ reading, ...manner.next().value }));
      }),
  );

async function newLabel(): Promise<string> {
  const name = `label-${++labels}`;
  await store.putLabel(name, PUSHED, clock.now);
  return name;
}

/** @returns the reading as the store has it: its id, when it was recorded, its artifact's real id */
async function record(name: string, entry: Entry, there: readonly Reading[]): Promise<Reading> {
  const { requestedAt, receivedAt, artifactId: letter } = entry.reading;
  clock.now += entry.later;
  const newest = there.toSorted(byTime).at(-1);
  const instants = { requestedAt: START + requestedAt, receivedAt: START + receivedAt };
  const isPast = newest !== undefined && instants.requestedAt < newest.receivedAt;
  const { observation, duplicate } = await store.recordPush(
    name,
    {
      ...instants,
      files: letter === null ? null : files(letter),
      backfill: entry.backfill || isPast,
    },
    clock.now,
  );
  expect(duplicate).toBe(false);
  expect(observation).toMatchObject(instants);
  const { id, recordedAt, artifactId } = observation;
  expect(artifactId).toBe(letter === null ? null : artifact(letter));
  return { id, recordedAt, artifactId, ...instants };
}

const shifted = ({ start, end }: Span): Span => ({ start: START + start, end: START + end });

/** What the heart says, of what was recorded by then. */
function attributed(readings: readonly Reading[], asOf: number, at: Span) {
  const known = readings.filter((reading) => reading.recordedAt <= asOf).sort(byTime);
  return attribute(viewOf(known, at));
}

async function expectTimeline(name: string, readings: readonly Reading[]): Promise<void> {
  const runs = runsOf(readings.toSorted(byTime).map(stretchOf));
  const changes = changesOf(runs).map((one) => ({ ...one, label: name, retiredAt: null }));
  const timeline = await store.timeline(name, { from: null, to: null });
  expect(timeline).toEqual({ tenures: tenuresOf(runs), changes, lost: [] });
  const newest = runs.at(-1);
  const { current } = (await store.label(name))!;
  expect(current?.artifactId).toBe(newest?.artifactId);
  expect(current?.lastConfirmedAt).toBe(newest?.lastRequestedAt);
}

/** Records a ledger entry by entry, and holds every answer on the way against the heart's. */
async function expectAsTheHeartSays(ledger: readonly Entry[], spans: readonly Span[]) {
  const name = await newLabel();
  const readings: Reading[] = [];
  const answers: { asOf: number; at: Span; answer: unknown }[] = [];
  for (const entry of ledger) {
    readings.push(await record(name, entry, readings));
    if (!entry.asked) continue;
    await expectTimeline(name, readings);
    const asOf = readings.at(-1)!.recordedAt;
    for (const at of spans.map(shifted)) {
      const answer = await store.attributionAt(name, at.start, at.end, asOf);
      expect(answer).toEqual(attributed(readings, asOf, at));
      answers.push({ asOf, at, answer });
    }
  }
  await expectTimeline(name, readings);
  for (const at of spans.map(shifted)) {
    const now = await store.attributionAt(name, at.start, at.end, null);
    expect(now).toEqual(attributed(readings, Infinity, at));
    for (const asOf of new Set(readings.flatMap(({ recordedAt: t }) => [t - 1, t]))) {
      const then = await store.attributionAt(name, at.start, at.end, asOf);
      expect(then).toEqual(attributed(readings, asOf, at));
    }
  }
  for (const { asOf, at, answer } of answers) {
    expect(await store.attributionAt(name, at.start, at.end, asOf)).toEqual(answer);
  }
  const moments = readings.map((reading) => reading.recordedAt);
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  return { name, readings };
}

describe('a history on disk, in whatever order it was recorded', () => {
  test('gives the timeline and the attributions of the heart, now and as of any moment', async () => {
    const ledgers = ledgersOf(histories(8), fc.boolean());
    const spans = fc.array(span(24), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(ledgers, spans, async (ledger, at) => {
        await expectAsTheHeartSays(ledger, at);
      }),
      { numRuns: 60 },
    );
  });

  test('is listed reading by reading, newest first, each once', async () => {
    const ledgers = ledgersOf(histories(8), fc.constant(false));
    await fc.assert(
      fc.asyncProperty(ledgers, fc.integer({ min: 1, max: 3 }), async (ledger, limit) => {
        const { name, readings } = await expectAsTheHeartSays(ledger, []);
        const listed: string[] = [];
        let before: { requestedAt: number; receivedAt: number; seq: number } | null = null;
        do {
          const page = await store.observations(name, { limit, before });
          listed.push(...page.map((one) => one.id));
          const last = page.length === limit ? page.at(-1)! : null;
          before = last && { ...last, seq: Number(last.id.split('-')[1]) };
        } while (before);
        expect(listed).toEqual(readings.toSorted((a, b) => byTime(b, a)).map(({ id }) => id));
      }),
      { numRuns: 40 },
    );
  });
});

describe('a history of many chunks', () => {
  /** Runs as long as those of a label that is read for hours. */
  const longHistories = fc
    .tuple(
      fc.array(
        fc.record({
          artifactId: fc.constantFrom('A', 'B', null),
          readings: fc.integer({ min: 1, max: 60 }),
        }),
        { maxLength: 4 },
      ),
      fc.constantFrom('A', 'B', null),
      fc.infiniteStream(
        fc.record({ gap: fc.integer({ min: 0, max: 40_000 }), length: fc.nat({ max: 3000 }) }),
      ),
    )
    .map(([runs, held, pace]) => {
      const told: Step[] = [...runs, { artifactId: held, readings: 260 }, ...runs].flatMap(
        ({ artifactId, readings }) =>
          Array.from({ length: readings }, () => ({ artifactId, ...pace.next().value })),
      );
      return readingsOf(told);
    });

  const longSpans = fc.array(
    fc
      .tuple(fc.nat({ max: 12_000_000 }), fc.nat({ max: 3_000_000 }))
      .map(([start, length]) => ({ start, end: start + length })),
    { minLength: 3, maxLength: 3 },
  );

  test('gives the same answers as the heart', async () => {
    const rarely = fc.nat({ max: 60 }).map((n) => n === 0);
    await fc.assert(
      fc.asyncProperty(ledgersOf(longHistories, rarely), longSpans, async (ledger, spans) => {
        const { name } = await expectAsTheHeartSays(ledger, spans);
        const [chunks, runs] = ['chunks', 'runs'].map((table) =>
          store.db.$client
            .prepare(
              `SELECT count(*) FROM ${table} JOIN labels l ON l.id = label_id WHERE l.name = ?`,
            )
            .pluck()
            .get(name),
        ) as [number, number];
        expect(chunks).toBeGreaterThan(runs);
      }),
      { numRuns: 2, endOnFailure: true },
    );
  });
});
