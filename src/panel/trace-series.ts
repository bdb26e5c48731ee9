/** Counts of traces as series for charts and tables: what stands for itself, and in which order. */
import type { Certainty } from '../lineage/attribution.ts';
import type { TraceCount } from '../store/trace-count.ts';
import { type CertaintyFill, DECISION_FILLS } from './charts/fills.tsx';
import { cutLine } from './cut-line.ts';

export interface Series {
  name: string;
  fill: string;
  counts: number[];
  total: number;
}

/** From what is surest. */
const WORDS: readonly Certainty[] = [
  'proven',
  'bracketed',
  'declared',
  'provisional',
  'ambiguous',
  'unobserved',
];

/** Those that there are. */
export function byCertainty(buckets: readonly TraceCount[]): Series[] {
  const words = WORDS.map((word) =>
    series(
      word,
      word satisfies CertaintyFill,
      buckets,
      ({ certainties }) => certainties[word] ?? 0,
    ),
  );
  const rest = series('not looked at', 'uncounted', buckets, ({ uncounted }) => uncounted);
  return [...words, rest].filter(({ total }) => total > 0);
}

/** Those of the most traces first. */
export function byDecision(buckets: readonly TraceCount[]): Series[] {
  const named = new Set(
    buckets.flatMap(({ decisions }) => decisions.map(({ decision }) => decision)),
  );
  const found = [...named]
    .map((decision) =>
      series(decisionName(decision), '', buckets, ({ decisions }) =>
        decisions.reduce((sum, one) => sum + (one.decision === decision ? one.traces : 0), 0),
      ),
    )
    .sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1));
  const others = series('other decisions', '', buckets, ({ otherDecisions }) => otherDecisions);
  return [...found, others]
    .filter(({ total }) => total > 0)
    .map((one, i) => ({ ...one, fill: `d${Math.min(i, DECISION_FILLS - 1)}` }));
}

/** Decisions are texts from outside. */
export function decisionName(decision: string | null): string {
  if (decision === null) return 'no decision';
  return decision === '' ? 'an empty decision' : cutLine(decision, 40);
}

function series(
  name: string,
  fill: string,
  buckets: readonly TraceCount[],
  countOf: (bucket: TraceCount) => number,
): Series {
  const counts = buckets.map(countOf);
  return { name, fill, counts, total: counts.reduce((sum, count) => sum + count, 0) };
}
