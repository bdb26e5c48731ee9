/** The pages of runs that nobody asks any more go, some at a time. */
import type { Runs } from './runs.ts';
import type { Work } from './work.ts';

/** How many go between two looks at the clock. */
const AT_ONCE = 16;

export class Removal implements Work {
  readonly #runs: Runs;

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  step(deadline: number): () => void {
    const id = this.#runs.leaving!;
    do {
      if (this.#runs.pages.drop(id, AT_ONCE) === AT_ONCE) continue;
      this.#runs.rows.remove(id);
      return () => this.#runs.left();
    } while (performance.now() < deadline);
    return () => {};
  }
}
