/** The digest of a file without the values of its tensors: which are skipped, in the order of the file. */
import { createHash } from 'node:crypto';
import type { FileWindow } from './file-window.ts';
import type { StructureDigest } from './inspection.ts';

export class Structure {
  readonly #window: FileWindow;
  readonly #hash = createHash('sha256');
  #at = 0;

  constructor(window: FileWindow) {
    this.#window = window;
  }

  /** Leaves out what lies between; how long that is stays in, because its length stands before it. */
  skip(from: number, to: number): void {
    this.#window.eachPiece(this.#at, from, (piece) => this.#hash.update(piece));
    this.#at = to;
  }

  digest(): StructureDigest {
    this.skip(this.#window.size, this.#window.size);
    return this.#hash.digest('hex');
  }
}
