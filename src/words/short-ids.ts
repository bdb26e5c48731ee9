/** Ids of artifacts, short enough to read and long enough to be told apart. */

const PREFIX = 'sha256:'.length;
/** Enough to tell one from others at a glance: `1a2b3c4d5e6f`. */
export const SHORT = 12;
/** As many digits as an id has. */
const WHOLE = 64;

/**
 * Ids that stand together, as short as they can be told apart: whoever makes artifacts can make two whose
 * first 12 digits are the same.
 * @returns the short form of any of them, without `sha256:`
 */
export function shortIds(together: readonly (string | null)[]): (artifactId: string) => string {
  const ids = [...new Set(together.filter((id) => id !== null))];
  const cutAt = (digits: number) => (id: string) => id.slice(PREFIX, PREFIX + digits);
  let digits = SHORT;
  while (digits < WHOLE && new Set(ids.map(cutAt(digits))).size < ids.length) digits += 4;
  return cutAt(digits);
}
