/** Time as the watch uses it: rules never ask for it themselves. */
export interface Clock {
  /** Wall clock, integer ms since 1970, UTC. */
  now(): number;
  /** ms since some fixed instant, fractional; never goes back and never jumps, whatever the wall clock does. */
  elapsed(): number;
  /** Runs `task` once, `ms` from now, unless cancelled. */
  after(ms: number, task: () => void): () => void;
}

/** setTimeout takes no longer than this. */
const LONGEST_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  after(ms, task) {
    const timer = setTimeout(task, Math.min(Math.max(ms, 0), LONGEST_MS));
    return () => clearTimeout(timer);
  },
};
