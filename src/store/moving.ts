/** Moves stored traces to the label they have by now, in small steps. */
import type { Chore } from './chore.ts';
import type { Store } from './store.ts';

/** A few milliseconds' work. */
const TRACES = 200;
const PAUSES = { first: 0, step: 5, round: 1000 };

export function moving(store: Pick<Store, 'moveTraces'>, failed: (error: unknown) => void): Chore {
  return { pauses: PAUSES, failed, step: () => store.moveTraces(TRACES) };
}
