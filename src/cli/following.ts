/** A stream of the service, followed for as long as a person looks on: whoever breaks off, it is resumed where it was. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Query, RefusedError, type Service } from './client.ts';
import { CommandError } from './exit.ts';
import { serverSent } from './server-sent.ts';

const TYPE = 'text/event-stream';
/** The service says how long to wait; after failures in a row it is ever longer, up to this. */
const LONGEST_WAIT_MS = 30_000;
const FIRST_WAIT_MS = 1000;
/** It beats every 15 s: one that is silent for so long is no stream any more. */
const SILENT_MS = 60_000;

interface Following {
  path: string;
  query: Query;
  /** Ends it, without an error. */
  stop: AbortSignal;
  /** Told of each break, and why. */
  broke(reason: string): void;
}

/**
 * The data of each event.
 * @throws CommandError where the first connection fails, or the service refuses one for good
 */
export async function* followed(
  service: Service,
  { path, query, stop, broke }: Following,
): AsyncGenerator<string> {
  let place: string | null = null;
  let waitMs = FIRST_WAIT_MS;
  let failures = 0;
  while (!stop.aborted) {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(new SilentError()), SILENT_MS);
    try {
      const signal = AbortSignal.any([stop, silence.signal]);
      const headers: Record<string, string> = place === null ? {} : { 'last-event-id': place };
      const parts = await service.flow(path, TYPE, { query, headers, signal });
      for await (const { id, data, retryMs } of serverSent(parts)) {
        timer.refresh();
        failures = 0;
        place = id ?? place;
        waitMs = retryMs ?? waitMs;
        if (data !== null) yield data;
        // What is printed slowly is not a silence of the service.
        timer.refresh();
      }
      broke('the service ended it');
    } catch (error) {
      if (stop.aborted) return;
      if (place === null || !mayPass(error)) throw error;
      broke((error as Error).message);
    } finally {
      clearTimeout(timer);
    }
    const ms = Math.min(waitMs * 2 ** failures, LONGEST_WAIT_MS);
    failures = Math.min(failures + 1, 10);
    await pause(ms, undefined, { signal: stop }).catch(() => {});
  }
}

class SilentError extends Error {
  override name = 'SilentError';
  override message = `nothing came for ${SILENT_MS / 1000} s`;
}

/** Whether it may go well the next time. */
function mayPass(error: unknown): boolean {
  if (error instanceof RefusedError) return error.problem.status >= 500;
  return (
    error instanceof SilentError || (error instanceof CommandError && error.code === 'unreachable')
  );
}
