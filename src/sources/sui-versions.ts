/**
 * How far a label's objects had come when they were last read. Full nodes behind one address are not
 * equally far, and what one that lags behind says is over: it must not look like a change back.
 */
import type { SuiWord } from './sui-reader.ts';

interface Seen {
  version: bigint;
  digest: string;
  /** Whether it was missing when it was last read. */
  gone: boolean;
}

/** A label reads two objects at a time; which ones may change with the object. */
const MOST_KEPT = 16;
/** Between the end of a reading here and the time that it is recorded with. */
const SAME_INSTANT_MS = 10;

export class SuiVersions {
  readonly #seen = new Map<string, Seen>();
  #asOf = Number.NEGATIVE_INFINITY;
  #answeredAt = Number.NEGATIVE_INFINITY;

  /** Takes in one answer. @returns why it says nothing about now; null where it may */
  behind(word: SuiWord): string | null {
    if ((word.asOf ?? Number.POSITIVE_INFINITY) < this.#asOf) {
      return 'a full node answered that lags behind the one which answered before';
    }
    const seen = this.#seen.get(word.objectId);
    if (word.state === 'missing') {
      if (seen) seen.gone = true;
      return null;
    }
    const version = BigInt(word.version);
    if (seen && version < seen.version) {
      return `a full node answered with version ${version}, and version ${seen.version} was read before`;
    }
    if (seen?.version === version && seen.digest !== word.digest) {
      return `a full node answered with other content under version ${version}, which was read before`;
    }
    this.#keep(word.objectId, { version, digest: word.digest, gone: false });
    // What is gone comes back with a higher version, if ever. Said twice, the one who missed it was behind.
    if (seen?.gone && seen.version === version) {
      return `a full node answered with version ${version}, which another one said is gone`;
    }
    return null;
  }

  /** A reading was good. @param asOf of its oldest answer, ms; null where none said */
  readAsOf(asOf: number | null): void {
    if (asOf !== null) this.#asOf = Math.max(this.#asOf, asOf);
  }

  /** A reading ended then, by our clock, ms. */
  answered(at: number): void {
    this.#answeredAt = at;
  }

  /** How long before the end of the reading before it this was seen, ms; 0 or less: after it. */
  seenTooEarlyBy(seenSince: number): number {
    return this.#answeredAt + SAME_INSTANT_MS - seenSince;
  }

  #keep(objectId: string, seen: Seen): void {
    this.#seen.delete(objectId);
    this.#seen.set(objectId, seen);
    if (this.#seen.size > MOST_KEPT) this.#seen.delete(this.#seen.keys().next().value!);
  }
}
