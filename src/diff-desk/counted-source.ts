/** A source that tells how much was read of it, and ends where that is more than a diff may have. */
import type { CohortTrace, DiffSource, Side } from '../diff/source.ts';

/** Of both sides together. Each takes some hundred bytes of memory until the report is written. */
export const MOST_TRACES = 5_000_000;

export class TooManyTraces extends Error {
  override name = 'TooManyTraces';
}

export class CountedSource implements DiffSource {
  looked = 0;
  readonly #source: DiffSource;
  readonly #most: number;

  constructor(source: DiffSource, most = MOST_TRACES) {
    this.#source = source;
    this.#most = most;
  }

  /** @throws TooManyTraces */
  async *cohort(side: Side): AsyncGenerator<readonly CohortTrace[]> {
    for await (const batch of this.#source.cohort(side)) {
      this.looked += batch.length;
      if (this.looked > this.#most) throw new TooManyTraces();
      yield batch;
    }
  }

  traces: DiffSource['traces'] = (refs) => this.#source.traces(refs);
  blobIdsOf: DiffSource['blobIdsOf'] = (ids) => this.#source.blobIdsOf(ids);
  newestReading: DiffSource['newestReading'] = () => this.#source.newestReading();
}
