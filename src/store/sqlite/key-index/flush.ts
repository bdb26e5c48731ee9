/** The oldest table of memory becomes a run: sorted, then written. */
import { Building } from './building.ts';
import type { Memory } from './memory.ts';
import type { MemoryTable } from './memory-table.ts';
import type { Run } from './run.ts';
import { RunWriter } from './run-writer.ts';
import type { Runs } from './runs.ts';
import { sorted } from './sorted.ts';
import type { Work } from './work.ts';

interface Around {
  memory: Memory;
  runs: Runs;
  /** Runs that can go at this occasion. */
  past: () => readonly Run[];
  /** Called once the run is there. */
  done: (run: Run) => void;
}

export class Flush implements Work {
  readonly #around: Around;
  readonly #most: number;
  readonly #sorting: Generator<void, DataView>;
  #building: Building | null = null;

  constructor(table: MemoryTable, around: Around) {
    this.#around = around;
    this.#most = table.count;
    this.#sorting = sorted(table);
  }

  step(deadline: number): () => void {
    while (!this.#building) {
      const { done, value: entries } = this.#sorting.next();
      if (done) this.#building = this.#build(entries);
      else if (performance.now() >= deadline) return () => {};
    }
    return this.#building.step(deadline);
  }

  #build(entries: DataView): Building {
    const { memory, runs, past, done } = this.#around;
    const source = { page: (number: number) => (number === 0 ? entries : null) };
    const writer = new RunWriter(runs, 0, { sources: [source], most: this.#most, firstRef: 0 });
    return new Building(writer, (written) => {
      const run = writer.run(written, memory.coveredByOldest());
      runs.rows.finish(run.id, run.entries, run.lastRef);
      const olds = past();
      for (const old of olds) runs.rows.end(old.id);
      return () => {
        runs.replace(olds, run);
        memory.dropOldest();
        done(run);
      };
    });
  }
}
