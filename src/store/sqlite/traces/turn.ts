/** Long work, in turns of some milliseconds between which others get theirs. */
import { setImmediate as othersTurn } from 'node:timers/promises';

const TURN_MS = 4;

export class Turn {
  #began = performance.now();

  get isOver(): boolean {
    return performance.now() - this.#began > TURN_MS;
  }

  async next(): Promise<void> {
    await othersTurn();
    this.#began = performance.now();
  }
}
