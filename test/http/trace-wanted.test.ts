/** The filter of streams, on one trace, says what the filters of lists say in SQL. */
import { expect, it } from 'vitest';
import { traceWanted, type WantedTraces } from '../../src/http/trace-wanted.ts';
import type { StoredTrace } from '../../src/store/store.ts';
import { artifact, blob, files, opened, PUSHED, START, trace } from '../store/opened.ts';
import { span } from '../store/traces/spans.ts';

/** A label that moved from a to b, to nothing and back to b; traces all over it, and some of others. */
async function populated() {
  const { store } = opened();
  await store.putLabel('og/a', PUSHED, START);
  for (const [at, name] of [
    [0, 'a'],
    [10, 'a'],
    [20, 'b'],
    [30, null],
    [40, 'b'],
  ] as const) {
    const times = { requestedAt: START + at, receivedAt: START + at };
    const held = name === null ? null : files(name);
    await store.recordPush('og/a', { ...times, files: held, backfill: true }, START + 100);
  }
  const traces = Array.from({ length: 26 }, (_, i) => {
    const at = { startedAt: START - 5 + i * 2, endedAt: START - 5 + i * 2 + (i % 5) };
    const named = [null, 'a', null, 'b', null, 'nobody'][i % 6]!;
    const decision = ['HOLD', 'CLEAR', null][i % 3]!;
    const blobId = named === null ? null : blob(named);
    return trace({ id: `t${i}`, label: i % 7 === 0 ? 'og/b' : 'og/a', ...at, blobId, decision });
  });
  const spans = [
    span('s1', { requestModel: 'gpt-4o' }),
    span('s2', { requestModel: 'o9', responseModel: 'gpt-4.1' }, { blobId: blob('nobody') }),
    span('s3', { service: 'desk', declaredLabel: 'og/a' }),
  ];
  await store.ingest([...traces, ...spans], START + 100);
  return store;
}

const ids = (traces: readonly StoredTrace[]) => traces.map(({ id }) => id).sort();

it('agrees with lists, filter by filter and two by two', async () => {
  const store = await populated();
  const all = await store.tracesAfter(0, 1000);
  const filters: WantedTraces[] = [
    {},
    { label: 'og/*' },
    { label: 'og/b' },
    ...(['a', 'b', 'never'] as const).flatMap((name) => [
      { artifact: artifact(name) },
      { candidate: artifact(name) },
    ]),
    { candidate: 'absent' },
    ...(['proven', 'declared', 'bracketed', 'provisional', 'ambiguous', 'unobserved'] as const).map(
      (certainty) => ({ certainty }),
    ),
    ...(['bracketed', 'provisional', 'ambiguous', 'unobserved'] as const).map((observed) => ({
      observed,
    })),
    { decision: 'HOLD' },
    { conflict: true },
    { conflict: false },
    { unmapped: true },
    { unmapped: false },
  ];
  const found = new Set<number>();
  for (const one of filters) {
    for (const other of filters) {
      const filter = { ...one, ...other };
      const page = { limit: 1000, before: null };
      const listed = await store.traces({ ...filter, from: null, to: null }, page);
      const wanted = all.filter(traceWanted(filter));
      expect(ids(wanted), JSON.stringify(filter)).toEqual(ids(listed.items));
      found.add(wanted.length);
    }
  }
  // Else it would have agreed on nothing much.
  expect(found.size).toBeGreaterThan(8);
});

it('knows models by a glob over what was asked for and what answered', async () => {
  const store = await populated();
  const all = await store.tracesAfter(0, 1000);
  const of = (model: string) => ids(all.filter(traceWanted({ model })));
  expect(of('gpt-*')).toEqual(['s1', 's2']);
  expect(of('o9')).toEqual(['s2']);
  expect(of('*')).toEqual(['s1', 's2']);
  expect(of('')).toEqual([]);
});
