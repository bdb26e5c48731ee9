/** Time as the client uses it. No timer keeps the application's process alive. */

export interface Clock {
  /** Wall clock, integer ms since 1970, UTC. */
  now(): number;
  /** ms since some fixed instant; never goes back. */
  elapsed(): number;
  /** Runs `task` once, `ms` from now, unless cancelled. */
  after(ms: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, task) {
    const timer: unknown = setTimeout(task, ms);
    release(timer);
    return () => clearTimeout(timer as ReturnType<typeof setTimeout>);
  },
};

/** Node and Bun let go of a timer by its own method, Deno by a function; browsers and workers have no need. */
function release(timer: unknown): void {
  if (typeof timer === 'object') {
    (timer as { unref?: () => void } | null)?.unref?.();
    return;
  }
  const { Deno } = globalThis as { Deno?: { unrefTimer?: (id: unknown) => void } };
  Deno?.unrefTimer?.(timer);
}
