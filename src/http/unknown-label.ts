/** "Did you mean": for names typed by people. */
import { closest, distance } from 'fastest-levenshtein';
import type { Store } from '../store/store.ts';
import { ProblemError } from './problem.ts';

export async function unknownLabel(store: Store, name: string): Promise<ProblemError> {
  const names = await store.labelNames();
  const near = names.length > 0 ? closest(name, names) : '';
  const meant = near && distance(name, near) <= Math.max(3, name.length / 2);
  const hint = meant ? `; did you mean '${near}'?` : '; make it with PUT /api/v1/labels/{name}';
  return new ProblemError('unknown-label', `no label '${name}'${hint}`);
}
