/** The `Content-Range` of an answer: which part of the whole it holds (RFC 9110, section 14.4). */

export interface ContentRange {
  /** The first and the last byte of this part, from 0; null where the answer holds none (416). */
  part: { first: number; last: number } | null;
  /** Bytes of the whole; null where it isn't said. */
  total: number | null;
}

/** Null where there is none, or what stands there is not one range of bytes that can be. */
export function contentRange(header: string | string[] | undefined): ContentRange | null {
  if (typeof header !== 'string') return null;
  const match = /^bytes (?:(\d{1,16})-(\d{1,16})|\*)\/(?:(\d{1,16})|\*)$/i.exec(header.trim());
  if (!match) return null;
  const [first, last, total] = match.slice(1).map((text) => (text ? Number(text) : null));
  if (first === null || last === null) {
    return total === null ? null : { part: null, total: total! };
  }
  const fits = first! <= last! && (total === null || last! < total!);
  return fits && [first, last, total].every(isExact)
    ? { part: { first: first!, last: last! }, total: total! }
    : null;
}

function isExact(number: number | null | undefined): boolean {
  return number === null || Number.isSafeInteger(number);
}
