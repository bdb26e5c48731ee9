/** Waiting for what a connection or another part of the service does in its own time. */
import { inspect } from 'node:util';
import { atRest } from '../watch/fake-clock.ts';

const WITHIN_MS = 20_000;

/** Looks again each time all is at rest. @returns what was seen once it fits */
export async function eventually<T>(
  look: () => T | Promise<T>,
  fits: (seen: T) => boolean,
): Promise<T> {
  const end = performance.now() + WITHIN_MS;
  for (;;) {
    const seen = await look();
    if (fits(seen)) return seen;
    if (performance.now() > end) throw new Error(`it stays ${inspect(seen)}`);
    await atRest();
  }
}
