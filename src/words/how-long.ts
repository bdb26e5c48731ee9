/** How long something took, or how long ago it was. */

const SECOND = 1000;
const STEPS = [
  [86_400 * SECOND, 'd'],
  [3600 * SECOND, 'h'],
  [60 * SECOND, 'min'],
  [SECOND, 's'],
] as const;

/** Rounded down, in the largest unit that there are two of: `90 s`, `119 min`, `2 h`; never below `0 ms`. */
export function howLong(ms: number): string {
  const step = STEPS.find(([unit]) => ms >= unit * (unit === SECOND ? 1 : 2));
  return step ? `${Math.floor(ms / step[0])} ${step[1]}` : `${Math.max(0, Math.floor(ms))} ms`;
}
