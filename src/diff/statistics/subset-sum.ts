/**
 * P(S ≤ limit), where S sums the weights of a random subset, each weight in it with probability ½:
 * what the signed-rank and the sign-flip test are about. Counts halved at each weight, so exact up
 * to 53 bits and free of cancellation after. Takes `weights.length · (limit + 1)` steps at most.
 *
 * @param weights whole numbers, 0 or more
 * @param limit a whole number; below 0 nothing is that small
 */
export function subsetSumLower(weights: ArrayLike<number>, limit: number): number {
  if (limit < 0) return 0;
  const mass = new Float64Array(limit + 1);
  mass[0] = 1;
  let reached = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    reached = Math.min(limit, reached + weight);
    for (let s = reached; s >= weight; s--) mass[s] = (mass[s]! + mass[s - weight]!) / 2;
    for (let s = Math.min(reached, weight - 1); s >= 0; s--) mass[s] = mass[s]! / 2;
  }
  return mass.reduce((sum, value) => sum + value, 0);
}
