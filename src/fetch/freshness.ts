/** What an answer says of its version and its age (RFC 9110, section 13; RFC 9111, section 4.2.3). */
import type { Headers } from './exchange.ts';

/** What may stand in a header; some servers leave the quotes out. */
const ETAG = /^[\x21-\x7e]{1,256}$/;

export function sendable(etag: string | string[] | null): string | null {
  return typeof etag === 'string' && ETAG.test(etag) ? etag : null;
}

/** Whether "not modified" is said of the version that was asked about (or of none by name). */
export function isOf(etag: string | null, { etag: said }: Headers): boolean {
  if (etag === null) return false;
  return said === undefined || `${said}`.replace(/^W\//, '') === etag.replace(/^W\//, '');
}

/** RFC 9111, section 1.2.2: a longer age than this is this. */
const OLDEST_SECONDS = 2 ** 31;

/**
 * When a cache on the way may have seen it at the earliest, ms. The answer's age runs until its headers came; a second more, because `Age` is in whole seconds.
 */
export function seenSince({ age }: Headers, headAt: number): number | null {
  const seconds = [age].flat()[0]?.trim() ?? '';
  if (!/^\d+$/.test(seconds)) return null;
  return headAt - Math.min(Number(seconds), OLDEST_SECONDS) * 1000 - 1000;
}
