/** One thread that encodes, one blob at a time. It keeps no process alive while it is idle. */
import type { Worker } from 'node:worker_threads';
import { whenGone, workerBeside } from '../../threads/worker-beside.ts';
import type { Answer, Question } from './encode-worker.ts';

/** With more memory than this a thread is let go after its blob. */
const KEPT_BYTES = 128 * 2 ** 20;

export class EncoderThread {
  /** Bytes: the most that any of its blobs needed. The memory of WebAssembly never shrinks. */
  heldBytes = 0;
  /** `ending` until it is gone, and its memory with it. */
  state: 'idle' | 'busy' | 'ending' = 'idle';
  readonly #worker: Worker;
  readonly #idleMs: number;
  #idleTimer: NodeJS.Timeout | undefined;
  #onAnswer: ((answer: Answer) => void) | null = null;

  /**
   * @param idleMs how long it may have nothing to do before it ends
   * @param gone called once, after it ended or died
   */
  constructor(idleMs: number, gone: () => void) {
    this.#idleMs = idleMs;
    this.#worker = workerBeside(import.meta.url, 'encode-worker');
    this.#worker.unref();
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    const failed = () => void this.end();
    whenGone(this.#worker, failed, (cause) => {
      this.state = 'ending';
      clearTimeout(this.#idleTimer);
      gone();
      this.#answer({ cause });
    });
  }

  /**
   * Only while it is idle.
   * @param question its bytes are moved away from here
   * @param neededBytes of memory
   * @param onAnswer called once, when the thread may be asked again or is ending; where it died, the
   *   answer is why
   */
  ask(question: Question, neededBytes: number, onAnswer: (answer: Answer) => void): void {
    const { source } = question;
    this.#worker.postMessage(question, source instanceof Uint8Array ? [source.buffer] : []);
    this.#onAnswer = onAnswer;
    this.heldBytes = Math.max(this.heldBytes, neededBytes);
    this.state = 'busy';
    clearTimeout(this.#idleTimer);
    this.#worker.ref();
  }

  /** Also in the middle of encoding. */
  async end(): Promise<void> {
    this.state = 'ending';
    await this.#worker.terminate();
  }

  #settle(answer: Answer): void {
    if (this.state === 'busy') {
      this.state = 'idle';
      this.#worker.unref();
      this.#idleTimer = setTimeout(() => void this.end(), this.#idleMs).unref();
      // After a trap the encoder's memory is in no known state.
      if ('cause' in answer || this.heldBytes > KEPT_BYTES) void this.end();
    }
    this.#answer(answer);
  }

  #answer(answer: Answer): void {
    const onAnswer = this.#onAnswer;
    this.#onAnswer = null;
    onAnswer?.(answer);
  }
}
