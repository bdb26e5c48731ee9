/** One question to a source, and its answer as a reading. That it fails is an answer too. */
import { type Source, SourceError } from '../sources/source.ts';
import type { WatchedReading } from '../store/store.ts';
import type { Clock } from './clock.ts';

export interface Asked {
  reading: WatchedReading;
  /** How long the source asks to be left alone; 0 where it doesn't. */
  retryAfterMs: number;
  /** When it was asked, as `Clock.elapsed` counts, and how long the answer took, ms. */
  beganAt: number;
  tookMs: number;
}

type Said = Pick<WatchedReading, 'outcome' | 'seenSince' | 'answer'>;

/** Never throws: a source that is told to let go by the signal gives a failed reading, not to be recorded. */
export async function ask(source: Source, clock: Clock, signal: AbortSignal): Promise<Asked> {
  const asked = clock.now();
  const beganAt = clock.elapsed();
  let said: Said;
  let retryAfterMs = 0;
  try {
    const { files, seenSince, raw } = await source.read(signal);
    const outcome =
      files === null ? ({ kind: 'absent' } as const) : ({ kind: 'artifact', files } as const);
    said = { outcome, seenSince, answer: raw };
  } catch (error) {
    const failure = error instanceof SourceError ? error : null;
    retryAfterMs = (failure?.retryAfterSeconds ?? 0) * 1000;
    said = failed(failure, error);
  }
  const tookMs = clock.elapsed() - beganAt;
  const receivedAt = clock.now();
  const requestedAt = askedAt(asked, receivedAt, tookMs);
  return { reading: { requestedAt, receivedAt, ...said }, retryAfterMs, beganAt, tookMs };
}

function failed(failure: SourceError | null, error: unknown): Said {
  const code = failure?.code ?? 'internal';
  const message = failure?.message ?? `the reading failed inside Underlabel: ${String(error)}`;
  const outcome = { kind: 'failed', code, message } as const;
  return { outcome, seenSince: null, answer: failure?.raw ?? null };
}

/**
 * A wall clock that was set back meanwhile makes a read look shorter than it was, and so the
 * reading would claim more than it knows: it counts from where the clock, as it goes now, would have
 * stood. One that was set forward makes it look longer, which claims less. (Set back to before it
 * was asked, the reading has no place in time; the store sees to that.)
 */
function askedAt(asked: number, receivedAt: number, tookMs: number): number {
  return receivedAt < asked ? asked : Math.min(asked, receivedAt - Math.floor(tookMs));
}
