/** Attributes that are one text or one number, whatever they came as. */
import type { Attributes } from '../otlp/span.ts';

/** Longer ones are no names or ids, and what is stored narrowly must stay narrow. */
export const MAX_NAME = 500;

/** The first of the names that holds a text. It is taken as it is, even where it can't be used: see `unusable`. */
export function textAt(attributes: Attributes, ...names: string[]): string | null {
  for (const name of names) {
    const value = attributes[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

/** Why a text can't be stored narrowly; null where it can. */
export function unusable(text: string, longest = MAX_NAME): string | null {
  if (text.length > longest) return `is longer than ${longest} characters`;
  if (text.includes('\0')) return 'holds a NUL';
  return text.isWellFormed() ? null : 'holds a lone surrogate';
}

/** The first of the names that holds a whole number from 0; some send numbers as texts. */
export function countAt(attributes: Attributes, ...names: string[]): number | null {
  for (const name of names) {
    const value = attributes[name];
    const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  }
  return null;
}
