/** The verdicts in plain words, and what each comes to. Every rendering and exit code reads it here. */
import type { ReportColumn, Verdict } from '../../contract/diff.ts';
import { pointsText } from './wording.ts';

/** What whoever has to act on a verdict tells apart. */
export type Outcome = 'same' | 'changed' | 'unknown';

const OUTCOMES: Record<Verdict, Outcome> = {
  changed: 'changed',
  'changed-but-small': 'changed',
  insufficient: 'unknown',
  'no-data': 'unknown',
  'no-evidence': 'same',
  identical: 'same',
};

export function outcomeOfVerdict(verdict: Verdict): Outcome {
  return OUTCOMES[verdict];
}

const SHORT: Record<Verdict, string> = {
  changed: 'changed',
  'changed-but-small': 'changed, but little',
  insufficient: 'too little to tell',
  'no-data': 'nothing to compare',
  'no-evidence': 'no evidence of a change',
  identical: 'identical',
};

export function shortVerdict(verdict: Verdict): string {
  return SHORT[verdict];
}

const LONG: Record<Verdict, string> = {
  changed: 'CHANGED: beyond chance, and beyond what counts as small',
  'changed-but-small': 'CHANGED, BUT LITTLE: beyond chance, but within what counts as small',
  insufficient: 'TOO LITTLE TO TELL: neither a change nor its absence is shown',
  'no-data': 'NOTHING TO COMPARE',
  'no-evidence': 'NO EVIDENCE OF A CHANGE: what there could be is small',
  identical: 'IDENTICAL: nothing differs',
};

/** For the head of a page. */
export function longVerdict(verdict: Verdict): string {
  return LONG[verdict];
}

/** What counts as small for a column: points of the inputs, or a share of the values' spread. */
export function sizeText(minEffect: number, kind: ReportColumn['kind']): string {
  if (kind !== 'number') return pointsText(minEffect);
  return `${Number(minEffect.toPrecision(3))} % of its spread`;
}
