/** How far encoding is, for whoever looks on: one line on a terminal, while files take long. */
import { roughSecondsToEncode } from '../walrus/encoder/encoder-cost.ts';
import { progress, progressDone } from './screen.ts';
import { cut } from './width.ts';
import { span } from './words.ts';

const EVERY_MS = 500;

interface Running {
  reckonedMs: number;
  startedAt: number;
}

/** Times are ms of one clock that is never set. */
export class EncodingProgress {
  readonly #nShards: number;
  readonly #files: number;
  readonly #running = new Map<string, Running>();
  #done = 0;
  // What this machine took for what was reckoned.
  #tookMs = 0;
  #reckonedMs = 0;

  /** @param files how many there are in all */
  constructor(files: number, nShards: number) {
    this.#files = files;
    this.#nShards = nShards;
  }

  began(file: string, bytes: number, now: number): void {
    const reckonedMs = 1000 * roughSecondsToEncode(bytes, this.#nShards);
    this.#running.set(file, { reckonedMs, startedAt: now });
  }

  ended(file: string, now: number): void {
    const running = this.#running.get(file);
    this.#running.delete(file);
    this.#done += 1;
    if (!running) return;
    this.#tookMs += now - running.startedAt;
    this.#reckonedMs += running.reckonedMs;
  }

  /** Of the file that runs longest; null while none does. */
  line(now: number): string | null {
    const [first] = this.#running;
    if (!first) return null;
    const [file, { reckonedMs, startedAt }] = first;
    const slowness = this.#reckonedMs > 0 ? this.#tookMs / this.#reckonedMs : 1;
    const [elapsed, whole] = [now - startedAt, Math.max(1000, reckonedMs * slowness)];
    const estimate = elapsed < whole ? `roughly ${span(whole)} in all` : 'longer than reckoned';
    const beside = this.#running.size > 1 ? `; ${this.#running.size - 1} more beside it` : '';
    const done = this.#files > 1 ? `; ${this.#done} of ${this.#files} done` : '';
    return `${file}: ${span(elapsed)}, ${estimate}${beside}${done}`;
  }
}

/** Shows the line until the answer is called; nothing where stderr is no terminal. */
export function showProgress(encoding: EncodingProgress): () => void {
  if (!process.stderr.isTTY) return () => {};
  const timer = setInterval(() => {
    const line = encoding.line(performance.now());
    // Wrapped, it could not be taken away again.
    if (line !== null) progress(cut(line, (process.stderr.columns || 80) - 1));
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    progressDone();
  };
}
