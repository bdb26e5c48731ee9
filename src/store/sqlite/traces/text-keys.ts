/** Finds a text by the hash of what it says: those of new blocks stand beside them until a run of keys has them. */
import { KeyIndex, type KeyIndexOptions } from '../key-index/key-index.ts';
import type { Db } from '../open.ts';
import { blockOf, refOf } from './texts.ts';

/** A text of a block by its place there. */
export interface TextKey {
  slot: number;
  /** Of its value: 32 bytes. */
  hash: Buffer;
}

const SLOT_BYTES = 2;
const KEY_BYTES = 8;
const ENTRY_BYTES = SLOT_BYTES + KEY_BYTES;

interface KeysRow {
  blockId: number;
  keys: Buffer;
}

export class TextKeys {
  readonly index: KeyIndex;
  readonly #put;
  readonly #covered;
  readonly #forget;

  constructor(db: Db, options: Pick<KeyIndexOptions, 'memoryEntries'> = {}) {
    const { $client: client } = db;
    this.#put = client.prepare<[number, Buffer]>(
      'INSERT INTO text_keys (block_id, keys) VALUES (?, ?)',
    );
    this.#covered = client
      .prepare<[], number | null>(
        "SELECT max(last_ref) FROM key_runs WHERE key_index = 'texts' AND state = 'live'",
      )
      .pluck();
    this.#forget = client.prepare<[number, number]>(
      `DELETE FROM text_keys WHERE block_id IN (
         SELECT block_id FROM text_keys WHERE block_id < ? ORDER BY block_id LIMIT CAST(? AS INTEGER))`,
    );
    const oldest = client.prepare<[], number | null>('SELECT min(id) FROM blocks').pluck();
    const from = client.prepare<[number], KeysRow>(
      'SELECT block_id AS blockId, keys FROM text_keys WHERE block_id >= ? ORDER BY block_id',
    );
    this.index = new KeyIndex(
      client,
      'texts',
      function* (last) {
        for (const { blockId, keys } of from.iterate(blockOf(Math.max(last, 0)))) {
          for (const { slot, hash } of unpacked(keys)) {
            const ref = refOf(blockId, slot);
            if (ref > last) yield { hash, ref };
          }
        }
      },
      { ...options, firstRef: () => refOf(oldest.get() ?? 0, 0) },
    );
  }

  /** Where texts stand that may be the one of this hash, at most `limit`. */
  refs(hash: Buffer, limit: number): number[] {
    return this.index.refs(hash, limit);
  }

  /** Inside the transaction that stores the block. @param keys in order of their slots */
  add(block: number, keys: readonly TextKey[]): void {
    if (keys.length === 0) return;
    this.#put.run(block, packed(keys));
    for (const { slot, hash } of keys) this.index.add(hash, refOf(block, slot));
  }

  /** Inside a transaction: lets go of keys that runs have. @returns how many blocks' */
  forget(limit: number): number {
    return this.#forget.run(blockOf(this.#covered.get() ?? 0), limit).changes;
  }
}

function packed(keys: readonly TextKey[]): Buffer {
  const bytes = Buffer.allocUnsafe(ENTRY_BYTES * keys.length);
  keys.forEach(({ slot, hash }, i) => {
    bytes.writeUInt16LE(slot, ENTRY_BYTES * i);
    hash.copy(bytes, ENTRY_BYTES * i + SLOT_BYTES, 0, KEY_BYTES);
  });
  return bytes;
}

function* unpacked(keys: Buffer): Generator<TextKey> {
  for (let at = 0; at < keys.length; at += ENTRY_BYTES) {
    const hash = keys.subarray(at + SLOT_BYTES, at + ENTRY_BYTES);
    yield { slot: keys.readUInt16LE(at), hash };
  }
}
