/** The border to the application: what it hands us may throw or reject, and neither may come back to it. */
import type { ClientError } from './client-error.ts';

export type OnError = (error: ClientError) => unknown;
export type Report = (error: ClientError) => void;

/** Calls the application's `onError`. What that throws is nobody's to hear any more. */
export function reporter(onError: unknown): Report {
  return (error) => {
    if (typeof onError !== 'function') return;
    try {
      quiet(onError(error));
    } catch {}
  };
}

/** A promise the application made and we don't wait for: its rejection must not end the process. */
export function quiet(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Promise.resolve(value).catch(() => {});
}
