/** Ids for traces that come without: UUID v7, whose order in time keeps the index's inserts together. */
import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const UUID_BYTES = 16;
// Random bytes by the pool: asking the system for 16 at a time costs more than the insert.
const pool = new Uint8Array(UUID_BYTES * 512);
let at = pool.length;

export function newTraceId(): string {
  if (at === pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  at += UUID_BYTES;
  return v7({ random: pool.slice(at - UUID_BYTES, at) });
}
