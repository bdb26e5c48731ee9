/** How long another side may say nothing, or next to nothing, before it is given up. */

export interface Patience {
  /** Until the head of the answer came, ms. */
  headMs: number;
  /** Between `leastBytes` of the body and the next, ms; while we are the slow ones it doesn't run. */
  idleMs: number;
  leastBytes: number;
}

export class SilenceTimer {
  readonly #patience: Patience;
  readonly #onSilent: (ms: number) => void;
  #timer: NodeJS.Timeout;
  #limitMs: number;
  /** Of the limit, when the timer last began to run. */
  #leftMs: number;
  #since = performance.now();
  #bytes = 0;

  /** It runs until `stop`. */
  constructor(patience: Patience, onSilent: (ms: number) => void) {
    this.#patience = patience;
    this.#onSilent = onSilent;
    this.#limitMs = patience.headMs;
    this.#leftMs = patience.headMs;
    this.#timer = this.#started();
  }

  headCame(): void {
    this.#limitMs = this.#patience.idleMs;
    this.#restart();
  }

  heard(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes >= this.#patience.leastBytes) this.#restart();
  }

  /** While it is us who take our time. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#leftMs -= performance.now() - this.#since;
  }

  goOn(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#started();
  }

  #restart(): void {
    this.#bytes = 0;
    this.#leftMs = this.#limitMs;
    this.goOn();
  }

  #started(): NodeJS.Timeout {
    this.#since = performance.now();
    return setTimeout(this.#onSilent, Math.max(1, this.#leftMs), this.#limitMs);
  }
}
