/** Numbers and names as sentences about a diff have them: in reports, and in every rendering of one. */
import type { ReportEffect } from '../../contract/diff.ts';
import { shownP } from '../statistics/index.ts';

const LONGEST_NAME = 40; // code points

/** In a name, what a sentence puts between names and numbers, and white space that nobody would see. */
const SENTENCE_SIGNS = /[→;]|[,:.]\s|^\s|\s$|\s\s/u;

/**
 * A name is anyone's text: nothing in it may break the line, turn it around or fill the page. One
 * that could be read as a part of the sentence is quoted, so that none speaks for the diff.
 */
export function nameIn(text: string): string {
  const points = [...text.slice(0, 4 * LONGEST_NAME).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd')];
  const isLong = points.length > LONGEST_NAME;
  const name = isLong ? `${points.slice(0, LONGEST_NAME).join('')}…` : points.join('');
  return SENTENCE_SIGNS.test(name) && !name.startsWith('"') ? JSON.stringify(name) : name;
}

export function counted(n: number, noun: string): string {
  return `${grouped(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** `1234`, `12,345`. */
export function grouped(n: number): string {
  return n < 10_000 ? String(n) : String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function list(items: readonly string[]): string {
  const rest = items.slice(0, -1);
  return rest.length === 0 ? items.join('') : `${rest.join(', ')} and ${items.at(-1)}`;
}

/** Of a share from 0 to 1. Never rounds to all or to none what is neither. */
export function percent(share: number): string {
  const tenths = Math.round(share * 1000) / 10;
  if (share > 0 && tenths < 0.1) return '<0.1 %';
  return `${share < 1 && tenths > 99.9 ? '99.9' : tenths} %`;
}

/** `q = 0.0004`, `q < 1e-300`. */
export function probability(letter: 'p' | 'q', value: number): string {
  const text = shownP(value);
  return text.startsWith('<') ? `${letter} < ${text.slice(1)}` : `${letter} = ${text}`;
}

/** `CLEAR −6.1 points [−8.9, −3.1]`. */
export function effectText(effect: ReportEffect): string {
  return `${nameIn(effect.of)} ${changeText(effect)}`;
}

/** The same without what it is of. */
export function changeText({ unit, value, lo, hi }: ReportEffect): string {
  const show = unit === 'points' ? tenths : digits;
  const interval = lo === null || hi === null ? '' : ` [${show(lo)}, ${show(hi)}]`;
  return `${signed(show(value))}${unit === 'points' ? ' points' : ''}${interval}`;
}

/** Points without a needless zero: `5`, `2.5`. */
export function pointsText(points: number): string {
  return `${Number(points.toPrecision(3))} ${points === 1 ? 'point' : 'points'}`;
}

/** Three significant digits, with a true minus sign. */
export function digits(value: number): string {
  const rounded = Number(value.toPrecision(3));
  // The largest doubles round up past all of them.
  return minus(Number.isFinite(rounded) ? String(rounded) : value.toPrecision(3));
}

function tenths(value: number): string {
  return minus((Math.round(value * 10) / 10 || 0).toFixed(1));
}

function minus(text: string): string {
  return text.replaceAll('-', '−');
}

function signed(text: string): string {
  return /^(−|0(\.0)?$)/.test(text) ? text : `+${text}`;
}
