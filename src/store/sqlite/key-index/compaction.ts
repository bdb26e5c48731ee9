/** Runs of one level become one of the next. */
import { Building } from './building.ts';
import type { Run } from './run.ts';
import { RunWriter } from './run-writer.ts';
import type { Runs } from './runs.ts';

/**
 * @param olds the newest first
 * @param firstRef what stands for rows before this one is left out
 * @param done called once the merged run is there
 */
export function compact(
  runs: Runs,
  olds: readonly Run[],
  firstRef: number,
  done: () => void,
): Building {
  const most = olds.reduce((sum, run) => sum + run.entries, 0);
  const writer = new RunWriter(runs, olds[0]!.level + 1, { sources: [...olds], most, firstRef });
  return new Building(writer, (written) => {
    // As the rows have it: it may have gone back since these runs were read.
    const run = writer.run(written, Math.max(...olds.map(({ id }) => runs.rows.lastRef(id))));
    runs.rows.finish(run.id, run.entries, run.lastRef);
    for (const old of olds) runs.rows.end(old.id);
    return () => {
      runs.replace(olds, run);
      done();
    };
  });
}
