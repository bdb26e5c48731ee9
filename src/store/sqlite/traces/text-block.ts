/**
 * Texts of traces as they stand on disk: some 16 KiB of them together and compressed, since what
 * repeats from trace to trace (names of attributes, resources, prompts) is most of them. A text alone
 * takes half of its size, in a block of 8 KiB a quarter, of 16 a fifth, of 64 a sixth; but to read one
 * text of a block, all of it is unpacked, and a list of a label's traces may touch a block for each.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { TextKey } from './text-keys.ts';
import { Turn } from './turn.ts';

/** A block is closed once it holds so many bytes; a longer text has one to itself. */
const BLOCK_BYTES = 16 * 1024;
/** Texts of one block, so that a block's number and a place in it make one integer. */
export const MOST_TEXTS = 4096;
/** Below this nothing is gained. */
const LEAST_COMPRESSED = 256;
const LENGTH_BYTES = 4;
/** Unpacked in one step, nearly always: in two it takes twice the time. */
const UNPACKED = { chunkSize: BLOCK_BYTES + 1024 };

const PLAIN = 0;
const ZSTD = 1;
// The lowest: the next ones take a third longer and save nothing on such texts.
const OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** A text's place: in a block that is being filled (by its number among them), or (ref) on disk. */
export interface NewPlace {
  block: number;
  slot: number;
}

/** A block on its way to the disk. */
export interface NewBlock {
  /** As it is stored. */
  body: Buffer;
  /** Of the texts in it that others may share. */
  keys: TextKey[];
}

/** Fills blocks, in the order in which texts come. */
export class BlockBuilder {
  readonly #blocks: { texts: Buffer[]; keys: TextKey[] }[] = [];
  #bytes = 0;

  /** @param hash of what it says, where others may share it */
  add(text: Buffer, hash: Buffer | null = null): NewPlace {
    let last = this.#blocks.at(-1);
    const full = this.#bytes + text.length > BLOCK_BYTES || last?.texts.length === MOST_TEXTS;
    if (!last || full) {
      last = { texts: [], keys: [] };
      this.#blocks.push(last);
      this.#bytes = 0;
    }
    this.#bytes += text.length;
    const slot = last.texts.push(text) - 1;
    if (hash) last.keys.push({ slot, hash });
    return { block: this.#blocks.length - 1, slot };
  }

  /** The blocks as they are stored. While many are compressed, others get their turn. */
  async finish(): Promise<NewBlock[]> {
    const blocks: NewBlock[] = [];
    const turn = new Turn();
    for (const { texts, keys } of this.#blocks) {
      if (turn.isOver) await turn.next();
      blocks.push({ body: packed(joined(texts)), keys });
    }
    return blocks;
  }

  /** The same at once, for what can't wait. */
  finishSync(): NewBlock[] {
    return this.#blocks.map(({ texts, keys }) => ({ body: packed(joined(texts)), keys }));
  }
}

/** How many texts there are, the length of each, then their bytes. */
function joined(texts: readonly Buffer[]): Buffer {
  const head = Buffer.allocUnsafe(LENGTH_BYTES * (texts.length + 1));
  head.writeUInt32LE(texts.length);
  texts.forEach(({ length }, i) => {
    head.writeUInt32LE(length, LENGTH_BYTES * (i + 1));
  });
  return Buffer.concat([head, ...texts]);
}

// Here and not by way of Node's pool of threads: a block takes 60 µs, and the way there four times that.
function packed(block: Buffer): Buffer {
  if (block.length < LEAST_COMPRESSED) return withCodec(PLAIN, block);
  const compressed = zstdCompressSync(block, OPTIONS);
  const pays = compressed.length < block.length;
  return pays ? withCodec(ZSTD, compressed) : withCodec(PLAIN, block);
}

const withCodec = (codec: number, bytes: Buffer) => Buffer.concat([Buffer.of(codec), bytes]);

/** @param body as it is stored @returns the texts, as parts of one buffer */
export function textsIn(body: Buffer): Buffer[] {
  return textsOfBlock(unpackedBlock(body));
}

/** @param body as it is stored */
export function unpackedBlock(body: Buffer): Buffer {
  const bytes = body.subarray(1);
  return body[0] === ZSTD ? zstdDecompressSync(bytes, UNPACKED) : bytes;
}

/** @param block unpacked @returns its texts, as parts of it */
export function textsOfBlock(block: Buffer): Buffer[] {
  const count = block.readUInt32LE(0);
  let at = LENGTH_BYTES * (count + 1);
  return Array.from({ length: count }, (_, i) => {
    const from = at;
    at += block.readUInt32LE(LENGTH_BYTES * (i + 1));
    return block.subarray(from, at);
  });
}
