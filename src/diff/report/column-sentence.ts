/**
 * A column's answer in one sentence. It says what differs and how surely, never why: a diff sees
 * that outputs differ, not what made them differ.
 */
import type { ReportColumn } from '../../contract/diff.ts';
import { isFlip } from './decisions.ts';
import { toldEffects } from './told-effects.ts';
import { shortVerdict, sizeText } from './verdict-words.ts';
import {
  changeText,
  counted,
  effectText,
  grouped,
  list,
  nameIn,
  percent,
  probability,
} from './wording.ts';

const NAMED_FLIPS = 3;

/** The report's column as far as its sentence needs it. */
export type Told = Omit<ReportColumn, 'sentence' | 'matrix' | 'paths' | 'change'> & {
  matrix: readonly { before: string; after: string; inputs: number; differs: boolean }[] | null;
};

/** What a column's sentence must know of the report. */
export interface Around {
  minEffect: number;
  /** A side is of several artifacts: then its noise is not that of one. */
  mixed: boolean;
}

export function columnSentence(column: Told, around: Around): string {
  return `${nameIn(column.name)}: ${answerIn(column, around)}.`;
}

/** Without the column's name and the full stop. */
export function answerIn(column: Told, { minEffect, mixed }: Around): string {
  if (column.verdict === 'no-data') return shortVerdict('no-data');
  const parts =
    column.basis === 'unpaired'
      ? ['unpaired', ...direction(column), ...q(column)]
      : [
          `${differences(column)}${failed(column)}`,
          ...excess(column),
          ...direction(column),
          ...noise(column, mixed),
          ...q(column),
        ];
  const ends = [...types(column), ...tail(column, minEffect), ...separation(column)];
  return [...parts, ...ends].join('; ');
}

function differences(column: Told): string {
  const { matrix, cases, compared, mixed } = column;
  if (matrix === null) {
    if (cases.differing === 0) return 'no input differs';
    const of = compared > 0 ? ` (${percent(cases.differing / compared)})` : '';
    return `${counted(cases.differing, 'input')} ${cases.differing === 1 ? 'differs' : 'differ'}${of}`;
  }
  const unsettled = mixed === 0 ? '' : `, ${grouped(mixed)} with runs that disagree`;
  const flips = matrix.filter(isFlip);
  const flipped = flips.reduce((sum, { inputs }) => sum + inputs, 0);
  if (flipped === 0) return `none flipped${unsettled}`;
  // Labels without a name of their own flip too, but "(other)→(other)" would tell nobody how.
  const apart = flips.filter(({ before, after }) => before !== after).slice(0, NAMED_FLIPS);
  const named = apart.map(
    ({ before, after, inputs }) => `${grouped(inputs)} ${nameIn(before)}→${nameIn(after)}`,
  );
  const others = flipped - apart.reduce((sum, { inputs }) => sum + inputs, 0);
  if (others > 0) named.push(`${grouped(others)} in other ways`);
  return `${grouped(flipped)} flipped, ${list(named)}${unsettled}`;
}

/** Inputs that a test of numbers or texts can't see, and a reader of "no input differs" must. */
function failed({ leftOut }: Told): string {
  const inputs = leftOut.find(({ reason }) => reason === 'error')?.inputs ?? 0;
  return inputs === 0 ? '' : `, ${grouped(inputs)} with an error in place of a value`;
}

/** Told where it is what says changed: otherwise the direction says more. */
function excess({ cases }: Told): string[] {
  if (cases.answer !== 'yes' || cases.excess === null) return [];
  return [`${changeText(cases.excess)} beyond noise`];
}

function direction(column: Told): string[] {
  const { cases, basis, verdict } = column;
  if (verdict === 'identical') return [];
  const effects = toldEffects(column);
  const moved = cases.differing > 0 || effects.some(({ value }) => value !== 0);
  return basis === 'pairs' && !moved ? [] : effects.map(effectText);
}

function noise({ cases, basis }: Told, mixed: boolean): string[] {
  if (basis !== 'pairs' || cases.differing === 0) return [];
  if (cases.noise === null) return ['noise floor unknown'];
  return [`${mixed ? 'same-side' : 'same-artifact'} noise ${percent(cases.noise)}`];
}

function types({ kind, typed, typeNote }: Told): string[] {
  const isMixed = typeNote !== null && typed === 'seen' && kind !== 'number';
  return isMixed ? [`of mixed types, so compared as ${kind}`] : [];
}

/** The smallest of the tests that decide: the one the verdict rests on. */
function q({ tests, verdict }: Told): string[] {
  if (verdict === 'identical') return [];
  const deciding = tests.flatMap((test) => (test.decides && test.q !== null ? [test.q] : []));
  return deciding.length === 0 ? [] : [probability('q', Math.min(...deciding))];
}

function tail(
  { verdict, needed, basis, kind, cases, direction }: Told,
  minEffect: number,
): string[] {
  switch (verdict) {
    case 'changed':
    case 'no-data':
      return [];
    case 'changed-but-small':
      return [`a change, but within ${sizeText(minEffect, kind)}`];
    case 'identical':
      return ['identical'];
    case 'no-evidence':
      return [`no evidence of a change beyond ${sizeText(minEffect, kind)}`];
    case 'insufficient': {
      if (needed === null) return [whyUnknown(basis, kind, cases, direction.answer)];
      const inputs = basis === 'unpaired' ? 'inputs a side' : 'shared inputs';
      const size = sizeText(needed.effect, kind);
      return [`too few to tell: ${grouped(needed.inputs)} ${inputs} would show ${size}`];
    }
  }
}

function whyUnknown(
  basis: Told['basis'],
  kind: Told['kind'],
  { differing, noise }: Told['cases'],
  direction: Told['direction']['answer'],
): string {
  const hides = noise === null && differing > 0;
  if (basis === 'pairs') {
    if (hides) return 'too little to tell from noise';
    // Nothing but the cases can be open then.
    const isOneWay = direction !== 'no' && (kind === 'label' || kind === 'number');
    return isOneWay ? 'too few to tell' : 'too little to tell from noise: too few inputs repeat';
  }
  if (hides)
    return `too little to tell from noise in the shared inputs (${grouped(differing)} ${differing === 1 ? 'differs' : 'differ'})`;
  const numbers = kind === 'label' || kind === 'number';
  return numbers
    ? 'too few to tell'
    : 'too little to tell, as only shared inputs show what changed';
}

function separation({ basis }: Told): string[] {
  return basis === 'unpaired' ? ["this can't separate model from traffic"] : [];
}
