/** Labels by the names that people type, with "did you mean". */
import type { Store, StoredLabel } from '../store/store.ts';
import { nearest } from '../words/nearest.ts';
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
