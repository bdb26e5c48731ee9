/**
 * A dead man's switch: somebody outside expects to be called, and raises the alarm when nobody
 * calls. So it is called only while every label is confirmed within its deadline and the service
 * can write: a call says that all is well, and silence is the alarm.
 */
import type { Clock } from './clock.ts';
import type { Overdue } from './deadline.ts';

/** What came of one interval. The address is a secret, and in none of them. */
export type PingOutcome =
  | { kind: 'pinged' }
  | { kind: 'held-back'; why: 'overdue'; overdue: Overdue }
  | { kind: 'held-back'; why: 'unhealthy' }
  /** The other side may raise the alarm though all is well. `code` is the error's, or 'timeout'. */
  | { kind: 'failed'; host: string; code: string };

export interface DeadManMeans {
  /** A secret: whoever knows it can keep the alarm silent. */
  url: string;
  /** Rejects where the call wasn't taken, and when aborted. */
  ping: (url: string, signal: AbortSignal) => Promise<void>;
  watch: { overdue(): Overdue };
  /** Whether the service can do its work; left out: it can. */
  healthy?: () => Promise<boolean>;
  clock: Clock;
  told: (outcome: PingOutcome) => void;
  everyMs?: number;
}

const EVERY_MS = 60_000;

/** Pings at once and then at its interval. @returns ends it; nothing is told after that */
export function startDeadMan(means: DeadManMeans): () => Promise<void> {
  const { clock, told, everyMs = EVERY_MS } = means;
  const stopping = new AbortController();
  let wait = () => {};
  let underWay = Promise.resolve();

  const interval = async () => {
    const began = clock.elapsed();
    const outcome = await withinInterval(means, everyMs, stopping.signal);
    if (stopping.signal.aborted) return;
    wait = clock.after(Math.max(began + everyMs - clock.elapsed(), 0), next);
    told(outcome);
  };
  const next = () => {
    underWay = interval();
  };

  next();
  return () => {
    stopping.abort();
    wait();
    return underWay;
  };
}

/** What takes longer than the interval has failed: the next one may do better. */
async function withinInterval(
  means: DeadManMeans,
  everyMs: number,
  stopping: AbortSignal,
): Promise<PingOutcome> {
  const late = new AbortController();
  const cancel = means.clock.after(everyMs, () => late.abort(new Late()));
  const signal = AbortSignal.any([stopping, late.signal]);
  try {
    if (!(await isHealthy(means, signal))) return { kind: 'held-back', why: 'unhealthy' };
    // Last of all: the call says how it is now.
    const overdue = means.watch.overdue();
    if (overdue.count > 0) return { kind: 'held-back', why: 'overdue', overdue };
    return await ping(means, signal);
  } finally {
    cancel();
  }
}

class Late extends Error {
  readonly code = 'timeout';
}

/** A check that fails or hangs is no yes. */
async function isHealthy({ healthy }: DeadManMeans, signal: AbortSignal): Promise<boolean> {
  if (!healthy) return true;
  return unlessAborted(healthy(), signal).catch(() => false);
}

async function ping({ url, ping }: DeadManMeans, signal: AbortSignal): Promise<PingOutcome> {
  try {
    await unlessAborted(ping(url, signal), signal);
    return { kind: 'pinged' };
  } catch (error) {
    return { kind: 'failed', host: new URL(url).host, code: codeOf(error) };
  }
}

/** Waits no longer than that, whether or not the work lets go. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject);
  });
}

/** Never the message: it may name the address. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[\w-]{1,40}$/.test(code) ? code : 'internal';
}
