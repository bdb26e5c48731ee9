import { fisherFreemanHalton } from './freeman-halton.ts';
import { chi2Homogeneity, type Homogeneity } from './homogeneity.ts';
import type { Method } from './method.ts';
import type { Table } from './table.ts';

export interface UnpairedLabels extends Omit<Homogeneity, 'p' | 'method'> {
  p: number;
  test: 'chi-square' | 'freeman-halton';
  method: Method;
  B?: number;
}

/** Cochran's rule: the chi-square distribution is trusted from this expected count up, in every cell. */
const TRUSTED_EXPECTED = 5;

/**
 * Whether two sides' labels differ, by the test that suits the table: chi-square where every expected
 * count is at least 5, else Fisher's (2×2) or Freeman-Halton's test, exact or by seeded tables. The
 * rest of the result describes the same table, whichever test gave p.
 */
export function unpairedLabels(argument: {
  table: Table;
  B?: number;
  seed?: number;
}): UnpairedLabels {
  const found = chi2Homogeneity(argument);
  if (found.df === 0 || found.min_expected >= TRUSTED_EXPECTED)
    return { ...found, test: 'chi-square' };
  return { ...found, test: 'freeman-halton', ...fisherFreemanHalton(argument) };
}
