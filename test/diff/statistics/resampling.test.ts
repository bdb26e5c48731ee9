/** The quick ways to resample give what the plain ones would. */
import { describe, expect, it } from 'vitest';
import { longestCommon } from '../../../src/diff/statistics/common-subsequence.ts';
import { headsOf } from '../../../src/diff/statistics/heads.ts';
import { chi2Homogeneity, seededRandom } from '../../../src/diff/statistics/index.ts';
import { ClusteredMedians } from '../../../src/diff/statistics/median-bootstrap.ts';
import { monteCarlo } from '../../../src/diff/statistics/monte-carlo.ts';
import { middleOfDraws } from '../../../src/diff/statistics/order-draw.ts';
import { SignedSums } from '../../../src/diff/statistics/signed-sums.ts';
import { SignedVectors } from '../../../src/diff/statistics/signed-vectors.ts';

/** The p of two samples of whole numbers from 0 having one distribution. */
function alike(x: readonly number[], y: readonly number[]): number {
  const size = Math.max(...x, ...y) + 1;
  const counts = (sample: readonly number[]) => {
    const found = new Array<number>(size).fill(0);
    for (const value of sample) found[value]!++;
    return found;
  };
  return chi2Homogeneity({ table: [counts(x), counts(y)] }).p;
}

const many = <T>(n: number, of: (i: number) => T) => Array.from({ length: n }, (_, i) => of(i));

describe('drawing until it is known', () => {
  it('stops at a hundred hits, and takes all draws where hits are rare', () => {
    const random = seededRandom(1);
    const often = monteCarlo(9999, () => random.coin());
    expect(often.B).toBeLessThan(300);
    expect(often.p).toBe(100 / often.B);
    expect(monteCarlo(999, () => false)).toEqual({ p: 1 / 1000, B: 999 });
    expect(monteCarlo(99, () => true)).toEqual({ p: 1, B: 99 });
  });

  it('says p ≤ α in a share α of cases, whatever α is', () => {
    const random = seededRandom(5);
    const found = many(2000, () => {
      const p = random.next(); // of data without a change, p is uniform, and each resample a hit with it
      return monteCarlo(1999, () => random.next() < p).p;
    });
    for (const alpha of [0.01, 0.05, 0.2, 0.5]) {
      const share = found.filter((p) => p <= alpha).length / found.length;
      const room = 2.5 * Math.sqrt((alpha * (1 - alpha)) / found.length);
      expect(Math.abs(share - alpha), `${share} of ${alpha}`).toBeLessThan(room);
    }
  });
});

describe('the middle of a bootstrap sample', () => {
  it('falls where that of a drawn one falls, for odd and even sizes', () => {
    const random = seededRandom(3);
    for (const n of [6, 7, 12, 25]) {
      const drawn = many(3000, () => {
        const sample = many(n, () => random.below(n)).sort((a, b) => a - b);
        return n * sample[(n - 1) >> 1]! + sample[n >> 1]!;
      });
      const placed = many(3000, () => {
        const [low, high] = middleOfDraws(random, n);
        return n * low + high;
      });
      expect(alike(drawn, placed), String(n)).toBeGreaterThan(0.001);
    }
  });

  it('of clusters is the same, however little of it is looked through first', () => {
    const random = seededRandom(4);
    const sorted = Float64Array.from({ length: 300 }, () => random.next()).sort();
    const owners = Uint32Array.from(sorted, () => random.below(40));
    const medians = [0, 10, 400].map((reach) =>
      new ClusteredMedians(sorted, owners, 40, reach).draw(199, 7),
    );
    expect(medians[1]).toEqual(medians[0]);
    expect(medians[2]).toEqual(medians[0]);
  });
});

describe('random signs', () => {
  it('give as many heads as coins tossed one by one', () => {
    const random = seededRandom(6);
    for (const coins of [1, 31, 32, 77]) {
      const one = many(2000, () => many(coins, () => Number(random.coin())).filter(Boolean).length);
      const other = many(2000, () => headsOf(random, coins));
      expect(alike(one, other), String(coins)).toBeGreaterThan(0.001);
    }
    expect(headsOf(random, 0)).toBe(0);
  });

  it('of numbers that repeat, and of those that do not, give the sums of single ones', () => {
    const random = seededRandom(8);
    const sizes = Float64Array.from([...many(40, () => 1), ...many(20, () => 2), 3, 3, 5]).sort();
    const sums = new SignedSums(sizes);
    const plain = many(3000, () => sizes.reduce((sum, x) => sum + (random.coin() ? x : -x), 200));
    const quick = many(3000, () => sums.draw(random) + 200);
    expect(alike(plain, quick)).toBeGreaterThan(0.001);
  });

  it('of vectors, too', () => {
    const random = seededRandom(9);
    const vectors = [...many(9, () => [1, -1, 0]), ...many(7, () => [0, 1, -1]), [2, 0, -2]];
    const signed = new SignedVectors(vectors, (vector) => vector);
    const plain = many(3000, () => {
      const sums = [0, 0, 0];
      for (const vector of vectors) {
        const sign = random.coin() ? 1 : -1;
        for (const [i, value] of vector.entries()) sums[i]! += sign * value;
      }
      return sums.reduce((length, sum) => length + sum * sum, 0);
    });
    const quick = many(3000, () => signed.draw(random));
    expect(alike(plain, quick)).toBeGreaterThan(0.001);
  });
});

it('the longest common subsequence, by bits, is that of the table', () => {
  const random = seededRandom(10);
  for (const [n, m] of [
    [0, 5],
    [29, 31],
    [30, 60],
    [75, 200],
  ] as const) {
    const [a, b] = [many(n, () => random.below(6)), many(m, () => random.below(6))];
    const table = many(n + 1, () => new Array<number>(m + 1).fill(0));
    for (let i = 1; i <= n; i++) {
      for (let j = 1; j <= m; j++) {
        table[i]![j] =
          a[i - 1] === b[j - 1]
            ? table[i - 1]![j - 1]! + 1
            : Math.max(table[i - 1]![j]!, table[i]![j - 1]!);
      }
    }
    expect(longestCommon(a, b)).toBe(table[n]![m]);
    expect(longestCommon(b, a)).toBe(table[n]![m]);
  }
});
