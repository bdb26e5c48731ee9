/**
 * Blocks of texts, read and unpacked by a thread of their own while the traces before them are looked
 * at: unpacking takes a third of the time of a diff. What isn't there is read where it is asked for.
 */
import type { Worker } from 'node:worker_threads';
import { workerBeside } from '../../../threads/worker-beside.ts';
import { textsOfBlock } from '../traces/text-block.ts';
import { blockOf, refOf } from '../traces/texts.ts';
import type { CohortRow } from './cohort-rows.ts';

/** Asked of the thread: numbers of blocks. */
export type BlocksAsked = number[];

/** Of each block that is there its bytes, one after the other in one buffer. */
export interface BlocksUnpacked {
  bytes: Uint8Array<ArrayBuffer>;
  /** Block and length, by turns. */
  lengths: number[];
}

/** Bytes of texts that are unpacked ahead for one page of rows; a text alone may have 16 MiB. */
const MOST_BYTES = 12 * 1024 * 1024;
/** Fewer rows are not worth a thread. */
const LEAST_ROWS = 1000;
/** Of objects, MB: it holds next to none. */
const MEMORY = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };

export class BlocksAhead {
  readonly #file: string;
  #worker: Worker | null = null;
  #waiting: PromiseWithResolvers<BlocksUnpacked | null> | null = null;
  #blocks = new Map<number, Buffer[]>();
  #ended = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** Has the blocks of these rows unpacked; one page at a time. @returns takes them over, in the place of those before */
  async ask(rows: readonly CohortRow[]): Promise<() => void> {
    const blocks = rows.length < LEAST_ROWS || this.#ended ? [] : blocksOf(rows);
    const unpacked = blocks.length === 0 ? null : await this.#unpack(blocks);
    return () => {
      this.#blocks = unpacked === null ? new Map() : textsByBlock(unpacked);
    };
  }

  /** Null where it wasn't unpacked ahead. */
  text(ref: number): Buffer | null {
    const block = blockOf(ref);
    return this.#blocks.get(block)?.[ref - refOf(block, 0)] ?? null;
  }

  close(): void {
    this.#ended = true;
    this.#blocks = new Map();
    void this.#worker?.terminate();
  }

  #unpack(blocks: BlocksAsked): Promise<BlocksUnpacked | null> {
    this.#worker ??= this.#start();
    const waiting = Promise.withResolvers<BlocksUnpacked | null>();
    this.#waiting = waiting;
    this.#worker.postMessage(blocks);
    return waiting.promise;
  }

  #start(): Worker {
    const worker = workerBeside(import.meta.url, 'blocks-worker', {
      workerData: this.#file,
      resourceLimits: MEMORY,
    });
    worker.unref();
    worker.on('message', (unpacked: BlocksUnpacked) => this.#settle(unpacked));
    // It is a help, not a need.
    const onEnd = () => {
      this.#ended = true;
      this.#settle(null);
    };
    worker.on('error', onEnd);
    worker.on('exit', onEnd);
    return worker;
  }

  #settle(unpacked: BlocksUnpacked | null): void {
    this.#waiting?.resolve(unpacked);
    this.#waiting = null;
  }
}

/** In order, each once, as far as their texts have room. */
function blocksOf(rows: readonly CohortRow[]): number[] {
  const blocks = new Set<number>();
  let bytes = 0;
  for (const row of rows) {
    bytes += row[13];
    if (bytes > MOST_BYTES) break;
    for (const ref of [row[10], row[11], row[12]]) if (ref !== null) blocks.add(blockOf(ref));
  }
  return [...blocks];
}

function textsByBlock({ bytes, lengths }: BlocksUnpacked): Map<number, Buffer[]> {
  const blocks = new Map<number, Buffer[]>();
  let at = 0;
  for (let i = 0; i < lengths.length; i += 2) {
    const end = at + lengths[i + 1]!;
    blocks.set(lengths[i]!, textsOfBlock(Buffer.from(bytes.buffer, at, end - at)));
    at = end;
  }
  return blocks;
}
