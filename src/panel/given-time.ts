/** A time that somebody typed into a form or a URL. */
import { instantOf, TwiceError } from '../words/local-time.ts';

export interface GivenTime {
  /** As it was typed. */
  text: string;
  /** ms; null where nothing was typed, or nothing that can be read. */
  at: number | null;
  problem: string | null;
}

const LONGEST = 100;

/** @param zone of times without one */
export function givenTime(
  given: string | undefined,
  zone: string,
  rounding: 'floor' | 'ceil',
): GivenTime {
  const text = (given ?? '').trim().slice(0, LONGEST);
  if (text === '') return { text, at: null, problem: null };
  try {
    const at = instantOf(text, zone, rounding);
    return { text, at, problem: at === null ? `is no time; ${hintOf(zone)}` : null };
  } catch (error) {
    if (!(error instanceof TwiceError)) throw error;
    return { text, at: null, problem: error.message };
  }
}

export function hintOf(zone: string): string {
  return `such as 2026-11-19, 2026-11-19 09:00 (${zone}) or 2026-11-19T09:00:00Z`;
}
