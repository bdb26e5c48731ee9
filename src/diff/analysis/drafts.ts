/** Parts of an answer before it is known how many tests its family has. */
import type { ReportEffect, ReportTest } from '../../contract/diff.ts';
import { rounded, roundedOrNull, roundedP } from './rounded.ts';

export interface DraftTest extends Omit<ReportTest, 'q'> {
  /** Whether what it found, if it found anything, is at least minEffect. */
  beyond: boolean;
}

/** The answer to a question, as far as one column can give it. */
export interface Answer {
  tests: DraftTest[];
  effects: ReportEffect[];
  /** All intervals lie within ±minEffect. */
  inside: boolean;
}

export interface Settings {
  minEffect: number;
  seed: number;
}

export function draftTest(
  test: Omit<ReportTest, 'q' | 'statistic' | 'resamples'> & {
    statistic: Readonly<Record<string, number | null | undefined>>;
    B?: number | undefined;
    beyond?: boolean;
  },
): DraftTest {
  const { statistic, B, beyond = false, p, ...rest } = test;
  return {
    ...rest,
    p: roundedP(p),
    statistic: Object.fromEntries(
      Object.entries(statistic).map(([name, value]) => [name, roundedOrNull(value)]),
    ),
    resamples: B ?? null,
    beyond,
  };
}

export function effectOf(
  of: string,
  unit: ReportEffect['unit'],
  { diff, lo, hi }: { diff: number; lo: number | null; hi: number | null },
  scale = 1,
): ReportEffect {
  const bound = (value: number | null) => roundedOrNull(value === null ? null : value * scale);
  return { of, unit, value: rounded(diff * scale), lo: bound(lo), hi: bound(hi) };
}

/** Whether the whole interval lies within ±limit; without an interval nobody knows. */
export function isInside({ lo, hi }: ReportEffect, limit: number): boolean {
  return lo !== null && hi !== null && lo >= -limit && hi <= limit;
}

/** The largest first, ties by name. */
export function bySize(a: ReportEffect, b: ReportEffect): number {
  return Math.abs(b.value) - Math.abs(a.value) || (a.of < b.of ? -1 : a.of > b.of ? 1 : 0);
}
