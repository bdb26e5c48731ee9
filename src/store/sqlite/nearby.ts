/** Chunks of readings around a time, remembered: the traces of a list lie side by side, and mostly in one chunk. */
import type { Instants } from '../../lineage/reading.ts';
import type { PackedReading } from './chunk.ts';
import type { History } from './history.ts';
import { NearbyRuns } from './nearby-runs.ts';
import { type ChunkRow, type Readings, unpackRow } from './readings.ts';

const LATEST = Number.MAX_SAFE_INTEGER;

interface Place {
  chunk: ChunkRow;
  /** The chunk after it; undefined: not asked for yet. */
  next?: ChunkRow | null;
}

/** For one look at the database, during which nothing is written to it. */
export class Nearby {
  readonly runs: NearbyRuns;
  readonly #readings: Readings;
  /** Of each label the chunk that was asked for last. */
  readonly #last = new Map<number, Place>();
  readonly #unpacked = new WeakMap<ChunkRow, PackedReading[]>();

  constructor(readings: Readings, history: History) {
    this.runs = new NearbyRuns(history);
    this.#readings = readings;
  }

  /** The last chunk whose first reading was answered by then. */
  chunkAt(labelId: number, time: number): ChunkRow | null {
    const last = this.#last.get(labelId);
    if (last && last.chunk.firstReceivedAt <= time) {
      const next = this.#nextOf(labelId, last);
      if (!next || next.firstReceivedAt > time) return last.chunk;
    }
    const chunk = this.#readings.chunkAt(labelId, { requestedAt: LATEST, receivedAt: time });
    if (chunk) this.#last.set(labelId, { chunk });
    return chunk;
  }

  /** The first chunk that begins after these instants. */
  chunkAfter(labelId: number, instants: Instants): ChunkRow | null {
    const last = this.#last.get(labelId);
    return last && begins(last.chunk, instants)
      ? this.#nextOf(labelId, last)
      : this.#readings.chunkAfter(labelId, instants);
  }

  /** The readings in a chunk; not to be changed. */
  readingsIn(chunk: ChunkRow): readonly PackedReading[] {
    const known = this.#unpacked.get(chunk);
    if (known) return known;
    const readings = unpackRow(chunk);
    this.#unpacked.set(chunk, readings);
    return readings;
  }

  #nextOf(labelId: number, place: Place): ChunkRow | null {
    if (place.next === undefined) {
      const { firstRequestedAt: requestedAt, firstReceivedAt: receivedAt } = place.chunk;
      place.next = this.#readings.chunkAfter(labelId, { requestedAt, receivedAt });
    }
    return place.next;
  }
}

function begins(chunk: ChunkRow, { requestedAt, receivedAt }: Instants): boolean {
  return chunk.firstRequestedAt === requestedAt && chunk.firstReceivedAt === receivedAt;
}
