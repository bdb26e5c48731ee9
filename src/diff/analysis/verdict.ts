/** What a column comes to, and all columns together. */
import type { Verdict } from '../../contract/diff.ts';
import { Q } from './budget.ts';

export interface Findings {
  /** There is a value to compare on some input or side. */
  hasData: boolean;
  /** So few independent inputs that no outcome could have been significant. */
  tooFew: boolean;
  /** Nothing differs, not even how often each value came. */
  alike: boolean;
  /** Of the tests that decide. */
  tests: readonly { q: number; beyond: boolean }[];
  /** All intervals of the direction lie within ±minEffect. */
  inside: boolean;
  /** No input differs, or the noise is known and what differs beyond it lies within ±minEffect. */
  settled: boolean;
  /** The noise is unknown, and what differs, noise or not, is no less than minEffect: then nobody may call it small. */
  open: boolean;
}

export function verdictOf(findings: Findings): Verdict {
  const { hasData, tooFew, alike, tests, inside, settled, open } = findings;
  if (!hasData) return 'no-data';
  if (tooFew) return 'insufficient';
  if (alike) return 'identical';
  const found = tests.filter(({ q }) => q <= Q);
  if (found.some(({ beyond }) => beyond)) return 'changed';
  if (found.length > 0) return open ? 'changed' : 'changed-but-small';
  return inside && settled ? 'no-evidence' : 'insufficient';
}

const FROM_WORST: readonly Verdict[] = [
  'changed',
  'changed-but-small',
  'insufficient',
  'no-data',
  'no-evidence',
  'identical',
];

/** The worst of them; of none, `no-data`. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return FROM_WORST.find((verdict) => verdicts.includes(verdict)) ?? 'no-data';
}
