/** JSON from a source, whose shape is still unknown. */
import { isUtf8 } from 'node:buffer';
import type { Transcript } from './transcript.ts';

export type JsonObject = { [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param shown where it comes from, without secrets. @throws SourceError `not-json` */
export function parseJson(bytes: Buffer, shown: string, transcript: Transcript): unknown {
  // Mended text could give two different names one spelling (RFC 8259: JSON is UTF-8).
  const text = isUtf8(bytes) ? bytes.toString('utf8').replace(/^\ufeff/, '') : null;
  try {
    if (text !== null) return JSON.parse(text);
  } catch {
    // The parser's own words quote the body; the body is kept as evidence instead.
  }
  const what =
    text === null ? 'is not UTF-8' : /^\s*</.test(text) ? 'looks like HTML' : 'is not JSON';
  throw transcript.failure(
    'not-json',
    `${shown}: the answer ${what}, so this reading says nothing about the label. Check that the address is the right one.`,
  );
}

/** Hostile or long text, as error texts show it. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 120 ? `${text.slice(0, 120).toWellFormed()}…` : text;
}
