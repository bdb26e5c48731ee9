/**
 * Copies what is committed from the log into the database in a thread of its own, while there is much
 * of it: copied by the thread that commits, it takes up to a tenth of a second, and all others wait.
 */
import { statSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { workerBeside } from '../../threads/worker-beside.ts';
import type { Db } from './open.ts';

/** A log shorter than this is left to SQLite's own way. */
const LONG_BYTES = 4 * 1024 * 1024;
/** The log can only begin anew when nothing of it is left to be copied, as it may never be while others write: then the one who commits copies the rest, which is little. */
const LONGEST_PAGES = 16_384;
const EVERY_MS = 250;

export class Checkpoints {
  readonly #file: string;
  /** Null until there is something for it to do, and once it has died. */
  #worker: Worker | null = null;
  #isCopying = false;
  #soon: NodeJS.Timeout | null = null;
  #ended = false;

  constructor(db: Db) {
    this.#file = db.$client.name;
    db.$client.pragma(`wal_autocheckpoint = ${LONGEST_PAGES}`);
  }

  /** Something was committed. */
  note(): void {
    if (this.#soon || this.#ended) return;
    this.#soon = setTimeout(() => {
      this.#soon = null;
      this.#copy();
    }, EVERY_MS).unref();
  }

  async end(): Promise<void> {
    this.#ended = true;
    if (this.#soon) clearTimeout(this.#soon);
    if (!this.#worker) return;
    const { promise: exited, resolve } = Promise.withResolvers<void>();
    this.#worker.once('exit', resolve);
    this.#worker.ref();
    this.#worker.postMessage('end');
    await exited;
  }

  #copy(): void {
    if (this.#isCopying || this.#logBytes() < LONG_BYTES) return;
    this.#worker ??= this.#start();
    this.#isCopying = true;
    this.#worker.postMessage('copy');
  }

  #start(): Worker {
    const worker = workerBeside(import.meta.url, 'checkpoint-worker', { workerData: this.#file });
    worker.unref();
    worker.on('message', () => {
      this.#isCopying = false;
    });
    // It is a help, not a need: without it SQLite copies in its own way.
    worker.on('error', () => {
      this.#ended = true;
    });
    worker.on('exit', () => {
      this.#worker = null;
    });
    return worker;
  }

  #logBytes(): number {
    try {
      return statSync(`${this.#file}-wal`).size;
    } catch {
      return 0;
    }
  }
}
