/** Labels by the names that people type, with "did you mean". */
import { closest, distance } from 'fastest-levenshtein';
import type { Store, StoredLabel } from '../store/store.ts';
import { ProblemError } from './problem.ts';

/** @throws ProblemError unknown-label */
export async function knownLabel(store: Store, name: string): Promise<StoredLabel> {
  const label = await store.label(name);
  if (!label) throw await unknownLabel(store, name);
  return label;
}

async function unknownLabel(store: Store, name: string): Promise<ProblemError> {
  const near = nearest(name, await store.labelNames());
  const hint = near ? `; did you mean '${near}'?` : '; make it with PUT /api/v1/labels/{name}';
  return new ProblemError('unknown-label', `no label '${name}'${hint}`);
}

/** The name that was probably meant: one that goes on where this stops, else the one with the fewest slips. */
function nearest(name: string, names: readonly string[]): string | null {
  const longer = names.find((known) => known.startsWith(name));
  if (longer !== undefined || names.length === 0) return longer ?? null;
  const near = closest(name, names);
  return distance(name, near) <= Math.max(name.length, near.length) / 2 ? near : null;
}
