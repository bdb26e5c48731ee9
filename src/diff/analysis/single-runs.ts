/**
 * Inputs that ran once on each side have no noise of their own: that of the inputs which repeat is held
 * against them. Where it can't explain how often they differ, the inputs that repeat aren't like them,
 * and nobody may say of all that there is no change.
 */
import type { ReportEffect } from '../../contract/diff.ts';
import { propDiffCI } from '../statistics/intervals.ts';
import { intervalZ } from '../statistics/normal.ts';

interface Sums {
  n: number;
  sum: number;
  squares: number;
}

export class SingleRuns {
  readonly #between: Sums = { n: 0, sum: 0, squares: 0 };
  readonly #noise: Sums = { n: 0, sum: 0, squares: 0 };

  /** @param between by how much the two runs of an input differ */
  addSingle(between: number): void {
    add(this.#between, between);
  }

  /** @param within by how much runs of one side differ, of an input that repeats */
  addRepeated(within: number): void {
    add(this.#noise, within);
  }

  /** By how much the two runs of an input differ, on average; 0 without inputs. */
  get mean(): number {
    const { n, sum } = this.#between;
    return n === 0 ? 0 : sum / n;
  }

  /**
   * The most that all inputs together may differ by beyond the noise.
   * @param excess of the inputs that repeat, in hundredths of `unit`
   * @param independent what of the inputs is independent, from 0 to 1
   * @returns in hundredths of `unit`; infinite where it isn't known
   */
  atMost(
    excess: ReportEffect,
    { unit, bounded, independent }: { unit: number; bounded: boolean; independent: number },
  ): number {
    if (excess.hi === null) return Number.POSITIVE_INFINITY;
    const { n } = this.#between;
    const share = n / (n + this.#noise.n);
    const { diff, hi } = (bounded ? ofShares : ofDistances)(
      scaled(this.#between, independent),
      scaled(this.#noise, independent),
    );
    const single = { value: (100 * diff) / unit, hi: (100 * hi) / unit };
    const middle = (1 - share) * excess.value + share * single.value;
    const most =
      middle +
      Math.hypot((1 - share) * (excess.hi - excess.value), share * (single.hi - single.value));
    return Number.isNaN(most) ? Number.POSITIVE_INFINITY : most;
  }
}

function add(sums: Sums, value: number): void {
  sums.n++;
  sums.sum += value;
  sums.squares += value * value;
}

function scaled({ n, sum, squares }: Sums, by: number): Sums {
  return { n: n * by, sum: sum * by, squares: squares * by };
}

function ofShares(single: Sums, noise: Sums): { diff: number; hi: number } {
  const [n1, n2] = [Math.ceil(single.n), Math.ceil(noise.n)];
  if (n1 === 0) return { diff: 0, hi: 0 };
  const count = ({ n, sum }: Sums, whole: number) => Math.round((sum / n) * whole);
  const diff = single.sum / single.n - noise.sum / noise.n;
  const limits = propDiffCI({ k1: count(single, n1), n1, k2: count(noise, n2), n2 });
  return { diff, hi: diff + limits.hi - limits.diff };
}

function ofDistances(single: Sums, noise: Sums): { diff: number; hi: number } {
  if (single.n === 0) return { diff: 0, hi: 0 };
  const diff = single.sum / single.n - noise.sum / noise.n;
  return { diff, hi: diff + intervalZ(0.95) * Math.hypot(error(single), error(noise)) };
}

function error({ n, sum, squares }: Sums): number {
  return Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2) / n);
}
