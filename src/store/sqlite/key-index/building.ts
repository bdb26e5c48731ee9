/** A run that is being written, and what comes once it is. */
import type { Progress, RunWriter } from './run-writer.ts';
import type { Work } from './work.ts';

export class Building implements Work {
  readonly #writer: RunWriter;
  readonly #finish: (written: Progress) => () => void;

  /** @param finish in the transaction of the last step; what it gives back is called after its commit */
  constructor(writer: RunWriter, finish: (written: Progress) => () => void) {
    this.#writer = writer;
    this.#finish = finish;
  }

  step(deadline: number): () => void {
    const progress = this.#writer.write(deadline);
    if (progress.phase === 'done') return this.#finish(progress);
    return () => this.#writer.keep(progress);
  }
}
