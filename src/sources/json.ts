/** JSON from a source, whose shape is still unknown. */
import { isUtf8 } from 'node:buffer';
import { nestsDeeperThan, scan } from '../contract/json-text.ts';
import type { Transcript } from './transcript.ts';

export type JsonObject = { [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deeper than any answer there is, and before the parser gets slow: brackets alone keep it busy for seconds. */
const DEEPEST = 200;

/**
 * @param shown where it comes from, without secrets
 * @throws SourceError `not-json`; `unknown-shape` where what it says depends on who reads it
 */
export function parseJson(bytes: Buffer, shown: string, transcript: Transcript): unknown {
  const fail = (code: 'not-json' | 'unknown-shape', what: string) =>
    transcript.failure(
      code,
      `${shown}: the answer ${what}, so this reading says nothing about the label. Check that the address is the right one.`,
    );
  // Mended text could give two different names one spelling (RFC 8259: JSON is UTF-8).
  if (!isUtf8(bytes)) throw fail('not-json', 'is not UTF-8');
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  if (nestsDeeperThan(DEEPEST, text)) {
    throw fail('unknown-shape', `nests more than ${DEEPEST} deep`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own words quote the body; the body is kept as evidence instead.
    throw fail('not-json', /^\s*</.test(text) ? 'looks like HTML' : 'is not JSON');
  }
  if (scan(text, 0).members !== membersOf(value)) {
    throw fail('unknown-shape', 'has one key twice in one object');
  }
  return value;
}

/** How many members its objects have in all. */
function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.values(value);
  return inside.reduce<number>(
    (sum, one) => sum + membersOf(one),
    Array.isArray(value) ? 0 : inside.length,
  );
}

/** Hostile or long text, as error texts show it. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 120 ? `${text.slice(0, 120).toWellFormed()}…` : text;
}
