/** Lets through so many requests at a time and so many a second, first come first served. */

interface Turn {
  go: () => void;
  signal: AbortSignal | null;
}

export class RequestPace {
  readonly #atOnce: number;
  readonly #spacingMs: number;
  readonly #waiting: Turn[] = [];
  #running = 0;
  /** When the next one may go, on the clock of `performance.now()`. */
  #nextAt = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor({ atOnce, perSecond }: { atOnce: number; perSecond: number }) {
    this.#atOnce = atOnce;
    this.#spacingMs = 1000 / perSecond;
  }

  /**
   * Runs `task` when its turn comes.
   * @throws the signal's reason where it is aborted before that; what `task` throws
   */
  async run<T>(task: () => Promise<T>, signal: AbortSignal | null = null): Promise<T> {
    await this.#turn(signal);
    try {
      return await task();
    } finally {
      this.#running--;
      this.#next();
    }
  }

  #turn(signal: AbortSignal | null): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const turn = { go: resolve, signal };
    const onAbort = () => {
      this.#waiting.splice(this.#waiting.indexOf(turn), 1);
      reject(signal?.reason);
    };
    turn.go = () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#waiting.push(turn);
    this.#next();
    return promise;
  }

  #next(): void {
    while (this.#timer === null && this.#waiting.length > 0 && this.#running < this.#atOnce) {
      const now = performance.now();
      const waitMs = this.#nextAt - now;
      if (waitMs > 0) {
        this.#timer = setTimeout(() => {
          this.#timer = null;
          this.#next();
        }, waitMs);
        return;
      }
      this.#nextAt = now + this.#spacingMs;
      this.#running++;
      this.#waiting.shift()?.go();
    }
  }
}
