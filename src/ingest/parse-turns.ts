/** Who is parsed next: in the order of asking, as many at a time as keep the thread busy and no more. */

/** One is parsed and the next is there when it ends. */
const ALWAYS = 2;
/** So many small ones, which end before the next could be sent. */
const MOST = 8;
const MOST_BYTES = 4 * 1024 * 1024;

interface Waiting {
  bytes: number;
  begin: () => void;
}

export class ParseTurns {
  readonly #mayBegin: () => boolean;
  readonly #waiting: Waiting[] = [];
  #begun = 0;
  #bytes = 0;

  /** @param mayBegin whether there is room for what comes of parsing; asked again at each `look` */
  constructor(mayBegin: () => boolean) {
    this.#mayBegin = mayBegin;
  }

  /**
   * Resolves once it may begin; it then ends by `end` with the same number.
   *
   * @param bytes it has at most, decompressed
   */
  begin(bytes: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ bytes, begin: resolve });
    this.look();
    return promise;
  }

  end(bytes: number): void {
    this.#begun--;
    this.#bytes -= bytes;
    this.look();
  }

  look(): void {
    for (;;) {
      const [next] = this.#waiting;
      if (!next || !this.#fits(next.bytes) || !this.#mayBegin()) return;
      this.#waiting.shift();
      this.#begun++;
      this.#bytes += next.bytes;
      next.begin();
    }
  }

  #fits(bytes: number): boolean {
    if (this.#begun < ALWAYS) return true;
    return this.#begun < MOST && this.#bytes + bytes <= MOST_BYTES;
  }
}
