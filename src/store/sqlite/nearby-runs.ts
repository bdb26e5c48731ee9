/** Runs around a span, remembered: the traces of a list lie side by side, and mostly meet the same run. */
import { runsReaching, type Span } from '../../lineage/attribution.ts';
import { AFTER_ALL, BEFORE_ALL, type Run } from '../../lineage/timeline.ts';
import type { History } from './history.ts';

/** Most spans meet one run, or the two around a change. */
const FEW = 4;

/** For one look at the database, during which nothing is written to it. */
export class NearbyRuns {
  readonly #history: History;
  /** Of each label those that were read last, side by side. */
  readonly #last = new Map<number, readonly Run[]>();

  constructor(history: History) {
    this.#history = history;
  }

  /** Those that reach the span, in order of time. */
  reaching(labelId: number, span: Span): Run[] {
    const last = this.#last.get(labelId);
    if (last && holdsAll(last, span)) return runsReaching(last, span);
    let runs = this.#history.runsFrom(labelId, span.start, FEW);
    if (!holdsAll(runs, span)) runs = this.#history.all(labelId);
    this.#last.set(labelId, runs);
    return runsReaching(runs, span);
  }
}

/** Whether no other run of the label reaches the span. @param runs neighbours, in order of time */
function holdsAll(runs: readonly Run[], span: Span): boolean {
  const [first, last] = [runs[0], runs.at(-1)];
  // The newest run of a label never ends, so only a label without any has none here.
  if (!first || !last) return true;
  // The run before it ends where its own first answer came.
  const fromStart = first.after === BEFORE_ALL || first.firstReceivedAt <= span.start;
  return fromStart && (last.until === AFTER_ALL || last.after >= span.end);
}
