/** A page of a list stays small, whatever is in the list: names and ids from outside may be long. */

/** Of the 100 kB that a page may have; the rest is around the list. */
const MOST_BYTES = 80_000;

/**
 * The first ones, as many as there is room for; at least one.
 * @param bytesOf what one takes of the page, about
 */
export function roomFor<T>(items: readonly T[], bytesOf: (item: T) => number): readonly T[] {
  let bytes = 0;
  const end = items.findIndex((item, i) => {
    bytes += bytesOf(item);
    return i > 0 && bytes > MOST_BYTES;
  });
  return end < 0 ? items : items.slice(0, end);
}

/** As a text from outside stands in a link. */
export function encodedLength(text: string | null): number {
  return text === null ? 0 : encodeURIComponent(text.toWellFormed()).length;
}
