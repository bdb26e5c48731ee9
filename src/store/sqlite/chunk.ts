/**
 * Readings packed: a label read every 30 s for a year is a million of them, at 6–7 bytes each.
 * A row's header holds its first reading; every further one is four varints: the pause since the
 * previous answer, how long the answer took, how long until it was on disk (zigzag), and by how
 * much its number jumped (zigzag).
 */
import type { Instants } from '../../lineage/reading.ts';

/** A reading of a chunk whose artifact is the chunk's. */
export interface PackedReading extends Instants {
  seq: number;
  recordedAt: number;
}

/** Small enough that rewriting the open chunk at each reading costs little. */
export const CHUNK_BYTES = 1024;

export function pack(readings: readonly PackedReading[]): Buffer {
  return Buffer.concat(readings.slice(1).map((reading, i) => packNext(readings[i]!, reading)));
}

/** The bytes that `reading` adds behind `previous`. */
export function packNext(
  previous: Pick<PackedReading, 'receivedAt' | 'seq'>,
  reading: PackedReading,
): Buffer {
  const bytes: number[] = [];
  write(bytes, reading.requestedAt - previous.receivedAt);
  write(bytes, reading.receivedAt - reading.requestedAt);
  write(bytes, zigzag(reading.recordedAt - reading.receivedAt));
  write(bytes, zigzag(reading.seq - previous.seq - 1));
  return Buffer.from(bytes);
}

export function unpack(first: PackedReading, packed: Uint8Array): PackedReading[] {
  const readings = [first];
  let previous = first;
  let at = 0;
  const read = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = packed[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < packed.length) {
    const requestedAt = previous.receivedAt + read();
    const receivedAt = requestedAt + read();
    const recordedAt = receivedAt + unzigzag(read());
    const seq = previous.seq + 1 + unzigzag(read());
    previous = { requestedAt, receivedAt, recordedAt, seq };
    readings.push(previous);
  }
  return readings;
}

// Arithmetic, not bit operations: values pass 2³¹.
function write(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

const zigzag = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value);
const unzigzag = (value: number) => (value % 2 ? -(value + 1) / 2 : value / 2);
