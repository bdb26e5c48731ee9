import { checkLevel, checkShare, StatisticsError } from './errors.ts';
import { normalQuantile } from './normal.ts';

export interface SampleSize {
  n_raw: number;
  /** `n_raw` rounded up, at least 1; Infinity where there is no difference to find. */
  n: number;
}

const ALPHA = 0.05;
const POWER = 0.8;

/**
 * Cases a side that find a change of a share from p1 to p2 with probability `power`, at two-sided
 * `alpha`: (z_α √(2 p̄q̄) + z_β √(p₁q₁ + p₂q₂))²/(p₁ − p₂)², p̄ = (p₁ + p₂)/2.
 *
 * Fleiss, Statistical Methods for Rates and Proportions; NIST/SEMATECH e-Handbook 7.2.4.2.
 * Throws `bad-share`, `bad-setting`.
 */
export function sampleSizeTwoProps(argument: {
  p1: number;
  p2: number;
  alpha?: number;
  power?: number;
}): SampleSize {
  const { p1, p2 } = argument;
  checkShare('p1', p1);
  checkShare('p2', p2);
  const middle = (p1 + p2) / 2;
  const apart = p1 * (1 - p1) + p2 * (1 - p2);
  return sizeOf(2 * middle * (1 - middle), apart, p1 - p2, argument);
}

/**
 * Pairs that find a difference `diff` of paired shares with McNemar's test, where a share `p_disc` of
 * pairs is discordant: (z_α √p_disc + z_β √(p_disc − diff²))²/diff².
 *
 * Connor 1987, Biometrics 43:207. Throws `bad-share` (also where |diff| is above p_disc: discordant
 * pairs are what makes a difference), `bad-setting`.
 */
export function sampleSizeMcNemar(argument: {
  p_disc: number;
  diff: number;
  alpha?: number;
  power?: number;
}): SampleSize {
  const { p_disc, diff } = argument;
  checkShare('p_disc', p_disc);
  if (!(Math.abs(diff) <= p_disc)) {
    throw new StatisticsError(
      'bad-share',
      `diff is ${diff}: it can't exceed the discordant share, ${p_disc}.`,
    );
  }
  return sizeOf(p_disc, p_disc - diff ** 2, diff, argument);
}

function sizeOf(
  nullVariance: number,
  variance: number,
  difference: number,
  { alpha = ALPHA, power = POWER }: { alpha?: number; power?: number },
): SampleSize {
  checkLevel('alpha', alpha);
  checkLevel('power', power);
  if (difference === 0) return { n_raw: Number.POSITIVE_INFINITY, n: Number.POSITIVE_INFINITY };
  const reach =
    normalQuantile(alpha / 2) * Math.sqrt(nullVariance) +
    normalQuantile(1 - power) * Math.sqrt(Math.max(0, variance));
  const n_raw = (Math.max(0, reach) / difference) ** 2;
  // A hair over a whole number is rounding, not a case more.
  return { n_raw, n: Math.max(1, Math.ceil(n_raw * (1 - 1e-12))) };
}
