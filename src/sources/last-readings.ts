/**
 * What sources said last, so that the next reading can ask "still this?", and an answer that says
 * the same is not understood anew. Shared by many labels and bounded: the longest unasked are let go
 * of first, and are then asked for the whole answer again.
 */
import type { RawAnswer } from './source.ts';

/** One answer that was understood. */
export interface Said {
  status: number;
  etag: string | null;
  /** Its body, a character a byte: what a string holds that way takes no more room than that. */
  text: string;
  understood: unknown;
}

/** A good reading: each answer by its URL, in the order they came, and what they were together. */
export interface LastReading {
  said: Map<string, Said>;
  raw: RawAnswer;
}

const MOST_BYTES = 64 * 1024 * 1024;
/** Beside the text, for the names and maps around it. */
const OVERHEAD_BYTES = 1024;
/** One label doesn't crowd out the others: of all there is room for, it takes this share at most. */
const LARGEST_SHARE = 1 / 32;

export class LastReadings {
  readonly #mostBytes: number;
  /** The one that was kept longest ago comes first. */
  readonly #readings = new Map<object, { reading: LastReading; bytes: number }>();
  #bytes = 0;

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** Hands over what was kept for an owner, and forgets it: a reading that fails leaves nothing behind. */
  take(owner: object): LastReading | null {
    const kept = this.#readings.get(owner);
    if (!kept) return null;
    this.#readings.delete(owner);
    this.#bytes -= kept.bytes;
    return kept.reading;
  }

  keep(owner: object, reading: LastReading): void {
    this.take(owner);
    // What was understood of a text takes about as much room as the text.
    const bytes = OVERHEAD_BYTES + 2 * reading.raw.bytes;
    if (bytes > this.#mostBytes * LARGEST_SHARE) return;
    this.#readings.set(owner, { reading, bytes });
    this.#bytes += bytes;
    while (this.#bytes > this.#mostBytes) this.take(this.#readings.keys().next().value!);
  }
}
