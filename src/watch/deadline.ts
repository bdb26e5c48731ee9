/**
 * Whether labels are confirmed in time. A label is confirmed as of when the last reading that said
 * something was asked; where that lies further back than its deadline, nobody knows what is under
 * it now. Within a process that is counted by elapsed time, so that a wall clock that is set makes
 * no label overdue and none look confirmed. (Elapsed time may stand still while a machine sleeps:
 * once it wakes, labels are read, or become overdue then.)
 */

/** What the store says of a label, wall clock times. */
export interface Confirmed {
  createdAt: number;
  lastAttemptAt: number | null;
  lastSuccessAt: number | null;
  consecutiveFailures: number;
  current: { lastConfirmedAt: number } | null;
}

/**
 * ms since a label was confirmed, as far as the store tells; since it was made, where it never was.
 * @param limitMs its deadline
 */
export function unconfirmedAtStart(label: Confirmed, now: number, limitMs: number): number {
  const since = now - lastConfirmedAt(label);
  // A clock that was set back meanwhile: how long ago isn't known, and half the time is granted.
  return since >= 0 ? since : limitMs / 2;
}

/** Never later than it was: the newest reading may have been added from outside. */
function lastConfirmedAt(label: Confirmed): number {
  const { createdAt, lastAttemptAt, lastSuccessAt, consecutiveFailures, current } = label;
  if (current === null || lastSuccessAt === null) return createdAt;
  const asked = consecutiveFailures === 0 ? lastAttemptAt : null;
  return Math.min(current.lastConfirmedAt, lastSuccessAt, asked ?? lastSuccessAt);
}

export interface Overdue {
  count: number;
  /** How long the one that waits longest has not been confirmed; 0 where there is none. */
  oldestMs: number;
  /** Names, the longest unconfirmed first; at most ten. */
  labels: string[];
}

const MOST_NAMED = 10;

/** Collects in one pass, and keeps no more than it names. */
export class OverdueList {
  #count = 0;
  readonly #longest: { name: string; ms: number }[] = [];

  add(name: string, ms: number): void {
    this.#count++;
    const longest = this.#longest;
    if (longest.length === MOST_NAMED && ms <= longest.at(-1)!.ms) return;
    const place = longest.findIndex((other) => other.ms < ms);
    longest.splice(place < 0 ? longest.length : place, 0, { name, ms });
    if (longest.length > MOST_NAMED) longest.pop();
  }

  get overdue(): Overdue {
    const labels = this.#longest.map(({ name }) => name);
    return { count: this.#count, oldestMs: this.#longest[0]?.ms ?? 0, labels };
  }
}
