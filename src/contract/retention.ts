/** How long traces are kept, label by label: `{"label": "og/*", "age": "90d", "bytes": "10GB"}`. */
import { z } from 'zod';
import { duration } from './time.ts';

const MOST_ENTRIES = 1000;
const UNITS = { kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 } as const;
const LEAST_BYTES = UNITS.MB;

/** From an hour on: `3m` may be meant as three months, and would leave three minutes. */
const [LEAST_AGE, MOST_AGE] = ['1h', '36500d'];

export const KEPT_HINT = `a duration from ${LEAST_AGE} to ${MOST_AGE}, such as 90d (units: ms, s, m, h, d; m is minutes), or forever`;

/** ms; null: for ever. */
export const keptFor = z.string(`expected ${KEPT_HINT}`).transform((text, context) => {
  if (text === 'forever') return null;
  const ms = duration(LEAST_AGE, MOST_AGE).safeParse(text);
  if (ms.success) return ms.data;
  context.issues.push({ code: 'custom', message: `expected ${KEPT_HINT}`, input: text });
  return z.NEVER;
});

const BYTES_HINT =
  'expected a number of bytes from 1MB on, such as 500MB or 10GB (units: kB, MB, GB, TB)';

const bytes = z.union([z.number(), z.string()]).transform((value, context) => {
  const count = typeof value === 'number' ? value : bytesIn(value);
  if (Number.isSafeInteger(count) && count >= LEAST_BYTES) return count;
  context.issues.push({ code: 'custom', message: BYTES_HINT, input: value });
  return z.NEVER;
});

/** Decimal units, as disks are sold. NaN where it is no such text. */
function bytesIn(text: string): number {
  const [, count, unit] = /^(\d{1,15}(?:\.\d{1,3})?)(kB|MB|GB|TB)$/.exec(text) ?? [];
  if (count === undefined) return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return Math.round(Number(count) * UNITS[unit as keyof typeof UNITS]);
}

const entry = z
  .strictObject({
    label: z
      .string('expected a glob over labels, or null for unmapped traces')
      .min(1, 'a glob is 1–200 characters')
      .max(200, 'a glob is 1–200 characters')
      .nullable(),
    age: keptFor.optional(),
    bytes: bytes.optional(),
  })
  .refine(({ age, bytes }) => age !== undefined || bytes !== undefined, {
    message: 'an entry needs age, bytes, or both; {"age": "forever"} keeps its traces for good',
  })
  .transform(({ label, age = null, bytes = null }) => ({ label, age, bytes }));

/** In order: the first whose glob fits a label counts; null is for traces that no label has. */
export const retention = z
  .array(entry, 'expected a list of entries such as {"label": "og/*", "age": "90d"}')
  .max(MOST_ENTRIES, `there may be ${MOST_ENTRIES} entries`);

export interface RetentionEntry {
  /** A glob over labels; null: unmapped traces. */
  label: string | null;
  /** ms; null: none go by age. */
  age: number | null;
  /** Of the texts of one label's traces, as received; null: none go by size. */
  bytes: number | null;
}
