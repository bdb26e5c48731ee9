/** Traces counted in memory by label, hour and decision, so that what many of them change is written once. */
import { HOUR_MS } from '../../trace-count.ts';

/** The key of all decisions that are not counted by name. */
export const OTHERS = '+';

/** A trace, as far as it is counted. */
export interface Counted {
  startedAt: number;
  decision: string | null;
  blobId: string | null;
}

export interface Count {
  traces: number;
  declared: number;
}

/** What is to be added (or taken away), gathered so that it is written once for many traces. */
export class HourCounts {
  readonly byLabel = new Map<number, Map<number, Map<string, Count>>>();
  /** How many were added. */
  size = 0;

  /** @param by 1, or -1 where the trace goes */
  add(labelId: number, { startedAt, decision, blobId }: Counted, by: 1 | -1 = 1): void {
    const hours = entry(this.byLabel, labelId, () => new Map());
    const decisions = entry(hours, hourOf(startedAt), () => new Map());
    const count = entry(decisions, keyOfDecision(decision), () => ({ traces: 0, declared: 0 }));
    count.traces += by;
    this.size++;
    if (blobId !== null) count.declared += by;
  }
}

/** Whole hours since 1970. */
export function hourOf(startedAt: number): number {
  return Math.floor(startedAt / HOUR_MS);
}

function keyOfDecision(decision: string | null): string {
  return decision === null ? '' : `=${decision}`;
}

/** Null: none was made. */
export function decisionOfKey(key: string): string | null {
  return key === '' ? null : key.slice(1);
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
