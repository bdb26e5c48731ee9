/** Counts traces that were stored before hours were counted, in small steps. */
import type { Chore } from './chore.ts';
import type { Store } from './store.ts';

/** A few milliseconds' work. */
const TRACES = 2000;
const PAUSES = { first: 0, step: 5, round: 10 * 60_000 };

export function counting(
  store: Pick<Store, 'countTraces'>,
  failed: (error: unknown) => void,
): Chore {
  return { pauses: PAUSES, failed, step: () => store.countTraces(TRACES) };
}
