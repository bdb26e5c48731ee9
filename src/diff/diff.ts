/**
 * A diff from its source to its report:
 *
 *   DiffSource → Cohorts → DiffData → analyse → Analysis → composeReport → Report
 *
 * The same traces, in any order, and the same settings give the same report to the byte.
 */
import type { Cohort, DiffRequest, Report } from '../contract/diff.ts';
import { formatTimeOrNull } from '../contract/time.ts';
import { analyse } from './analysis/analyse.ts';
import { Cohorts } from './cohorts/cohorts.ts';
import type { CohortSummary } from './cohorts/side-tally.ts';
import { DiffError } from './errors.ts';
import { composeReport } from './report/compose.ts';
import type { CohortTrace, DiffSource, Side } from './source.ts';

const SIDES = ['before', 'after'] as const;

/** What was asked for. The sides are as the report repeats them: the source already knows what they come to. */
export type DiffOrder = Omit<DiffRequest, 'before' | 'after' | 'hold'> & {
  before: Cohort['asked'];
  after: Cohort['asked'];
};

/**
 * @throws DiffError `several-artifacts` where a period has traces of several artifacts, unless
 *   `across` allows it; what the source rejects with is thrown as it is
 */
export async function runDiff(source: DiffSource, order: DiffOrder): Promise<Report> {
  const fields = order.fields.map(({ path, kind }) => ({ path, kind: kind ?? null }));
  const cohorts = new Cohorts({ fields, discover: order.discover });
  const provisional = { before: 0, after: 0 };
  for (const side of SIDES) {
    for await (const batch of source.cohort(side)) {
      for (const trace of batch) {
        const counts = order.includeProvisional && trace.leftOut === 'provisional';
        if (counts) provisional[side]++;
        cohorts.add(side, counts ? counted(trace) : trace);
      }
    }
  }
  const { data, before, after, pairs, newest } = cohorts.finish();
  checkSide('before', before, order);
  checkSide('after', after, order);
  const { minEffect, seed, includeProvisional, across, discover } = order;
  const analysis = analyse(data, { minEffect, seed });
  const reading = formatTimeOrNull(await source.newestReading());
  return composeReport(
    {
      label: order.label,
      asked: { before: order.before, after: order.after },
      query: {
        before: order.before,
        after: order.after,
        includeProvisional,
        across,
        fields,
        discover,
        minEffect,
        seed,
      },
      watermark: { trace: newest, reading },
      data,
      before,
      after,
      pairs,
      analysis,
      provisional,
    },
    source,
  );
}

/** The same trace, without what leaves it out. Not a copy: a source may give objects with methods of their own. */
function counted(trace: CohortTrace): CohortTrace {
  return {
    ref: trace.ref,
    startedAt: trace.startedAt,
    endedAt: trace.endedAt,
    inputHash: trace.inputHash,
    outputHash: trace.outputHash,
    context: trace.context,
    turn: trace.turn,
    decision: trace.decision,
    artifactId: trace.artifactId,
    service: trace.service,
    leftOut: null,
    facts: () => trace.facts(),
    input: () => trace.input(),
    output: () => trace.output(),
  };
}

function checkSide(side: Side, { artifacts }: CohortSummary, order: DiffOrder): void {
  const isPeriod = 'from' in order[side];
  if (order.across || !isPeriod || artifacts.length <= 1) return;
  throw new DiffError('several-artifacts', side, artifacts);
}
