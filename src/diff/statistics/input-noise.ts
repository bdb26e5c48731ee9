/** One input's runs, and how they could have fallen to the two sides by chance. */
import { logChoose } from './binomial.ts';
import type { InputRuns } from './label-share.ts';

/** Runs by label, label k at place k on both sides, and how many runs each side has. */
export interface RunCounts {
  a: number[];
  b: number[];
  rA: number;
  rB: number;
}

/** The values the excess of one input can take, and how likely each is. */
export type ExcessDistribution = { excess: number; share: number }[];

/** More ways than these to deal out the runs of one input aren't listed. */
const MOST_DEALS = 5000;

export function labelCounts({ a, b }: InputRuns): RunCounts {
  const counts = new Map<string, [number, number]>();
  for (const [side, labels] of [a, b].entries()) {
    for (const label of labels) {
      const pair = counts.get(label) ?? [0, 0];
      pair[side]!++;
      counts.set(label, pair);
    }
  }
  const pairs = [...counts.values()];
  return { a: pairs.map(([x]) => x), b: pairs.map(([, y]) => y), rA: a.length, rB: b.length };
}

export function excessOf({ a, b, rA, rB }: RunCounts): {
  between: number;
  withinA: number | null;
  withinB: number | null;
  excess: number | null;
} {
  const agreeing = a.reduce((sum, count, k) => sum + count * b[k]!, 0);
  const between = 1 - agreeing / (rA * rB);
  const [withinA, withinB] = [withinOf(a, rA), withinOf(b, rB)];
  const noise =
    withinA === null || withinB === null ? (withinA ?? withinB) : (withinA + withinB) / 2;
  return { between, withinA, withinB, excess: noise === null ? null : between - noise };
}

function withinOf(counts: readonly number[], runs: number): number | null {
  if (runs < 2) return null;
  const agreeing = counts.reduce((sum, count) => sum + count * (count - 1), 0);
  return 1 - agreeing / (runs * (runs - 1));
}

/** All ways to deal the input's runs to its sides, by excess; null where there are too many. */
export function relabelExcess({ a, b, rA, rB }: RunCounts): ExcessDistribution | null {
  const totals = a.map((count, k) => count + b[k]!);
  const shares = new Map<number, number>();
  const dealt = totals.map(() => 0);
  let deals = 0;
  const deal = (k: number, left: number, logWays: number): void => {
    if (deals > MOST_DEALS) return;
    if (k < totals.length) {
      for (let x = 0; x <= Math.min(left, totals[k]!); x++) {
        dealt[k] = x;
        deal(k + 1, left - x, logWays + logChoose(totals[k]!, x));
      }
      return;
    }
    deals++; // also those that come out wrong: they take as long
    if (left > 0) return;
    const rest = totals.map((total, i) => total - dealt[i]!);
    const { excess } = excessOf({ a: dealt, b: rest, rA, rB });
    const share = Math.exp(logWays - logChoose(rA + rB, rA));
    if (excess !== null) shares.set(excess, (shares.get(excess) ?? 0) + share);
  };
  deal(0, rA, 0);
  if (deals > MOST_DEALS) return null;
  return [...shares].map(([excess, share]) => ({ excess, share }));
}
