/**
 * The part of a positive semidefinite matrix that carries information: V restricted to `kept` rows
 * and columns is L Lᵀ. What depends on rows kept before it (a label whose share follows from the
 * others') is left out.
 */
export interface Factor {
  kept: number[];
  /** Rows of L, each as long as its place + 1. */
  lower: number[][];
}

export function factorOf(matrix: readonly (readonly number[])[]): Factor {
  const kept: number[] = [];
  const lower: number[][] = [];
  for (let i = 0; i < matrix.length; i++) {
    const row = solveLower(
      lower,
      kept.map((k) => matrix[i]![k]!),
    );
    const rest = matrix[i]![i]! - row.reduce((sum, value) => sum + value * value, 0);
    if (rest <= 1e-10 * matrix[i]![i]!) continue;
    lower.push([...row, Math.sqrt(rest)]);
    kept.push(i);
  }
  return { kept, lower };
}

/** y with L y = x, where x is already restricted to the rows kept. */
export function solveLower(lower: readonly (readonly number[])[], x: readonly number[]): number[] {
  const y: number[] = [];
  for (let i = 0; i < x.length; i++) {
    let value = x[i]!;
    for (let j = 0; j < i; j++) value -= lower[i]![j]! * y[j]!;
    y.push(value / lower[i]![i]!);
  }
  return y;
}
