/** What one side is made of, counted while its traces come. */
import type { LeftOutReason } from '../../contract/diff.ts';
import type { ArtifactId } from '../../lineage/manifest.ts';
import type { CohortTrace } from '../source.ts';

export interface CohortSummary {
  /** Traces compared, and the distinct inputs among them. */
  traces: number;
  inputs: number;
  /** Compared traces that ended in an error. */
  errors: number;
  /** What produced them, largest share first. */
  artifacts: { artifactId: ArtifactId; traces: number; share: number }[];
  /** The commonest reason first. */
  leftOut: { reason: LeftOutReason; traces: number }[];
  /** `startedAt` of the first and of the last trace compared, in ms; null without traces. */
  from: number | null;
  to: number | null;
}

export class SideTally {
  readonly #artifacts = new Map<ArtifactId, number>();
  readonly #leftOut = new Map<LeftOutReason, number>();
  #traces = 0;
  #errors = 0;
  #from: number | null = null;
  #to: number | null = null;

  leaveOut(reason: LeftOutReason): void {
    count(this.#leftOut, reason);
  }

  take({ startedAt }: CohortTrace, artifactId: ArtifactId, failed: boolean): void {
    this.#traces++;
    if (failed) this.#errors++;
    count(this.#artifacts, artifactId);
    if (this.#from === null || startedAt < this.#from) this.#from = startedAt;
    if (this.#to === null || startedAt > this.#to) this.#to = startedAt;
  }

  summary(inputs: number): CohortSummary {
    return {
      traces: this.#traces,
      inputs,
      errors: this.#errors,
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
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Largest count first; equal ones by name, so that the same traces give the same report. */
function byCount<K extends string>(counts: ReadonlyMap<K, number>): [K, number][] {
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
