/** When a delivery is tried again. Pure; `random` is in [0, 1). */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** From each attempt to the next, the first one's wait included: Standard Webhooks 1.0, "Deliverability". */
export const DELAYS_MS: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** What failed at the same time isn't tried again at the same time: this much of a wait, either way. */
const JITTER = 0.15;
/** However long a receiver asks to be left alone. */
export const LONGEST_RETRY_AFTER_MS = 24 * HOUR;

const FIRST_PAUSE_MS = SECOND;
const LONGEST_PAUSE_MS = 5 * MINUTE;

/**
 * ms from an attempt that failed to the next one; null: it was the last.
 * @param attempts made so far, the failed one included
 * @param retryAfterMs what the receiver asked for; null: nothing
 */
export function retryDelay(
  attempts: number,
  retryAfterMs: number | null,
  random: number,
): number | null {
  const delay = DELAYS_MS[attempts];
  return delay === undefined ? null : wait(delay, retryAfterMs, random);
}

/**
 * ms for which a receiver that asks for less is left alone altogether.
 * @param times it asked in a row, this one included
 */
export function slowDownPause(times: number, retryAfterMs: number | null, random: number): number {
  const doubled = FIRST_PAUSE_MS * 2 ** Math.min(times - 1, 20);
  return wait(Math.min(doubled, LONGEST_PAUSE_MS), retryAfterMs, random);
}

function wait(delay: number, retryAfterMs: number | null, random: number): number {
  const jittered = Math.round(delay * (1 - JITTER + 2 * JITTER * random));
  return Math.max(jittered, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
}
