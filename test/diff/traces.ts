/** Traces for the tests of the diff, and the texts behind them. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type FetchTexts, pickCases, type Texts } from '../../src/diff/cases.ts';
import { tallyOf } from '../../src/diff/cohort.ts';
import { compareCohorts } from '../../src/diff/comparison.ts';
import type { CohortTrace } from '../../src/diff/pairing.ts';
import { buildReport } from '../../src/diff/report.ts';

export const OLD = `sha256:1a2b3c4d${'0'.repeat(56)}`;
export const NEW = `sha256:9f8e7d6c${'0'.repeat(56)}`;
export const OTHER = `sha256:55555555${'0'.repeat(56)}`;

/** A trace with its texts at hand. */
export interface Told extends CohortTrace {
  texts: Texts;
}

export type Telling = Partial<Omit<CohortTrace, 'inputHash' | 'outputHash'>> & {
  input?: string | null;
  output?: string | null;
};

/** A trace told by what matters to a test; `input` and `output` are JSON texts. */
export function trace(id: string, told: Telling = {}): Told {
  const { input = '"in"', output = null, ...rest } = told;
  return {
    id,
    startedAt: 0,
    context: null,
    turn: null,
    decision: null,
    artifactId: OLD,
    leftOut: null,
    ...rest,
    inputHash: input === null ? null : sha256(input),
    outputHash: output === null ? null : sha256(output),
    texts: { input, output },
  };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function compare(before: readonly Told[], after: readonly Told[]) {
  return compareCohorts(tallyOf(before), tallyOf(after));
}

/** Gives the texts of these traces, and no others. */
export function textsOf(...traces: readonly Told[]): FetchTexts {
  const byId = new Map(traces.map(({ id, texts }) => [id, texts]));
  return async (ids) => new Map(ids.flatMap((id) => (byId.has(id) ? [[id, byId.get(id)!]] : [])));
}

export async function reportOn(before: readonly Told[], after: readonly Told[]) {
  const comparison = compare(before, after);
  const cases = await pickCases(comparison, textsOf(...before, ...after));
  return buildReport(comparison, cases, {
    label: 'og/eth-volatility',
    before: { artifact: OLD },
    after: { artifact: NEW },
    blobIds: new Map(),
  });
}

const some = <T>(...values: readonly T[]) => fc.constantFrom(...values);

/** Up to 30 traces of few inputs, so that inputs recur and meet the other side's. */
export function cohorts(side: 'before' | 'after'): fc.Arbitrary<Told[]> {
  const told = fc.record({
    startedAt: fc.nat({ max: 5 }),
    input: some('1', '2', '3', '4', null),
    output: some('{"p": 0.25}', '{"p": 0.5}', '{"p": 1e400}', '"text"', null),
    context: some('desk', null, null),
    turn: some(0, null, null),
    decision: some('HOLD', 'CLEAR', '(mixed)', null),
    artifactId: some(OLD, NEW, OTHER, null),
    leftOut: some(null, null, null, null, 'ambiguous' as const, 'provisional' as const),
  });
  return fc
    .array(told, { maxLength: 30 })
    .map((all) => all.map((one, i) => trace(`${side} ${i}`, one)));
}
