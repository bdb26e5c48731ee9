/**
 * Attribute values as JSON. What plain JSON can't say is written as OTLP/JSON writes it, so that
 * nothing is lost and what comes back is valid: `{"doubleValue":"NaN"}`, `{"intValue":"9007199254740993"}`,
 * `{"bytesValue":"…"}` (base64). A map that has one of these names as its only key is itself written
 * as `{"kvlistValue":{…}}`. NUL and lone surrogates are escaped, as `JSON.stringify` does.
 */
import type { AnyValue, Attributes } from '../otlp/span.ts';

export type Json = null | boolean | number | string | Json[] | Fields;
export type Fields = { [key: string]: Json };

const TAGS: ReadonlySet<string> = new Set(['doubleValue', 'intValue', 'bytesValue', 'kvlistValue']);
/** With what stands around it, well within the 200 that the API promises. */
export const MAX_DEPTH = 100;
const TOO_DEEP: Json = { omitted: `nests more than ${MAX_DEPTH} deep` };

export function jsonOf(value: AnyValue, depth = 0): Json {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : { doubleValue: String(value) };
  }
  if (typeof value === 'bigint') return { intValue: String(value) };
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) {
    const { buffer, byteOffset, byteLength } = value;
    return { bytesValue: Buffer.from(buffer, byteOffset, byteLength).toString('base64') };
  }
  if (depth >= MAX_DEPTH) return TOO_DEEP;
  if (Array.isArray(value)) return value.map((part) => jsonOf(part, depth + 1));
  return mapOf(value, depth);
}

function mapOf(map: Attributes, depth: number): Fields {
  const entries = Object.entries(map).map(([key, value]): [string, Json] => [
    key,
    jsonOf(value, depth + 1),
  ]);
  // Not by assignment: `__proto__` is a key like any other.
  const fields: Fields = Object.fromEntries(entries);
  const looksLikeTag = entries.length === 1 && TAGS.has(entries[0]![0]);
  return looksLikeTag ? { kvlistValue: fields } : fields;
}

/** The JSON text of a value. */
export function jsonTextOf(value: AnyValue): string {
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  return JSON.stringify(typeof value === 'string' ? value : jsonOf(value));
}

/** The members of an object, without its braces; empty where none is left. */
export function membersText(
  attributes: Attributes,
  without: { has(key: string): boolean } | null = null,
): string {
  let text = '';
  for (const key in attributes) {
    if (without?.has(key)) continue;
    text += `${text && ','}${nameText(key)}:${jsonTextOf(attributes[key]!)}`;
  }
  return text;
}

/** Names come again and again; those of strangers are made no room for. */
const names = new Map<string, string>();
const MAX_NAMES = 1000;

function nameText(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  const text = JSON.stringify(name);
  if (names.size < MAX_NAMES && name.length <= 100) names.set(name, text);
  return text;
}

export function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
