/** Waiting for something, but no longer than so long. */
import type { Clock } from './clock.ts';

/** Null where it takes longer; it goes on all the same. */
export async function within<T>(
  ms: number,
  clock: Pick<Clock, 'after'>,
  run: Promise<T>,
): Promise<T | null> {
  const { promise, resolve } = Promise.withResolvers<null>();
  const cancel = clock.after(ms, () => resolve(null));
  run.catch(() => {});
  return Promise.race([run, promise]).finally(cancel);
}
