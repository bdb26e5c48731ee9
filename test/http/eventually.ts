/** Waiting for what a connection or another part of the service does in its own time. */
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';

const WITHIN_MS = 20_000;
/** A look is often a question to the service, in this very process: asked without a pause, it would keep the service from its work. */
const LOOK_AGAIN_MS = 5;

/** Looks again and again. @returns what was seen once it fits */
export async function eventually<T>(
  look: () => T | Promise<T>,
  fits: (seen: T) => boolean,
): Promise<T> {
  const end = performance.now() + WITHIN_MS;
  for (;;) {
    const seen = await look();
    if (fits(seen)) return seen;
    if (performance.now() > end) throw new Error(`it stays ${inspect(seen)}`);
    await pause(LOOK_AGAIN_MS);
  }
}
