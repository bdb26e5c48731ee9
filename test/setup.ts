/** Before any test: what many of them start is built, and what costs each of them time is seen to. */
import { accessSync, constants, statfsSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../scripts/ensure-built.ts';

const MEMORY_DISK = '/dev/shm';
/** Far more than all tests together leave there at a time. */
const ROOM = 4 * 2 ** 30;

export default function setup(): void {
  ensureBuilt();
  // What V8 has compiled is kept for the next process and thread: hundreds begin with the same modules.
  process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../node_modules/.cache/compiled');
  // Tests end processes, and never cut the power: that each commit waits for a disk shows nothing.
  if (process.env.TMPDIR === undefined && hasRoom()) process.env.TMPDIR = MEMORY_DISK;
}

function hasRoom(): boolean {
  try {
    accessSync(MEMORY_DISK, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY_DISK);
    return bavail * bsize >= ROOM && freemem() >= 2 * ROOM;
  } catch {
    return false;
  }
}
