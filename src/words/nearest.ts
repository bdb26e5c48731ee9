/** "Did you mean", for the names that people type. */
import { closest, distance } from 'fastest-levenshtein';

/** The name that was probably meant: one that goes on where this stops, else the one with the fewest slips. */
export function nearest(name: string, names: readonly string[]): string | null {
  const longer = names.find((known) => known.startsWith(name));
  if (longer !== undefined || names.length === 0) return longer ?? null;
  const near = closest(name, names);
  return distance(name, near) <= Math.max(name.length, near.length) / 2 ? near : null;
}
