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
  const names = await store.labelNames();
  const near = names.length > 0 ? closest(name, names) : '';
  const meant = near && distance(name, near) <= Math.max(3, name.length / 2);
  const hint = meant ? `; did you mean '${near}'?` : '; make it with PUT /api/v1/labels/{name}';
  return new ProblemError('unknown-label', `no label '${name}'${hint}`);
}
