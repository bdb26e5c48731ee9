/**
 * Blob IDs from bytes, in a few threads: first come, first served, within a budget of memory.
 *
 * An ID commits to the erasure coding of the bytes (RS2 over n_shards), so it takes about a second
 * even for an empty blob and grows with size: 4 s for 50 MB, 50 s and 2.5 GB of memory for 1 GB.
 */
import { availableParallelism, totalmem } from 'node:os';
import type { BlobId } from '../../lineage/manifest.ts';
import type { Refusal } from './encode-error.ts';
import type { Answer } from './encode-worker.ts';
import { type BlobSource, EncoderJob } from './encoder-job.ts';
import { N_SHARDS } from './encoder-limits.ts';
import { EncoderThread } from './encoder-thread.ts';

/** More would hardly be faster: they would wait for memory, its size and its bandwidth. */
const MOST_THREADS = 4;
const MOST_MEMORY_BYTES = 4 * 2 ** 30;
const IDLE_MS = 30_000;

export interface PoolSettings {
  /**
   * Blobs encoded side by side. By default one less than there are cores, so that one is left for
   * the event loop; at least 1, at most 4.
   */
  size?: number;
  /**
   * Bytes of memory for all threads together, by estimate; a blob that needs more alone is encoded
   * when nothing else is. By default 4 GiB, or half of what this process may have.
   */
  memoryBytes?: number;
  /** How long a thread with nothing to do is kept; by default 30 s. */
  idleMs?: number;
}

export interface EncodeOptions {
  /** Shards of the network the ID is for, 4 to 4,000; by default 1,000. */
  nShards?: number;
  /** Gives up, also in the middle of encoding. */
  signal?: AbortSignal;
  /** Told the number of bytes when their turn has come. */
  onStart?: (bytes: number) => void;
}

/** What a pool has in hand at this moment. */
export interface PoolLoad {
  waiting: number;
  running: number;
  threads: number;
  /** By estimate, idle threads and those that are ending included. */
  memoryBytes: number;
}

export interface EncoderPool {
  /**
   * The Walrus Blob ID of bytes or of a file's bytes.
   * @throws EncodeError `shards`, `too-large`, `unreadable` before any byte is read; `changed` where
   *   the file was written to; `encoder` where encoding failed; `closed`
   * @throws the signal's reason, once it is aborted
   */
  blobIdOf(source: BlobSource, options?: EncodeOptions): Promise<BlobId>;
  load(): PoolLoad;
  /** Fails what waits and what runs, with `closed`, and ends all threads. */
  close(): Promise<void>;
}

const CLOSED: Refusal = {
  code: 'closed',
  problem: 'the encoder was closed',
  toDo: 'Ask again after the next start',
};

/** No thread starts before the first blob comes. @throws RangeError for settings that no pool can have */
export function createEncoderPool(settings: PoolSettings = {}): EncoderPool {
  return new Pool(settings);
}

class Pool implements EncoderPool {
  readonly #size: number;
  readonly #memoryBytes: number;
  readonly #idleMs: number;
  readonly #waiting = new Set<EncoderJob>();
  readonly #running = new Set<EncoderJob>();
  readonly #threads = new Set<EncoderThread>();
  #closed = false;

  constructor({
    size = defaultSize(),
    memoryBytes = defaultMemory(),
    idleMs = IDLE_MS,
  }: PoolSettings) {
    if (!Number.isInteger(size) || size < 1 || !(memoryBytes > 0)) {
      throw new RangeError(
        `An encoder pool needs at least one thread and some memory, not ${size} and ${memoryBytes} bytes.`,
      );
    }
    this.#size = size;
    this.#memoryBytes = memoryBytes;
    this.#idleMs = idleMs;
  }

  async blobIdOf(source: BlobSource, options: EncodeOptions = {}): Promise<BlobId> {
    const { nShards = N_SHARDS, signal, onStart } = options;
    signal?.throwIfAborted();
    const job = new EncoderJob(source, nShards, onStart);
    const onAbort = () => job.giveUp(signal!.reason);
    signal?.addEventListener('abort', onAbort);
    if (this.#closed) job.reject(CLOSED);
    else this.#waiting.add(job);
    try {
      if (job.length === null) await Promise.race([job.measure(), job.outcome]);
      this.#admit();
      return await job.outcome;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#waiting.delete(job);
      job.stop();
      this.#admit();
    }
  }

  load(): PoolLoad {
    return {
      waiting: this.#waiting.size,
      running: this.#running.size,
      threads: this.#threads.size,
      memoryBytes: this.#heldBytes(),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const job of [...this.#waiting, ...this.#running]) job.reject(CLOSED);
    this.#waiting.clear();
    await Promise.all([...this.#threads].map((thread) => thread.end()));
  }

  /** Starts what may start. Nobody overtakes: one that is large would else wait for ever. */
  #admit(): void {
    for (const job of this.#waiting) {
      // The disk has not said yet how long it is, and may take its time.
      if (job.length === null) continue;
      try {
        const thread = this.#threadWith(job.neededBytes);
        if (!thread) return;
        this.#waiting.delete(job);
        this.#start(job, thread);
      } catch (cause) {
        // The machine has no thread left to give.
        this.#waiting.delete(job);
        job.settle({ cause });
      }
    }
  }

  /** One that is free to hold so many bytes more, or null while there is none. */
  #threadWith(neededBytes: number): EncoderThread | null {
    if (this.#running.size >= this.#size) return null;
    const idle = [...this.#threads].filter(({ state }) => state === 'idle');
    const thread = idle[0];
    const others = this.#heldBytes() - (thread?.heldBytes ?? 0);
    const fits = others + Math.max(neededBytes, thread?.heldBytes ?? 0) <= this.#memoryBytes;
    const alone = this.#threads.size === (thread ? 1 : 0);
    if (fits || alone) return thread ?? this.#startThread();
    // What they hold comes free when they are gone, and then this is asked again.
    for (const one of idle) void one.end();
    return null;
  }

  #startThread(): EncoderThread {
    const thread = new EncoderThread(this.#idleMs, () => {
      this.#threads.delete(thread);
      this.#admit();
    });
    this.#threads.add(thread);
    return thread;
  }

  #start(job: EncoderJob, thread: EncoderThread): void {
    this.#running.add(job);
    // There is no other way to stop WebAssembly.
    job.stop = () => void thread.end();
    const onAnswer = (answer: Answer) => {
      job.stop = () => {};
      this.#running.delete(job);
      job.settle(answer);
      this.#admit();
    };
    try {
      thread.ask(job.question(), job.neededBytes, onAnswer);
      job.started();
    } catch (cause) {
      void thread.end();
      this.#running.delete(job);
      job.settle({ cause });
    }
  }

  #heldBytes(): number {
    return [...this.#threads].reduce((sum, { heldBytes }) => sum + heldBytes, 0);
  }
}

function defaultSize(): number {
  return Math.min(Math.max(1, availableParallelism() - 1), MOST_THREADS);
}

function defaultMemory(): number {
  // 0 where nothing constrains it, or a number beyond all memory.
  const constrained = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return Math.min(MOST_MEMORY_BYTES, Math.min(constrained, totalmem()) / 2);
}
