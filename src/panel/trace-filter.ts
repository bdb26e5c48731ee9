/** The filter line of traces: what its fields take, and what a line comes to. */
import { z } from 'zod';
import { artifactId, labelName } from '../contract/names.ts';
import { attribution } from '../contract/observation.ts';
import { decision } from '../contract/trace.ts';
import type { TraceFilter } from '../store/store.ts';
import { instantOf, TwiceError } from '../words/local-time.ts';
import { nearest } from '../words/nearest.ts';
import { type FilterWord, type Mistake, readLine, written } from './filter-line.ts';

const CERTAINTIES = attribution.shape.certainty.options;
const OBSERVED = attribution.shape.observed.options;
const ARTIFACT = `no artifact id: 'sha256:' and 64 hex digits`;
const TIME = 'no day or time, such as 2026-11-19, 2026-11-19T09:00 or 2026-11-19T09:00:00+01:00';

/** Each with what it asks for. */
export const FIELDS = {
  label: 'under a label; * is any text, ? one character',
  artifact: 'produced by this artifact',
  candidate: 'possibly produced by this artifact; or absent',
  certainty: `how certain that is: ${CERTAINTIES.join(', ')}`,
  observed: `what the readings alone say: ${OBSERVED.join(', ')}`,
  decision: 'with exactly this decision',
  after: 'began then or later: a day, or a time',
  before: 'began before then',
  conflict: 'yes: names a blob that no candidate holds; no: the others',
  unmapped: 'yes: no label has it; no: the others',
} as const;

export type Field = keyof typeof FIELDS;

/** What people from other places call them, or look for. */
const ELSEWHERE: Readonly<Record<string, Field>> = {
  from: 'after',
  since: 'after',
  to: 'before',
  until: 'before',
};

export interface TraceLine {
  /** The words that could be read. */
  words: readonly FilterWord[];
  mistakes: readonly Mistake[];
  /** Null where there is a mistake: then nothing is shown, and never all. */
  filter: TraceFilter | null;
}

type Found = Partial<TraceFilter> | Pick<Mistake, 'said' | 'instead'>;

/** @param zone of days and of times without one */
export function traceLine(text: string, zone: string): TraceLine {
  const { words, mistakes: unread } = readLine(text);
  const mistakes = [...unread];
  const filter: TraceFilter = { from: null, to: null };
  const seen = new Set<string>();
  for (const word of words) {
    const mistaken = (said: string, instead: string | null = null) => {
      mistakes.push({ at: word.at, end: word.end, raw: word.raw, said, instead });
    };
    const found =
      isField(word.field) && seen.has(word.field)
        ? { said: `is the second ${word.field}; one is enough`, instead: '' }
        : meant(word, zone);
    if ('said' in found) mistaken(found.said, found.instead);
    else Object.assign(filter, found);
    seen.add(word.field);
    if (mistakes.length > 0) continue;
    const { from, to, label, unmapped } = filter;
    if (from !== null && to !== null && to <= from)
      mistaken('leaves no time between after and before');
    if (label !== undefined && unmapped) {
      mistaken('leaves nothing: an unmapped trace has no label; leave out one of the two');
    }
  }
  mistakes.sort((a, b) => a.at - b.at);
  return { words, mistakes, filter: mistakes.length > 0 ? null : filter };
}

function meant(word: FilterWord, zone: string): Found {
  const { field, value } = word;
  if (!isField(field)) return unknownField(word, zone);
  if (value === '') return { said: `has no value; it is to be ${FIELDS[field]}`, instead: null };
  return READERS[field](value, zone);
}

function isField(field: string): field is Field {
  return Object.hasOwn(FIELDS, field);
}

const READERS: Record<Field, (value: string, zone: string) => Found> = {
  label: (value) => {
    // A letter or digit stands for each wildcard.
    if (labelName.safeParse(value.replace(/[*?]/g, 'x')).success) return { label: value };
    return { said: 'can match no label: they are made of A-Z a-z 0-9 . _ - / @ :', instead: null };
  },
  artifact: (value) => {
    const id = artifactOf(value);
    return id ? { artifact: id } : { said: `names ${ARTIFACT}`, instead: null };
  },
  candidate: (value) => {
    if (value === 'absent') return { candidate: 'absent' };
    const id = artifactOf(value);
    return id ? { candidate: id } : { said: `names ${ARTIFACT}, or absent`, instead: null };
  },
  certainty: (value) => chosen('certainty', value, CERTAINTIES),
  observed: (value) => chosen('observed', value, OBSERVED),
  decision: (value) =>
    decision.safeParse(value).success
      ? { decision: value }
      : { said: 'is longer than a decision can be, or can stand in none', instead: null },
  after: (value, zone) => timeOf(value, zone, 'floor', (from) => ({ from })),
  before: (value, zone) => timeOf(value, zone, 'ceil', (to) => ({ to })),
  conflict: (value) => yesOrNo('conflict', value),
  unmapped: (value) => yesOrNo('unmapped', value),
};

function artifactOf(value: string): string | null {
  const text = value.toLowerCase();
  const id = text.startsWith('sha256:') ? text : `sha256:${text}`;
  return artifactId.safeParse(id).success ? id : null;
}

function chosen<F extends 'certainty' | 'observed'>(
  field: F,
  value: string,
  choices: readonly NonNullable<TraceFilter[F]>[],
): Found {
  const given = value.toLowerCase();
  const choice = choices.find((one) => one === given);
  if (choice) return { [field]: choice };
  const near = nearest(given, choices);
  const said = `is none of ${choices.join(', ')}`;
  return { said, instead: near && written(field, near) };
}

const YES = ['yes', 'true'];
const NO = ['no', 'false'];

function yesOrNo(field: 'conflict' | 'unmapped', value: string): Found {
  const given = value.toLowerCase();
  if (YES.includes(given)) return { [field]: true };
  if (NO.includes(given)) return { [field]: false };
  const near = nearest(given, ['yes', 'no']);
  return { said: 'is neither yes nor no', instead: near && written(field, near) };
}

function timeOf(
  value: string,
  zone: string,
  rounding: 'floor' | 'ceil',
  found: (ms: number) => Found,
): Found {
  try {
    const ms = instantOf(value, zone, rounding);
    return ms === null ? { said: `names ${TIME}`, instead: null } : found(ms);
  } catch (error) {
    if (!(error instanceof TwiceError)) throw error;
    return { said: error.message, instead: null };
  }
}

function unknownField({ field, value, raw }: FilterWord, zone: string): Found {
  const alone = 'stands without a field';
  if (artifactId.safeParse(raw).success) return { said: alone, instead: written('artifact', raw) };
  if (field === '') return { said: alone, instead: guessed(value) };
  const names = Object.keys(FIELDS).filter(isField);
  const given = field.toLowerCase();
  const near = isField(given) ? given : (ELSEWHERE[given] ?? nearestOf(given, names));
  const said = `begins with no field that there is (${names.join(', ')})`;
  if (near === null) return { said, instead: null };
  // The value may have a slip of its own.
  const found = value === '' ? {} : READERS[near](value, zone);
  const better = 'said' in found ? found.instead : null;
  return { said, instead: better ?? written(near, value) };
}

function nearestOf<T extends string>(given: string, names: readonly T[]): T | null {
  const near = nearest(given, names);
  return names.find((name) => name === near) ?? null;
}

/** Of a word alone, what it may be about. */
function guessed(value: string): string | null {
  const word = value.toLowerCase();
  if (CERTAINTIES.some((one) => one === word)) return written('certainty', word);
  if (word === 'conflict' || word === 'unmapped') return written(word, 'yes');
  if (z.iso.date().safeParse(value).success) return written('after', value);
  if (/^[A-Z][A-Z_-]*$/.test(value)) return written('decision', value);
  return labelName.safeParse(value.replace(/[*?]/g, 'x')).success ? written('label', value) : null;
}
