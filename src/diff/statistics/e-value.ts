import { logBinomial } from './binomial.ts';
import { checkCount } from './errors.ts';
import type { Discordant } from './mcnemar.ts';
import { asP } from './p-value.ts';

/**
 * An e-value that a flip goes either way with probability ½, which may be looked at after every pair:
 * E = 2^m B(b+1, c+1) = 2^m b! c!/(m+1)!, m = b + c, the uniform mixture of likelihood ratios. By
 * Ville's inequality E reaches 1/α at any look with probability α at most: at E ≥ 20 the direction is
 * real at 5 %. It starts at 1 and watches direction only: flips as many one way as the other never
 * raise it. `anytime_p` = min(1, 1/E), of this look. E stops at the largest double.
 *
 * Ville 1939; Ramdas, Grünwald, Vovk and Shafer 2023, Stat Sci 38:576. Throws `bad-count`.
 * @param b flips one way, each of an input not counted before @param c the other way
 */
export function flipEvalue({ b, c }: Discordant): { e: number; log_e: number; anytime_p: number } {
  checkCount('b', b);
  checkCount('c', c);
  const m = b + c;
  const log_e = m === 0 ? 0 : -logBinomial(b, m, 0.5) - Math.log1p(m);
  return {
    e: Math.min(Number.MAX_VALUE, Math.exp(log_e)),
    log_e,
    anytime_p: asP(Math.exp(-log_e)),
  };
}
