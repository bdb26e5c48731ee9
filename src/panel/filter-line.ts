/**
 * A line that says what is wanted, `label:og/* decision:"HOLD for review"`: read into words with their
 * places, and written again. What the fields mean isn't known here.
 */

/** Longer ones are not read. */
export const MOST_LINE = 1000;

/** Where something stands in the line: from `at` up to `end`. */
export interface Place {
  at: number;
  end: number;
}

export interface FilterWord extends Place {
  field: string;
  value: string;
  /** As it stands in the line. */
  raw: string;
}

export interface Mistake extends Place {
  raw: string;
  /** What is wrong with it; goes on after the word itself. */
  said: string;
  /** What may have been meant in its place. */
  instead: string | null;
}

export interface ReadLine {
  words: FilterWord[];
  mistakes: Mistake[];
}

// Whatever holds no space, but where it is quoted; a quote that isn't closed goes on to the end.
const WORD = /(?:[^\s"]|"(?:[^"\\]|\\.|\\$)*(?:"|$))+/gs;
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/s;

export function readLine(text: string): ReadLine {
  const words: FilterWord[] = [];
  const mistakes: Mistake[] = [];
  if (text.length > MOST_LINE) {
    const said = `is longer than a filter can be (${MOST_LINE} characters); leave something out`;
    return { words, mistakes: [{ at: 0, end: text.length, raw: text, said, instead: null }] };
  }
  for (const match of text.matchAll(WORD)) {
    const [raw] = match;
    const place = { at: match.index, end: match.index + raw.length, raw };
    const read = readWord(raw);
    if ('said' in read) mistakes.push({ ...place, ...read });
    else words.push({ ...place, ...read });
  }
  return { words, mistakes };
}

type Read = Pick<FilterWord, 'field' | 'value'> | Pick<Mistake, 'said' | 'instead'>;

function readWord(raw: string): Read {
  const colon = raw.indexOf(':');
  if (colon < 0 || raw.slice(0, colon).includes('"')) {
    return { field: '', value: QUOTED.exec(raw) ? unquoted(raw) : raw };
  }
  const field = raw.slice(0, colon);
  const value = raw.slice(colon + 1);
  if (!value.includes('"')) return { field, value };
  if (QUOTED.test(value)) return { field, value: unquoted(value) };
  const isClosed =
    !value.startsWith('"') || QUOTED.test(value.slice(0, value.lastIndexOf('"') + 1));
  return isClosed
    ? {
        said: 'has a quote inside; the whole value is to be quoted',
        instead: written(field, value),
      }
    : { said: 'has a quote that is not closed', instead: written(field, value.slice(1)) };
}

function unquoted(value: string): string {
  return value.slice(1, -1).replace(/\\(.)/gs, '$1');
}

/** A word as it is to be typed. */
export function written(field: string, value: string): string {
  const isPlain = value !== '' && !/[\s"]/.test(value);
  return `${field}:${isPlain ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`;
}

/** The line with this instead of what the field said before, or behind the rest. */
export function lineWith(words: readonly FilterWord[], field: string, value: string): string {
  const others = words.filter((word) => word.field !== field).map(({ raw }) => raw);
  return [...others, written(field, value)].join(' ');
}

export function lineWithout(words: readonly FilterWord[], field: string): string {
  return words
    .filter((word) => word.field !== field)
    .map(({ raw }) => raw)
    .join(' ');
}

/** The line with one mistake corrected. */
export function lineCorrected(line: string, { at, end, instead }: Mistake): string {
  return `${line.slice(0, at)}${instead ?? ''}${line.slice(end)}`.trim();
}
