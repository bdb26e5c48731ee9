/** One side of a diff, tallied while its traces stream by, each once and in any order. */
import type { LeftOutReason } from '../contract/diff.ts';
import type { ArtifactId } from '../lineage/manifest.ts';
import { addRun, type CohortTrace, emptyUnit, type Input, keyOf, type Unit } from './pairing.ts';

export interface CohortSummary {
  /** Traces compared, and the distinct inputs among them. */
  traces: number;
  inputs: number;
  /** What produced them, largest share first. */
  artifacts: { artifactId: ArtifactId; traces: number; share: number }[];
  /** The commonest reason first. */
  leftOut: { reason: LeftOutReason; traces: number }[];
  /** `startedAt` of the first and of the last trace compared, in ms; null without traces. */
  from: number | null;
  to: number | null;
}

/**
 * What is kept of a side: counts, and one small unit an input. Give it every trace of the side;
 * those that can't be compared are counted by reason and not looked at further.
 */
export class CohortTally {
  readonly #units = new Map<string, Unit>();
  readonly #artifacts = new Map<ArtifactId, number>();
  readonly #leftOut = new Map<LeftOutReason, number>();
  #traces = 0;
  #from: number | null = null;
  #to: number | null = null;

  get units(): ReadonlyMap<string, Unit> {
    return this.#units;
  }

  add(trace: CohortTrace): void {
    const { artifactId, context, inputHash, startedAt, turn } = trace;
    if (trace.leftOut !== null) count(this.#leftOut, trace.leftOut);
    else if (artifactId === null) count(this.#leftOut, 'unknown-artifact');
    else if (inputHash === null) count(this.#leftOut, 'no-input');
    else {
      this.#traces++;
      count(this.#artifacts, artifactId);
      this.#from = Math.min(this.#from ?? startedAt, startedAt);
      this.#to = Math.max(this.#to ?? startedAt, startedAt);
      addRun(this.#unitOf({ inputHash, context, turn }), trace);
    }
  }

  summary(): CohortSummary {
    return {
      traces: this.#traces,
      inputs: this.#units.size,
      artifacts: byCount(this.#artifacts).map(([artifactId, traces]) => ({
        artifactId,
        traces,
        share: traces / this.#traces,
      })),
      leftOut: byCount(this.#leftOut).map(([reason, traces]) => ({ reason, traces })),
      from: this.#from,
      to: this.#to,
    };
  }

  #unitOf(input: Input): Unit {
    const key = keyOf(input);
    const known = this.#units.get(key);
    if (known) return known;
    const unit = emptyUnit();
    this.#units.set(key, unit);
    return unit;
  }
}

export function tallyOf(traces: Iterable<CohortTrace>): CohortTally {
  const tally = new CohortTally();
  for (const trace of traces) tally.add(trace);
  return tally;
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Largest count first; equal ones by name, so that the same traces give the same report. */
function byCount<K extends string>(counts: ReadonlyMap<K, number>): [K, number][] {
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
