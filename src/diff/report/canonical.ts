/** A report's one JSON text, and the id that comes from it: the same content has the same bytes and the same id. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Report } from '../../contract/diff.ts';

const SIGNIFICANT = 12;
const ID_DIGITS = 24;

/** The report with numbers and texts that JSON can hold, and its id. */
export function identified(content: Omit<Report, 'id'>): Report {
  const settled = settledIn(content) as Omit<Report, 'id'>;
  const text = canonicalize(settled) as string;
  const hash = createHash('sha256').update(text).digest('hex');
  return { id: `d_${hash.slice(0, ID_DIGITS)}`, ...settled };
}

/** RFC 8785. */
export function reportText(report: Report): string {
  return canonicalize(report) as string;
}

/**
 * Floating-point sums differ in their last digits with the order of their terms: numbers keep 12
 * significant ones. What is not finite becomes null, a lone surrogate the replacement character.
 */
function settledIn(value: unknown): unknown {
  if (typeof value === 'number') return settledNumber(value);
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(settledIn);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key.toWellFormed(), settledIn(each)]),
  );
}

function settledNumber(value: number): number | null {
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value; // -0 is 0
  return Number.isFinite(value) ? Number(value.toPrecision(SIGNIFICANT)) : null;
}
