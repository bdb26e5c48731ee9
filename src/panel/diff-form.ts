/** What somebody chose and typed for a diff, read: from the URL of its form, and from the form itself. */
import { columnKind, type DiffRequest, diffRequest } from '../contract/diff.ts';
import { artifactId } from '../contract/names.ts';
import { formatTime } from '../contract/time.ts';
import { canonicalBlobId, isBlobId } from '../walrus/blob-id.ts';
import { dateOf, startOf } from '../words/local-time.ts';
import { givenTime, hintOf } from './given-time.ts';
import { withQuery } from './page.ts';

/** By field, as typed; '' where nothing was. */
export type TypedDiff = Readonly<Record<DiffField, string>>;

const TEXTS = {
  label: 200,
  before: 100,
  beforeFrom: 100,
  beforeTo: 100,
  after: 100,
  afterFrom: 100,
  afterTo: 100,
  fields: 4000,
  minEffect: 20,
  provisional: 5,
  across: 5,
  hold: 5,
} as const;

export type DiffField = keyof typeof TEXTS;
export type DiffSide = 'before' | 'after';
/** What is wrong, by field. */
export type DiffProblems = Partial<Record<DiffField, string>>;

export type ReadDiff =
  | { request: DiffRequest; problems: null }
  | { request: null; problems: DiffProblems };

/** @param given a field of a URL or of a form, whatever it is */
export function typedDiff(given: (field: DiffField) => unknown): TypedDiff {
  const entries = Object.entries(TEXTS).map(([field, most]) => {
    const value = given(field as DiffField);
    return [field, typeof value === 'string' ? value.trim().slice(0, most) : ''];
  });
  return Object.fromEntries(entries) as TypedDiff;
}

/** The form with what is typed, and another choice of a side. */
export function choosing(typed: TypedDiff, side: DiffSide, what: string): string {
  return formPath({ ...typed, [side]: what, [`${side}From`]: '', [`${side}To`]: '' });
}

export function formPath(typed: Partial<TypedDiff>): string {
  const given = Object.entries(typed).map(([field, value]) => [field, value || null]);
  return withQuery('/diffs', Object.fromEntries(given));
}

/** Where the reports of a label are listed. */
export function diffsPath(label: string): string {
  return withQuery('/diffs', { of: label });
}

/** @param zone of days, and of times without one */
export function readDiff(typed: TypedDiff, zone: string): ReadDiff {
  const problems: DiffProblems = {};
  const before = sideIn(typed, 'before', zone, problems);
  const after = sideIn(typed, 'after', zone, problems);
  const fields = fieldsIn(typed.fields);
  const minEffect = typed.minEffect === '' ? {} : { minEffect: Number(typed.minEffect) };
  const parsed = diffRequest.safeParse({
    ...{ label: typed.label, before, after, fields, ...minEffect },
    includeProvisional: typed.provisional === 'yes',
    across: typed.across === 'yes',
    hold: typed.hold === 'yes',
  });
  for (const { path, message } of parsed.error?.issues ?? []) {
    const field = FIELDS_OF[String(path[0])];
    const line = path[0] === 'fields' && typeof path[1] === 'number' ? `line ${path[1] + 1}: ` : '';
    // The first of each: what stands below follows from it, mostly.
    if (field) problems[field] ??= `${line}${field === 'minEffect' ? NO_EFFECT : message}`;
  }
  if (parsed.success && Object.keys(problems).length === 0) {
    return { request: parsed.data, problems: null };
  }
  return { request: null, problems };
}

const NO_EFFECT = 'is a number of points above 0 and below 100, such as 5';

const FIELDS_OF: Readonly<Record<string, DiffField>> = {
  label: 'label',
  fields: 'fields',
  minEffect: 'minEffect',
};

type GivenSide = { artifact: string } | { blobId: string } | { from: string; to: string };

function sideIn(
  typed: TypedDiff,
  side: DiffSide,
  zone: string,
  problems: DiffProblems,
): GivenSide | null {
  const text = typed[side];
  const [from, to] = [typed[`${side}From`], typed[`${side}To`]];
  if (from === '' && to === '') {
    const found = namedSide(text, zone);
    if (typeof found !== 'string') return found;
    problems[side] = found;
    return null;
  }
  if (text !== '') {
    problems[side] = 'leave this empty, or the times below: either names the whole side';
    return null;
  }
  return periodIn({ side, from, to, zone }, problems);
}

/** @returns a text where it is wrong, which says how */
function namedSide(text: string, zone: string): GivenSide | string {
  if (text === '') return 'choose what this side is: an artifact, a day, or from when to when';
  if (artifactId.safeParse(text).success) return { artifact: text };
  if (isBlobId(text)) return { blobId: text };
  const day = dateOf(text);
  if (day) {
    const end = day.add({ days: 1 });
    return { from: formatTime(startOf(day, zone)), to: formatTime(startOf(end, zone)) };
  }
  const canonical = canonicalBlobId(text);
  if (canonical) return `is no Blob ID as it is written; the same one is ${canonical}`;
  return 'is no artifact id (sha256: and 64 hex digits), no Blob ID and no day (such as 2026-11-17)';
}

function periodIn(
  { side, from, to, zone }: { side: DiffSide; from: string; to: string; zone: string },
  problems: DiffProblems,
): GivenSide | null {
  const [begin, end] = [givenTime(from, zone, 'floor'), givenTime(to, zone, 'ceil')];
  const missing = `is needed too: a time ${hintOf(zone)}`;
  if (begin.at === null) problems[`${side}From`] = begin.problem ?? missing;
  if (end.at === null) problems[`${side}To`] = end.problem ?? missing;
  if (begin.at === null || end.at === null) return null;
  if (end.at <= begin.at) {
    problems[`${side}To`] = 'has to lie after the beginning';
    return null;
  }
  return { from: formatTime(begin.at), to: formatTime(end.at) };
}

/** A path a line, and its kind behind it where it is not to be seen from the values: `$.score number`. */
function fieldsIn(text: string): { path: string; kind?: string }[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const space = line.search(/\s\S*$/);
      const kind = line.slice(space + 1);
      const isKind = space > 0 && columnKind.safeParse(kind).success;
      return isKind ? { path: line.slice(0, space).trim(), kind } : { path: line };
    });
}
