/** Traces for the tests of the diff, and a source that holds them in memory. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type DiffOrder, runDiff } from '../../src/diff/diff.ts';
import type { CohortTrace, DiffSource, ShownTrace } from '../../src/diff/source.ts';

export const OLD = `sha256:1a2b3c4d${'0'.repeat(56)}`;
export const NEW = `sha256:9f8e7d6c${'0'.repeat(56)}`;
export const OTHER = `sha256:55555555${'0'.repeat(56)}`;

export const BLOB = 'A'.repeat(43);

/** A trace by what matters to a test; `input` and `output` are JSON texts. */
export interface Telling {
  id?: string;
  /** Else by its place. */
  ref?: number;
  input?: string | null;
  output?: string | null;
  startedAt?: number;
  took?: number;
  context?: string | null;
  turn?: number | null;
  decision?: string | null;
  artifactId?: string | null;
  leftOut?: CohortTrace['leftOut'];
  failed?: boolean;
}

export interface Sides {
  before: readonly Telling[];
  after: readonly Telling[];
}

export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

interface Held {
  trace: CohortTrace;
  shown: ShownTrace;
}

/** Numbers run on over both sides: before first. */
function heldOf(side: 'before' | 'after', told: Telling, ref: number): Held {
  const { input = '"in"', output = null, startedAt = 0, context = null, turn = null } = told;
  const { decision = null, artifactId = side === 'before' ? OLD : NEW, leftOut = null } = told;
  const facts = { failed: told.failed ?? false, inputTokens: null, outputTokens: null };
  const inputHash = input === null ? null : sha256(input);
  return {
    trace: {
      ref,
      startedAt,
      endedAt: startedAt + (told.took ?? 100),
      inputHash,
      outputHash: output === null ? null : sha256(output),
      context,
      turn,
      decision,
      artifactId,
      service: null,
      leftOut,
      facts: () => facts,
      input: () => input,
      output: () => output,
    },
    shown: {
      id: told.id ?? `${side}-${ref}`,
      startedAt,
      inputSha256: inputHash?.toString('hex') ?? '',
      context,
      turn,
      input,
      output,
    },
  };
}

export interface SourceAtHand extends DiffSource {
  /** How many traces each call of `traces` asked for. */
  asked: number[];
}

/** @param gone refs that retention took before they could be shown */
export function sourceOf(sides: Sides, gone: readonly number[] = []): SourceAtHand {
  const before = sides.before.map((told, i) => heldOf('before', told, told.ref ?? i + 1));
  const after = sides.after.map((told, i) =>
    heldOf('after', told, told.ref ?? before.length + i + 1),
  );
  const shown = new Map([...before, ...after].map((held) => [held.trace.ref, held.shown]));
  const asked: number[] = [];
  return {
    asked,
    async *cohort(side) {
      const traces = (side === 'before' ? before : after).map(({ trace }) => trace);
      for (let i = 0; i < traces.length; i += 100) yield traces.slice(i, i + 100);
    },
    async traces(refs) {
      asked.push(refs.length);
      const there = refs.filter((ref) => shown.has(ref) && !gone.includes(ref));
      return new Map(there.map((ref) => [ref, shown.get(ref)!]));
    },
    async blobIdsOf(artifactIds) {
      return new Map([...artifactIds].map((id) => [id, [BLOB]]));
    },
    async newestReading() {
      return Date.UTC(2026, 10, 20);
    },
  };
}

export function order(more: Partial<DiffOrder> = {}): DiffOrder {
  return {
    label: 'og/eth-volatility',
    before: { from: '2026-11-17T00:00:00.000Z', to: '2026-11-18T00:00:00.000Z' },
    after: { from: '2026-11-19T00:00:00.000Z', to: '2026-11-20T00:00:00.000Z' },
    includeProvisional: false,
    across: false,
    fields: [],
    discover: true,
    minEffect: 5,
    seed: 1,
    ...more,
  };
}

export function reportOn(
  sides: Sides,
  more: Partial<DiffOrder> = {},
  gone: readonly number[] = [],
) {
  return runDiff(sourceOf(sides, gone), order(more));
}

/** `n` inputs that ran once on each side; what is told of each is by its number. */
export function pairs(
  n: number,
  before: (i: number) => Telling,
  after: (i: number) => Telling,
): Sides {
  const side = (tell: (i: number) => Telling) =>
    Array.from({ length: n }, (_, i) => ({ input: `{"n":${i}}`, ...tell(i) }));
  return { before: side(before), after: side(after) };
}

const some = <T>(...values: readonly T[]) => fc.constantFrom(...values);

/** Up to 30 traces of few inputs, so that inputs recur and meet the other side's. Of one side, one artifact. */
export function tellings(side: 'before' | 'after'): fc.Arbitrary<Telling[]> {
  const told = fc.record({
    startedAt: fc.nat({ max: 5 }),
    took: fc.nat({ max: 3 }),
    input: some('{"n":1}', '{"n":2}', '{"n":3}', '4', null),
    output: some(
      '{"p":0.25,"why":"calm seas"}',
      '{"p":0.5,"why":"high seas","__proto__":1}',
      '{"p":1e400}',
      '"some text"',
      '"other text"',
      '[1,2]',
      null,
    ),
    context: some('desk', '"\ud800\u0000', null, null),
    turn: some(0, 1, null),
    decision: some('HOLD', 'CLEAR', '(mixed)', null),
    leftOut: some(null, null, null, null, 'ambiguous' as const, 'provisional' as const),
    failed: some(false, false, true),
  });
  return fc
    .array(told, { maxLength: 30 })
    .map((all) => all.map((one, i) => ({ ...one, id: `${side} ${i}` })));
}
