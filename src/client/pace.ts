/** When a label is asked for next, and when what is known of it is too old. Pure; `random` is in [0, 1). */

const SHORTEST_MS = 5000;
const LONGEST_MS = 5 * 60_000;
/** The first wait after a first question failed. */
const FIRST_MS = 1000;
/** Processes that start together drift apart by this much, either way. */
const JITTER = 0.1;

/** How often a label is asked for: as often as the service reads it, within reason. */
export function refreshMs(everyMs: number): number {
  return Math.min(Math.max(everyMs, SHORTEST_MS), LONGEST_MS);
}

/** Past it, two refreshes in a row did not come: what happened since is not known. */
export function staleAfterMs(everyMs: number, timeoutMs: number): number {
  return 3 * refreshMs(everyMs) + timeoutMs;
}

/** ms to the next question. @param everyMs null: nothing is known yet. @param failures in a row, the last one included */
export function pause(
  everyMs: number | null,
  failures: number,
  retryAfterMs: number,
  random: number,
): number {
  const base = everyMs === null ? FIRST_MS : refreshMs(everyMs);
  const backoff = Math.min(base * 2 ** Math.min(Math.max(failures - 1, 0), 20), LONGEST_MS);
  const jittered = backoff * (1 - JITTER + 2 * JITTER * random);
  return Math.round(Math.max(jittered, Math.min(retryAfterMs, LONGEST_MS)));
}
