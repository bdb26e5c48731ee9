/** A body as it comes, in one piece of memory: a piece for each part would take far more than the parts do. */
import type { Admission, Place } from '../ingest/admission.ts';
import { tooLarge } from '../ingest/gunzip.ts';

export interface Room {
  admission: Admission;
  place: Place;
}

export class ArrivingBody {
  readonly #announced: number | null;
  readonly #maxBytes: number;
  readonly #room: Room | null;
  #bytes: Uint8Array = new Uint8Array();
  #length = 0;

  /** @param room null: nobody counts it */
  constructor(announced: number | null, maxBytes: number, room: Room | null) {
    this.#announced = announced;
    this.#maxBytes = maxBytes;
    this.#room = room;
  }

  /** @throws BodyError too-large @throws RefusedBodyError overloaded */
  push(part: Uint8Array): void {
    const length = this.#length + part.length;
    if (length > this.#maxBytes) throw tooLarge(this.#maxBytes);
    const memory = Math.max(0, this.#sizeFor(length) - this.#bytes.length);
    this.#room?.admission.came(this.#room.place, part.length, memory);
    if (this.#length === 0 && part.length === this.#announced) this.#bytes = part;
    else {
      if (memory > 0) this.#grow(this.#bytes.length + memory);
      this.#bytes.set(part, this.#length);
    }
    this.#length = length;
  }

  whole(): Uint8Array {
    const { length } = this.#bytes;
    return length === this.#length ? this.#bytes : this.#bytes.subarray(0, this.#length);
  }

  /** Some times what has come, so that it is seldom moved, but no more than is to come. */
  #sizeFor(length: number): number {
    const size = this.#bytes.length;
    if (length <= size) return size;
    const room = this.#announced === null ? 2 * length : Math.min(4 * length, this.#announced);
    return Math.max(length, Math.min(room, this.#maxBytes));
  }

  #grow(size: number): void {
    const larger = Buffer.allocUnsafeSlow(size);
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
