/** A copy of the database as a file that has no name any more: it is gone with whoever reads it. */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Store } from '../store/store.ts';

export interface DatabaseCopy {
  bytes: number;
  sha256: Buffer;
  /** The next bytes; null after the last. */
  next(): Promise<Uint8Array | null>;
  close(): Promise<void>;
}

const PART_BYTES = 256 * 1024;
/** What SQLite puts beside a database while it writes. */
const BESIDE = ['', '-journal', '-wal', '-shm'];

/** Removes what is left of a copy that broke off. */
export function clearUnfinished(file: string): void {
  for (const ending of BESIDE) rmSync(file + ending, { force: true });
}

/** @param file where it is written; on the way, and only then, it has this name */
export async function takeCopy(
  store: Pick<Store, 'backup'>,
  file: string,
  now: number,
): Promise<DatabaseCopy> {
  clearUnfinished(file);
  try {
    await store.backup(file, now);
    const handle = await open(file, 'r');
    try {
      await rm(file);
      return await measured(handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    clearUnfinished(file);
    throw error;
  }
}

async function measured(handle: FileHandle): Promise<DatabaseCopy> {
  const hash = createHash('sha256');
  const all = reader(handle);
  let bytes = 0;
  for (let part = await all(); part !== null; part = await all()) {
    hash.update(part);
    bytes += part.length;
  }
  return { bytes, sha256: hash.digest(), next: reader(handle), close: () => handle.close() };
}

function reader(handle: FileHandle): () => Promise<Uint8Array | null> {
  let position = 0;
  return async () => {
    const part = new Uint8Array(PART_BYTES);
    const { bytesRead } = await handle.read(part, 0, PART_BYTES, position);
    position += bytesRead;
    return bytesRead === 0 ? null : part.subarray(0, bytesRead);
  };
}
