/** A file for the encoder: its length before anything else, then all of its bytes at once. */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Refusal } from './encode-error.ts';
import { lengthRefusal } from './encoder-limits.ts';

// A thread can't be ended in the middle of a read.
const CHUNK_BYTES = 16 * 2 ** 20;

/** The file's length in bytes, or why it can't be encoded; not a byte of it is read. */
export async function lengthOf(file: string, nShards: number): Promise<number | Refusal> {
  try {
    const stats = await stat(file);
    return kindRefusal(stats) ?? lengthRefusal(stats.size, nShards) ?? stats.size;
  } catch (cause) {
    return unreadable('opened', cause as NodeJS.ErrnoException);
  }
}

/**
 * Blocks its thread while it reads.
 * @param length in bytes, as it was found earlier: memory is set aside for so many
 * @throws RangeError where there is no memory for them
 */
export function bytesOf(file: string, length: number, nShards: number): Uint8Array | Refusal {
  let descriptor: number;
  try {
    // A pipe that was put in its place would be waited for, for ever.
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    return unreadable('opened', cause as NodeJS.ErrnoException);
  }
  try {
    return whole(descriptor, length, nShards);
  } catch (cause) {
    const error = cause as NodeJS.ErrnoException;
    if (!error.syscall) throw error;
    return unreadable('read', error);
  } finally {
    closeSync(descriptor);
  }
}

function whole(descriptor: number, length: number, nShards: number): Uint8Array | Refusal {
  const stats = fstatSync(descriptor);
  const refusal = kindRefusal(stats) ?? lengthRefusal(stats.size, nShards);
  if (refusal) return refusal;
  if (stats.size !== length) return changed(`it went from ${length} to ${stats.size} bytes`);
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const read = readSync(descriptor, bytes, at, Math.min(CHUNK_BYTES, length - at), null);
    if (read === 0) return changed('it became shorter while it was read');
    at += read;
  }
  const { size, mtimeMs } = fstatSync(descriptor);
  const same = size === length && mtimeMs === stats.mtimeMs;
  return same ? bytes : changed('it was written to while it was read');
}

function kindRefusal(stats: Stats): Refusal | null {
  if (stats.isFile()) return null;
  return stats.isDirectory()
    ? { code: 'unreadable', problem: 'it is a folder', toDo: 'Give the files in it' }
    : { code: 'unreadable', problem: 'it is not a file', toDo: 'Copy its bytes to a file first' };
}

const TO_DO: Record<string, string> = {
  EACCES: 'Give this user leave to read it',
  EPERM: 'Give this user leave to read it',
  EMFILE: 'Let this process open more files',
  EIO: 'Check the disk',
};

function unreadable(done: 'opened' | 'read', cause: NodeJS.ErrnoException): Refusal {
  const why = cause.code ?? cause.message;
  const toDo = TO_DO[why] ?? 'Check the path';
  return { code: 'unreadable', problem: `it can't be ${done} (${why})`, toDo, cause };
}

function changed(how: string): Refusal {
  const toDo = 'Ask again once nothing writes to it';
  return { code: 'changed', problem: how, toDo };
}
