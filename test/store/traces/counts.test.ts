import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lost as lostTable } from '#schema';
import { openSqliteStore, type SqliteStore } from '../../../src/store/sqlite/index.ts';
import { HOUR_MS, type TraceCount } from '../../../src/store/trace-count.ts';
import { histories, lostStretches } from '../../lineage/histories.ts';
import {
  blob,
  files,
  opened,
  PUSHED,
  START,
  temporaryFolder,
  trace,
  unhurried,
} from '../opened.ts';
import { moved, openedWith, span } from './spans.ts';

const LABEL = 'og/risk';
/** So that a handful of readings lie over several hours, and more than one within some. */
const STEP = 25 * 60_000;
const MINUTES = 5 * 60_000;
const ALL = { from: START - 2 * HOUR_MS, to: START + 40 * HOUR_MS };

interface Counted {
  decisions: Record<string, number>;
  certainties: Record<string, number>;
}

/** By steps of time, as each trace of the list says. */
async function byLooking(store: SqliteStore, stepMs = HOUR_MS): Promise<Record<number, Counted>> {
  const page = { limit: 1000, before: null };
  const { items } = await store.traces({ label: LABEL, from: null, to: null }, page);
  const found: Record<number, Counted> = {};
  for (const { startedAt, decision, attribution } of items) {
    const step = Math.floor(startedAt / stepMs) * stepMs;
    found[step] ??= { decisions: {}, certainties: {} };
    const { decisions, certainties } = found[step];
    const { certainty } = attribution;
    decisions[`${decision}`] = (decisions[`${decision}`] ?? 0) + 1;
    certainties[certainty] = (certainties[certainty] ?? 0) + 1;
  }
  return found;
}

function told({ decisions, certainties }: TraceCount): Counted {
  const some = Object.entries(certainties).filter(([, count]) => count > 0);
  return {
    decisions: Object.fromEntries(decisions.map((one) => [`${one.decision}`, one.traces])),
    certainties: Object.fromEntries(some),
  };
}

async function byCounts(store: SqliteStore, stepMs = HOUR_MS): Promise<Record<number, Counted>> {
  const { buckets, ...counts } = await store.traceCounts(LABEL, { ...ALL, stepMs });
  expect(counts.stepMs).toBe(stepMs);
  for (const bucket of buckets) expect(bucket.uncounted).toBe(0);
  return Object.fromEntries(buckets.map((bucket) => [bucket.from, told(bucket)]));
}

const HOLDINGS: Record<string, string> = { A: 'a', B: 'b', C: 'c' };

describe('the counts of a label’s hours', () => {
  const story = fc.record({
    readings: histories(7),
    lost: lostStretches(1, { gap: 8, length: 4 }),
    clockSkew: fc.constantFrom(0, 3000),
    traces: fc.array(
      fc.record({
        at: fc.nat({ max: 24 * STEP }),
        lasted: fc.oneof(fc.nat({ max: 5000 }), fc.nat({ max: 2 * STEP })),
        decision: fc.constantFrom(null, '', 'HOLD', 'CLEAR'),
        blobId: fc.constantFrom(null, null, null, 'a', 'unknown'),
      }),
      { maxLength: 40, size: 'max' },
    ),
  });

  it('are what looking at each trace says, whatever was read and lost', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ readings, lost, clockSkew, traces }) => {
        const folder = temporaryFolder();
        const first = openSqliteStore(folder, () => ALL.to);
        for (const one of lost) {
          const [from, to] = [START + one.from * STEP, START + one.to * STEP];
          first.db.insert(lostTable).values({ from, to, recordedAt: to }).run();
        }
        await first.close();
        const store = unhurried(openSqliteStore(folder, () => ALL.to));
        try {
          await store.putLabel(LABEL, { ...PUSHED, clockSkew }, ALL.to);
          for (const { artifactId, requestedAt, receivedAt } of readings) {
            const held = artifactId === null ? null : files(HOLDINGS[artifactId]!);
            const at = {
              requestedAt: START + requestedAt * STEP,
              receivedAt: START + receivedAt * STEP,
            };
            await store.recordPush(LABEL, { ...at, files: held, backfill: true }, ALL.to);
          }
          const sent = traces.map(({ at, lasted, decision, blobId }, i) =>
            trace({
              ...{ id: `t${i}`, label: LABEL, decision, blobId: blobId && blob(blobId) },
              ...{ startedAt: START + at, endedAt: START + at + lasted },
            }),
          );
          await store.ingest(sent, ALL.to);
          expect(await byCounts(store)).toEqual(await byLooking(store));
          expect(await byCounts(store, MINUTES)).toEqual(await byLooking(store, MINUTES));
          await store.dropTraces({ label: LABEL, before: START + 5 * STEP, bytes: null }, 1000);
          expect(await byCounts(store)).toEqual(await byLooking(store));
          expect(await byCounts(store, MINUTES)).toEqual(await byLooking(store, MINUTES));
        } finally {
          await store.close();
        }
      }),
      { numRuns: 15 },
    );
  });

  it('follow a trace to another label', async () => {
    const { store, rules } = openedWith({ models: { m: LABEL } });
    const model = { requestModel: 'm' };
    const batch = ['a', 'b', 'c'].map((id) => span(id, model, { decision: 'HOLD' }));
    await store.ingest(batch, START);
    expect(await byCounts(store)).toEqual(await byLooking(store));
    rules.models.m = 'og/other';
    await store.remap(START);
    await moved(store);
    expect(await byCounts(store)).toEqual({});
    const { buckets } = await store.traceCounts('og/other', { ...ALL, stepMs: HOUR_MS });
    expect(buckets.map(({ traces }) => traces)).toEqual([3]);
  });

  it('name no more decisions than anybody can look at, and count all others together', async () => {
    const { store } = opened();
    const batch = Array.from({ length: 300 }, (_, i) =>
      trace({ id: `t${i}`, label: LABEL, decision: `D${i % 100}`, startedAt: START + i }),
    );
    await store.ingest(batch, START);
    // Before any goes, what is counted is written.
    await store.dropTraces({ label: LABEL, before: START + 1, bytes: null }, 300);
    const rows = () => store.db.$client.prepare('SELECT count(*) FROM trace_hours').pluck().get();
    expect(rows()).toBeLessThan(30);
    const { buckets } = await store.traceCounts(LABEL, { ...ALL, stepMs: HOUR_MS });
    expect(buckets[0]).toMatchObject({ traces: 299 });
    const named = buckets[0]!.decisions.reduce((sum, { traces }) => sum + traces, 0);
    expect(buckets[0]!.otherDecisions).toBe(299 - named);
    await store.dropTraces({ label: LABEL, before: START + 1000, bytes: null }, 300);
    expect(rows()).toBe(0);
  });

  it('of an older database are made in steps, while traces come, move and go', async () => {
    const folder = temporaryFolder();
    const { store: old } = openedWith({ models: { m: LABEL } }, folder);
    const model = { requestModel: 'm' };
    await old.ingest(
      [...'abcdef'].map((id, i) => span(id, model, { startedAt: START + i })),
      START,
    );
    old.db.$client.exec('DELETE FROM trace_hours; DELETE FROM hours_counted');
    await old.close();
    const { store, rules } = openedWith({ models: { m: LABEL } }, folder);
    expect((await store.traceCounts(LABEL, { ...ALL, stepMs: HOUR_MS })).complete).toBe(false);
    expect(await store.countTraces(2)).toBe(true);
    await store.dropTraces({ label: LABEL, before: START + 1, bytes: null }, 1);
    await store.ingest([span('new', model)], START);
    rules.models.m = 'og/other';
    await store.remap(START);
    await moved(store);
    while (await store.countTraces(2));
    const { buckets, complete } = await store.traceCounts('og/other', { ...ALL, stepMs: HOUR_MS });
    expect(complete).toBe(true);
    expect(buckets.map(({ traces }) => traces)).toEqual([6]);
    expect(await byCounts(store)).toEqual({});
  });

  it('are the same after a start, though new ones are written many at a time', async () => {
    const { store: before, folder } = opened();
    await before.ingest([trace({ id: 'a', label: LABEL, decision: 'HOLD' })], START);
    expect(before.db.$client.prepare('SELECT * FROM trace_hours').all()).toEqual([]);
    await before.close();
    const { store } = opened(folder);
    await store.ingest([trace({ id: 'b', label: LABEL, decision: 'HOLD' })], START);
    expect(await byCounts(store)).toEqual(await byLooking(store));
    const { buckets } = await store.traceCounts(LABEL, { ...ALL, stepMs: HOUR_MS });
    expect(buckets[0]!.decisions).toEqual([{ decision: 'HOLD', traces: 2 }]);
  });

  it('are gathered in longer stretches of time', async () => {
    const { store } = opened();
    const at = (hour: number) => ({ startedAt: START + hour * HOUR_MS });
    const batch = [0, 1, 2, 5].map((hour) => trace({ id: `t${hour}`, label: LABEL, ...at(hour) }));
    await store.ingest(batch, START);
    const { buckets } = await store.traceCounts(LABEL, {
      from: START,
      to: ALL.to,
      stepMs: 3 * HOUR_MS,
    });
    expect(buckets.map(({ from, traces }) => [from, traces])).toEqual([
      [START, 3],
      [START + 3 * HOUR_MS, 1],
    ]);
  });

  it('are of hours where there are too many traces to count one by one', async () => {
    const { store } = opened();
    const batch = Array.from({ length: 2001 }, (_, i) =>
      trace({ id: `t${i}`, label: LABEL, startedAt: START + i }),
    );
    await store.ingest(batch, START);
    const { buckets, stepMs } = await store.traceCounts(LABEL, { ...ALL, stepMs: MINUTES });
    expect(stepMs).toBe(HOUR_MS);
    expect(buckets.map(({ from, traces }) => [from, traces])).toEqual([[START, 2001]]);
    const fewer = { from: START, to: START + 2000, stepMs: 500 };
    expect((await store.traceCounts(LABEL, fewer)).buckets).toHaveLength(4);
  });
});
