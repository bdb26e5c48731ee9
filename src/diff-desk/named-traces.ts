/** The traces that a report names. */
import type { Report } from '../contract/diff.ts';

/** Their ids, each once. */
export function tracesNamedIn({ cases, columns }: Report): Set<string> {
  const ids = new Set<string>();
  for (const { before, after } of cases) {
    for (const id of [...before.traceIds, ...after.traceIds]) ids.add(id);
  }
  for (const { matrix } of columns) {
    for (const cell of matrix ?? []) {
      for (const { before, after } of cell.cases) ids.add(before).add(after);
    }
  }
  return ids;
}
