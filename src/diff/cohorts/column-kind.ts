/** What a field's values are compared as: what was asked for, or what both sides together show. */
import { CODE, type ColumnKind } from '../data.ts';
import { type FieldValues, fits } from './field-values.ts';

/** So many distinct values are labels however few runs there are. */
const FEW = 50;

export function kindOf(values: FieldValues): ColumnKind {
  if (values.asked !== null) return values.asked;
  const { types } = values;
  const numbers = types.of('numbers', 'numbers out of range') > 0;
  const words = types.of('texts', 'booleans') > 0;
  const structures = types.of('lists', 'objects', 'unread') > 0;
  // A null says that nothing is there, whatever stands there else: it is no type that mixes.
  if (Number(numbers) + Number(words) + Number(structures) > 1) {
    return areFewAndShort(values) ? 'label' : 'text';
  }
  if (numbers) return 'number';
  if (!structures) return areLabels(values) ? 'label' : 'text';
  const onlyLists = types.of('objects', 'unread') === 0;
  return onlyLists && values.vectorLength !== null && values.vectorLength > 0 ? 'vector' : 'json';
}

/** How the values' types are told where they don't all fit: by type and side. Null where they do. */
export function typeNoteOf({ asked, types, opened }: FieldValues, kind: ColumnKind): string | null {
  const seen = types.seen();
  if (asked !== null) {
    const unfit = seen.filter((type) => !fits(asked, type) && type !== 'unread');
    return unfit.length === 0 ? null : `counted as missing: ${types.told(unfit)}`;
  }
  const nullsFit = kind !== 'number' && kind !== 'vector';
  const mixing = seen.filter((type) => !(type === 'nulls' && nullsFit));
  const apart = opened.seen();
  if (mixing.length + apart.length < 2) return null;
  const told = types.told(mixing);
  return apart.length === 0 ? told : `${told}; taken apart: ${opened.told(apart)}`;
}

/** The distinct numbers; null where there are more than a few. */
export function fewNumbersOf(values: FieldValues): Set<number> | null {
  const distinct = new Set<number>();
  for (const side of [0, 1] as const) {
    const [codes, numbers] = [values.codes[side], values.numbers[side]];
    for (let row = 0; row < codes.end; row++) {
      if (codes.get(row) === CODE.number) distinct.add(numbers.get(row));
      if (distinct.size > FEW) return null;
    }
  }
  return distinct;
}

function areLabels(values: FieldValues): boolean {
  const { book, totalRuns } = values;
  if (book === null || values.longTexts > 0 || hasLineBreak(values)) return false;
  return book.size <= FEW || book.size * 10 < totalRuns;
}

function areFewAndShort(values: FieldValues): boolean {
  const { book, types } = values;
  if (types.of('lists', 'objects', 'unread', 'numbers out of range') > 0) return false;
  if (book === null || values.longTexts > 0 || book.size > FEW || hasLineBreak(values))
    return false;
  const numbers = fewNumbersOf(values);
  return numbers !== null && book.size + numbers.size <= FEW;
}

function hasLineBreak({ book }: FieldValues): boolean {
  for (const [label] of book?.labels() ?? []) {
    if (typeof label === 'string' && /[\n\r\u2028\u2029]/.test(label)) return true;
  }
  return false;
}
