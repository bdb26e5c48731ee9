import { StatisticsError } from './errors.ts';
import {
  type Draw,
  hypergeometricTail,
  logHypergeometric,
  modeOf,
  supportOf,
} from './hypergeometric.ts';
import type { Method } from './method.ts';
import { asP } from './p-value.ts';
import { checkTable, type Table } from './table.ts';

/** Tables this near in probability count as equally likely: the difference is rounding. */
export const LIKELY_AS = 1e-7;

/**
 * Fisher's exact test of a 2×2 table [[a, b], [c, d]]. p: the probability, given the margins, of
 * all tables no likelier than this one (within a factor of 1 + 10⁻⁷); p_greater: of a this large or
 * larger; p_less: this small or smaller. Exact at any size: only terms that add something are
 * summed. A zero margin leaves one table only: all are 1.
 *
 * Fisher 1935. Throws `bad-shape`, `bad-count`.
 */
export function fisherExact2x2({ table }: { table: Table }): {
  p: number;
  p_greater: number;
  p_less: number;
  method: Method;
} {
  checkTable(table);
  if (table.length !== 2 || table[0]!.length !== 2) {
    throw new StatisticsError('bad-shape', 'The table must have two rows and two columns.');
  }
  const [[a, b], [c, d]] = table as [[number, number], [number, number]];
  const draw = { marked: a + b, drawn: a + c, total: a + b + c + d };
  const p_greater = hypergeometricTail(a, 1, draw);
  const p_less = hypergeometricTail(a, -1, draw);
  const [low, high] = supportOf(draw);
  const method = 'exact';
  if (low === high) return { p: 1, p_greater: 1, p_less: 1, method };
  return {
    p: asP(noLikelier(a, p_greater, p_less, draw)),
    p_greater: asP(p_greater),
    p_less: asP(p_less),
    method,
  };
}

function noLikelier(a: number, greater: number, less: number, draw: Draw): number {
  const [low, high] = supportOf(draw);
  const mode = modeOf(draw);
  const limit = logHypergeometric(a, draw) + LIKELY_AS;
  const isRare = (x: number) => logHypergeometric(x, draw) <= limit;
  if (isRare(mode)) return 1;
  // Probabilities fall on both sides of the mode, so each side has one border.
  if (a > mode) {
    const other = lastWhere(low - 1, mode, (x) => x < low || isRare(x));
    return greater + (other < low ? 0 : hypergeometricTail(other, -1, draw));
  }
  const other = lastWhere(-high - 1, -mode, (x) => -x > high || isRare(-x));
  return less + (-other > high ? 0 : hypergeometricTail(-other, 1, draw));
}

/** The last x in [from, to) for which it holds; it holds at `from`, fails at `to`, and changes once. */
function lastWhere(from: number, to: number, holds: (x: number) => boolean): number {
  let [yes, no] = [from, to];
  while (no - yes > 1) {
    const middle = Math.floor((yes + no) / 2);
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}
