import { chi2sf } from './chi-square.ts';
import { StatisticsError } from './errors.ts';
import { checkTable, type Table } from './table.ts';

export interface Cmh {
  chi2: number;
  p: number;
  chi2_cc: number;
  p_cc: number;
  /** Mantel-Haenszel's odds ratio over all strata: Infinity where bc = 0 in each, null where ad = 0 too. */
  common_or: number | null;
}

/**
 * The Cochran-Mantel-Haenszel test that an odds ratio is 1 in each of many 2×2 tables [[a, b], [c, d]]:
 * χ² = (Σa − Σ r₁c₁/N)²/Σ r₁r₂c₁c₂/(N²(N − 1)), with ½ taken off the difference (but never more than
 * there is of it) in `chi2_cc`; df 1; OR = Σ(ad/N)/Σ(bc/N). Strata of one case or none, and those with
 * an empty row or column, say nothing; where none says anything χ² is 0, p 1.
 *
 * With one run a side and input as a stratum it is McNemar: (b − c)²/(b + c). For that, strata may
 * be written as text, `'10 pairs A+B-, 2 pairs A-B+, 50 concordant'`: a stratum a pair, rows A and
 * B, columns + and −.
 *
 * Mantel and Haenszel 1959; Agresti, Categorical Data Analysis. Throws `bad-shape`, `bad-count`.
 */
export function cmh(argument: { strata: readonly Table[] | string }): Cmh {
  const strata =
    typeof argument.strata === 'string'
      ? pairsAsStrata(argument.strata)
      : argument.strata.map(once);
  let [shift, variance, ad, bc] = [0, 0, 0, 0];
  for (const { table, times } of strata) {
    checkTable(table);
    if (table.length !== 2 || table[0]!.length !== 2) {
      throw new StatisticsError('bad-shape', 'Each stratum must have two rows and two columns.');
    }
    const [[a, b], [c, d]] = table as [[number, number], [number, number]];
    const n = a + b + c + d;
    if (n < 2) continue;
    shift += (times * (a * d - b * c)) / n; // = a − r₁c₁/N, without its cancellation
    variance += (times * (((a + b) / n) * (c + d) * ((a + c) / n) * (b + d))) / (n - 1);
    ad += (times * a * d) / n;
    bc += (times * b * c) / n;
  }
  const chi2 = variance > 0 ? shift ** 2 / variance : 0;
  const chi2_cc = variance > 0 ? Math.max(0, Math.abs(shift) - 0.5) ** 2 / variance : 0;
  const common_or = bc > 0 ? ad / bc : ad > 0 ? Number.POSITIVE_INFINITY : null;
  return {
    chi2,
    p: chi2sf({ x: chi2, df: 1 }).p,
    chi2_cc,
    p_cc: chi2sf({ x: chi2_cc, df: 1 }).p,
    common_or,
  };
}

interface Stratum {
  table: Table;
  times: number;
}

function once(table: Table): Stratum {
  return { table, times: 1 };
}

function pairsAsStrata(text: string): Stratum[] {
  return text.split(',').map((part) => {
    const [, count, a, b] =
      /^\s*(\d+)\s+(?:pairs?\s+A([+-])B([+-])|concordant)\s*$/.exec(part) ?? [];
    if (count === undefined) {
      throw new StatisticsError(
        'bad-shape',
        `"${part.trim().slice(0, 60)}" is not like "10 pairs A+B-" or "50 concordant".`,
      );
    }
    const row = (sign: string | undefined) => (sign === '-' ? [0, 1] : [1, 0]);
    return { table: [row(a), row(b)], times: Number(count) };
  });
}
