import { StatisticsError } from './errors.ts';

/** numpy's own defaults: what `allclose_1e-5` asks. */
const RTOL = 1e-5;
const ATOL = 1e-8;

export interface TensorDiff {
  max_abs: number;
  /** ‖a − b‖/‖a‖; Infinity where a is all 0 and b is not: there is nothing to be relative to. */
  rel_l2: number;
  /** 1 − cos, from 0 to 2; 0 where both are all 0, 1 where one is. */
  cosine_distance: number;
  'allclose_1e-5': boolean;
  /** Places where either side is not a finite number. */
  left_out: number;
}

/**
 * How far two vectors of one length lie apart: max |a − b|, ‖a − b‖/‖a‖, 1 − cos, and whether all
 * places are close (`numericClose` with rtol 10⁻⁵, atol 10⁻⁸). Places that are NaN or infinite on
 * either side are left out of the distances; they are close only where both are the same infinity.
 * Throws `bad-shape` where the lengths differ: such vectors can't be compared place by place.
 */
export function tensorDiff({ a, b }: { a: ArrayLike<number>; b: ArrayLike<number> }): TensorDiff {
  if (a.length !== b.length) {
    throw new StatisticsError('bad-shape', `The vectors have ${a.length} and ${b.length} numbers.`);
  }
  let [largestA, largestB, max_abs, left_out, close] = [0, 0, 0, 0, true];
  for (let i = 0; i < a.length; i++) {
    const [one, other] = [a[i]!, b[i]!];
    close &&= numericClose({ a: one, b: other, rtol: RTOL, atol: ATOL }).close;
    if (!isPair(one, other)) {
      left_out++;
      continue;
    }
    largestA = Math.max(largestA, Math.abs(one));
    largestB = Math.max(largestB, Math.abs(other));
    max_abs = Math.max(max_abs, Math.abs(one - other));
  }
  // Each divided by its largest number, so that no square is too large or too small to hold.
  const lengthA = largestA * Math.sqrt(sumOver(a, b, (one) => (one / largestA) ** 2));
  const unitA = largestA === 0 ? 1 : lengthA / largestA;
  const unitB =
    largestB === 0 ? 1 : Math.sqrt(sumOver(a, b, (_, other) => (other / largestB) ** 2));
  const scale = Math.max(largestA, largestB);
  const apart = Math.sqrt(sumOver(a, b, (one, other) => (one / scale - other / scale) ** 2));
  // |â − b̂|²/2 = 1 − cos, without its cancellation
  const turned = sumOver(
    a,
    b,
    (one, other) => ((one / largestA || 0) / unitA - (other / largestB || 0) / unitB) ** 2,
  );
  let rel_l2 = 0;
  if (max_abs > 0)
    rel_l2 = largestA === 0 ? Number.POSITIVE_INFINITY : (apart / unitA) * (scale / largestA);
  let cosine_distance = Math.min(2, turned / 2);
  if (largestA === 0 || largestB === 0) cosine_distance = scale === 0 ? 0 : 1;
  return {
    max_abs: Math.min(max_abs, Number.MAX_VALUE),
    rel_l2,
    cosine_distance,
    'allclose_1e-5': close,
    left_out,
  };
}

/**
 * |a − b| ≤ atol + rtol · |b|, as numpy.isclose has it: b is what a is compared with. Equal infinities
 * are close, NaN is close to nothing. Throws `bad-setting` for a tolerance that is no number from 0.
 */
export function numericClose(argument: { a: number; b: number; rtol?: number; atol?: number }): {
  close: boolean;
} {
  const { a, b, rtol = RTOL, atol = ATOL } = argument;
  if (!(rtol >= 0 && atol >= 0)) {
    throw new StatisticsError('bad-setting', `rtol ${rtol} and atol ${atol} must be 0 or more.`);
  }
  if (!isPair(a, b)) return { close: a === b };
  return { close: Math.abs(a - b) <= atol + rtol * Math.abs(b) };
}

function isPair(a: number, b: number): boolean {
  return Number.isFinite(a) && Number.isFinite(b);
}

function sumOver(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  term: (one: number, other: number) => number,
): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) if (isPair(a[i]!, b[i]!)) sum += term(a[i]!, b[i]!);
  return sum;
}
