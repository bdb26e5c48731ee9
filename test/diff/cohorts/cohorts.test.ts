import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LeftOutReason } from '../../../src/contract/diff.ts';
import type { Cohorts } from '../../../src/diff/cohorts/cohorts.ts';
import type { CohortTrace, Side } from '../../../src/diff/source.ts';
import {
  collect,
  collectInOrder,
  columnOf,
  digestOf,
  NEW,
  OLD,
  said,
  type Telling,
  trace,
} from './told.ts';

type Result = ReturnType<Cohorts['finish']>;

describe('the inputs of two sides', () => {
  it('are of one number where hash, context and turn agree, and their runs stand side by side', () => {
    const { data, pairs } = collect(
      [trace(1), trace(2, { input: 'other' }), trace(3)],
      [trace(4), trace(5, { context: 'desk' }), trace(6, { turn: 0 })],
    );
    expect(data.inputs).toBe(4);
    expect(pairs).toEqual({ inputs: 1, onlyBefore: 1, onlyAfter: 2, conversations: null });
    const runs = [...data.before.starts].map((start, i, all) => (all[i + 1] ?? start) - start);
    expect(runs.sort()).toEqual([0, 0, 0, 1, 2]);
  });

  it('stand in the order of their hashes, and the runs of one by time, then by ref', () => {
    const first = Buffer.alloc(32, 0);
    const second = Buffer.alloc(32, 1);
    const { data } = collect(
      [
        trace(5, { inputHash: second, startedAt: 1 }),
        trace(9, { inputHash: first, startedAt: 3 }),
        trace(7, { inputHash: first, startedAt: 3 }),
        trace(8, { inputHash: first, startedAt: 2 }),
      ],
      [],
    );
    expect([...data.before.refs]).toEqual([8, 7, 9, 5]);
    expect([...data.before.starts]).toEqual([0, 3, 4]);
  });

  it('are told apart by the first 16 bytes of their hashes, whatever these begin with', () => {
    const hashes = [0, 1, 2, 3].map((word) => {
      const hash = Buffer.alloc(32, 0);
      hash[word * 4 + 3] = 1;
      return hash;
    });
    const traces = hashes.map((inputHash, ref) => trace(ref, { inputHash }));
    const { data } = collect(traces, []);
    expect([...data.before.refs]).toEqual([3, 2, 1, 0]);
  });

  it('are one cluster where they are turns of one conversation', () => {
    const turns = [0, 1, 2].map((turn) => trace(turn + 1, { input: turn, context: 'desk', turn }));
    const alone = [trace(8, { context: 'desk' }), trace(9, { input: 'x', turn: 4 })];
    const { data, pairs } = collect([...turns, ...alone], [...turns, ...alone]);
    expect(data.clusters).toHaveLength(5);
    expect(new Set(data.clusters).size).toBe(3);
    expect(Math.max(...data.clusters!)).toBe(2);
    expect(pairs.conversations).toBe(3);
  });

  it('have no clusters where no two share a conversation', () => {
    const turns = [0, 1].map((turn) => trace(turn, { input: turn, context: `desk ${turn}`, turn }));
    expect(collect(turns, turns).data.clusters).toBeNull();
  });
});

describe('a side', () => {
  it('says what produced it, what was left out, and when it ran', () => {
    const { before, newest } = collect(
      [
        trace(1, { startedAt: 5 }),
        trace(2, { artifactId: NEW, startedAt: 3 }),
        trace(3, { artifactId: NEW, startedAt: 9, failed: true }),
        trace(4, { leftOut: 'ambiguous', startedAt: 1 }),
        trace(5, { leftOut: 'ambiguous' }),
        trace(6, { artifactId: null }),
        trace(70, { inputHash: null }),
      ],
      [],
    );
    expect(before).toEqual({
      traces: 3,
      inputs: 1,
      errors: 1,
      artifacts: [
        { artifactId: NEW, traces: 2, share: 2 / 3 },
        { artifactId: OLD, traces: 1, share: 1 / 3 },
      ],
      leftOut: [
        { reason: 'ambiguous', traces: 2 },
        { reason: 'no-input', traces: 1 },
        { reason: 'unknown-artifact', traces: 1 },
      ],
      from: 3,
      to: 9,
    });
    expect(newest).toBe(70);
  });

  it('may be empty', () => {
    const { after, before, data, newest, pairs } = collect([], []);
    expect(data.inputs).toBe(0);
    expect(data.before.starts).toEqual(new Uint32Array(1));
    expect(data.columns.map(({ name }) => name)).toEqual(['decision', '$', 'latency']);
    expect(before).toEqual(after);
    expect(before).toMatchObject({ traces: 0, inputs: 0, artifacts: [], from: null, to: null });
    expect(pairs).toEqual({ inputs: 0, onlyBefore: 0, onlyAfter: 0, conversations: null });
    expect(newest).toBe(0);
  });

  it('keeps a run that ended in an error by its value, or as an error where it has none', () => {
    const result = collect(
      [trace(1, { failed: true, decision: 'HOLD' }), trace(2, { failed: true }), trace(3)],
      [],
    );
    expect(said(columnOf(result, 'decision'), 'before')).toEqual(['HOLD', '(error)', '(missing)']);
  });
});

const some = fc.constantFrom;
const output = fc.oneof(
  some({ p: 0.25 }, { p: 0.5, why: 'low' }, { p: '0.5' }, { p: null }, { p: { q: [1, true] } }),
  some('text', 'true', true, null, 3, '(missing)', 'long '.repeat(20), [1, 2, 3], [1, 2]),
  fc.jsonValue({ maxDepth: 3 }),
);
const telling: fc.Arbitrary<Telling> = fc.record({
  startedAt: fc.nat({ max: 3 }),
  endedAt: fc.nat({ max: 9 }),
  input: some<unknown>(1, 2, { market: 'eth' }, { market: 'btc', deep: { n: true } }),
  output: fc.option(output, { nil: undefined }),
  context: some('desk', null, null),
  turn: some(0, 1, null),
  decision: some('HOLD', 'CLEAR', '(mixed)', null),
  artifactId: some(OLD, NEW, null),
  service: some('desk', 'night', null),
  failed: fc.boolean(),
  inputTokens: some(null, 7, 12),
  leftOut: some<LeftOutReason | null>(null, null, null, 'ambiguous', 'provisional'),
});
const told = fc
  .array(fc.tuple(some<Side>('before', 'after'), telling), { maxLength: 40 })
  .map((all) => all.map(([side, one], i): [Side, CohortTrace] => [side, trace(i + 1, one)]));
const options = some(
  { discover: true },
  { discover: false },
  { fields: [{ path: '$.p', kind: null }] },
  {
    fields: [
      { path: '$.p', kind: 'label' as const },
      { path: '$', kind: null },
    ],
  },
);

describe('whatever the traces', () => {
  it('their order changes nothing', () => {
    const shuffled = told.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, options, ([some, others], chosen) => {
        expect(collectInOrder(others, chosen)).toEqual(collectInOrder(some, chosen));
      }),
      { numRuns: 200 },
    );
  });

  it('swapping the sides swaps the result and changes nothing else', () => {
    fc.assert(
      fc.property(told, options, (all, chosen) => {
        const swapped = all.map(
          ([side, one]) => [side === 'before' ? 'after' : 'before', one] as const,
        );
        expect(mirrored(collectInOrder(swapped, chosen))).toEqual(
          withoutNotes(collectInOrder(all, chosen)),
        );
      }),
    );
  });

  it('none of them is lost', () => {
    fc.assert(
      fc.property(told, (all) => {
        const { after, before, data, newest, pairs } = collectInOrder(all);
        for (const [side, summary] of Object.entries({ before, after })) {
          const leftOut = summary.leftOut.reduce((sum, { traces }) => sum + traces, 0);
          const artifacts = summary.artifacts.reduce((sum, { traces }) => sum + traces, 0);
          expect(summary.traces + leftOut).toBe(all.filter(([one]) => one === side).length);
          expect(artifacts).toBe(summary.traces);
        }
        expect(data.before.count).toBe(before.traces);
        expect(data.after.starts.at(-1)).toBe(after.traces);
        expect(pairs.inputs + pairs.onlyBefore).toBe(before.inputs);
        expect(pairs.inputs + pairs.onlyBefore + pairs.onlyAfter).toBe(data.inputs);
        expect(newest).toBe(Math.max(0, ...all.map(([, { ref }]) => ref)));
        for (const column of data.columns) {
          expect(column.before.codes).toHaveLength(before.traces);
          expect(column.labels).toEqual([...new Set(column.labels)].sort());
        }
      }),
    );
  });
});

function mirrored({ after, before, data, newest, pairs }: Result) {
  return withoutNotes({
    before: after,
    after: before,
    pairs: { ...pairs, onlyBefore: pairs.onlyAfter, onlyAfter: pairs.onlyBefore },
    newest,
    data: {
      ...data,
      before: data.after,
      after: data.before,
      columns: data.columns.map((column) => ({
        ...column,
        before: column.after,
        after: column.before,
      })),
    },
  });
}

/** Type notes count by side in words. */
function withoutNotes(result: Result): Result {
  const columns = result.data.columns.map((column) => ({ ...column, typeNote: null }));
  return { ...result, data: { ...result.data, columns } };
}

it('finds a run of ten thousand inputs again under its input', () => {
  const traces = Array.from({ length: 10_000 }, (_, ref) => {
    return trace(ref, { input: ref, decision: `d${ref}`, context: ref % 2 ? 'c' : null });
  });
  const result = collect(traces, traces);
  expect(result.pairs.inputs).toBe(10_000);
  const column = columnOf(result, 'decision');
  expect(said(column, 'before')).toEqual(said(column, 'after'));
  expect(said(column, 'before')).toEqual([...result.data.before.refs].map((ref) => `d${ref}`));
  expect(digestOf('x')).toHaveLength(32);
});
