/** Reading an answer that may be anything: each field is what it should be, or the answer is none of ours. */
import { ClientError } from './client-error.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const LABEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._\-/@:]{0,199}$/;
const ARTIFACT_ID = /^sha256:[0-9a-f]{64}$/;
const BLOB_ID = /^[A-Za-z0-9_-]{43}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const DURATION = /^(\d{1,15})(ms|s|m|h|d)$/;
const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @throws ClientError foreign-answer */
export function foreign(what: string): never {
  throw new ClientError(
    'foreign-answer',
    `the answer is not Underlabel's (${what}), so nothing is taken from it; check the client's url`,
  );
}

export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) foreign(what);
  return value as Fields;
}

export function listOf<T>(value: unknown, what: string, read: (item: unknown) => T): T[] {
  return Array.isArray(value) ? value.map(read) : foreign(what);
}

export function orNull<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === null ? null : read(value);
}

export const artifactIdOf = (value: unknown) => text(value, ARTIFACT_ID, 'an artifact id');
export const blobIdOf = (value: unknown) => text(value, BLOB_ID, 'a Blob ID');

export function timeOf(value: unknown): number {
  const ms = Date.parse(text(value, TIME, 'a time'));
  return Number.isNaN(ms) ? foreign('a time') : ms;
}

/** In ms. */
export function durationOf(value: unknown): number {
  const [, count, unit] = DURATION.exec(text(value, DURATION, 'a duration'))!;
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}

function text(value: unknown, pattern: RegExp, what: string): string {
  return typeof value === 'string' && pattern.test(value) ? value : foreign(what);
}
