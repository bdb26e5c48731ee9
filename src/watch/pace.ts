/** When a label is read next. Pure; `random` is in [0, 1). */

/** Readings of many labels with one interval drift apart by this much of it, either way. */
const JITTER = 0.1;
/** A source that fails is still tried this often, or at the label's own interval where that is longer. */
const LONGEST_BACKOFF_MS = 5 * 60_000;
/** However long a source asks to be left alone. */
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;
/** At a start, labels that are overdue or were never read spread over this much. */
const SPREAD_MS = 5000;

/** ms from one reading to the next. @param failures how many in a row failed, the last one included */
export function pause(
  everyMs: number,
  failures: number,
  retryAfterMs: number,
  random: number,
): number {
  const doubled = everyMs * 2 ** Math.min(Math.max(failures - 1, 0), 20);
  const backoff = Math.min(doubled, Math.max(everyMs, LONGEST_BACKOFF_MS));
  const jittered = backoff * (1 - JITTER + 2 * JITTER * random);
  return Math.round(Math.max(jittered, Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS)));
}

/** ms until the first reading after a start. */
export function firstPause(
  everyMs: number,
  lastAttemptAt: number | null,
  now: number,
  random: number,
): number {
  // No longer than an interval: a clock that was set back leaves attempts ahead of now.
  const due = lastAttemptAt === null ? 0 : Math.min(lastAttemptAt + everyMs - now, everyMs);
  return Math.round(Math.max(due, Math.min(SPREAD_MS, everyMs) * random));
}
