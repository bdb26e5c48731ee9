/**
 * Numbers of OTLP/JSON. Integers of 64 bits come as text or as JSON numbers, and `JSON.parse` makes
 * the latter inexact past 2^53; who meets one asks for the body to be parsed again, exactly.
 */

/** Thrown at a number that lost its last digits. */
export class InexactNumber extends Error {
  override name = 'InexactNumber';
}

/** Parses as `JSON.parse` does, but integers past 2^53 as bigints. Ten times slower. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    if (typeof value !== 'number' || !isInexact(value)) return value;
    const source = context?.source ?? '';
    // Longer ones are past 64 bits anyway, and would take long to convert.
    return /^-?\d{1,20}$/.test(source) ? BigInt(source) : value;
  });
}

export function isInexact(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** An integer from decimal digits in a text; undefined where it is none. */
export function integerIn(text: string): bigint | undefined {
  return /^-?\d{1,20}$/.test(text) ? BigInt(text) : undefined;
}

const DECIMAL = /^-?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,5})?$/;

/** A double from a text, NaN and the infinities by their names; undefined where it is none. */
export function doubleIn(text: string): number | undefined {
  if (text === 'NaN') return Number.NaN;
  if (text === 'Infinity') return Number.POSITIVE_INFINITY;
  if (text === '-Infinity') return Number.NEGATIVE_INFINITY;
  return DECIMAL.test(text) ? Number(text) : undefined;
}
