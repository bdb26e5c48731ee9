/** The stretches of time of which nothing is known, in memory: they are few, and the same for all labels. */
import { asc } from 'drizzle-orm';
import { lost } from '#schema';
import { AFTER_ALL, BEFORE_ALL, type Stretch, stretchOf } from '../../lineage/timeline.ts';
import type { LostStretch, TimeRange } from '../store.ts';
import type { LabelTimes } from './labels.ts';
import type { Db } from './open.ts';
import { type ChunkRow, type Readings, readingOf, unpackRow } from './readings.ts';

/** What a lost stretch means for one label. */
export interface Cut {
  from: number;
  /** When the last reading answered by `from` was asked: it confirms what ended by then. */
  confirmedAt: number | null;
  /** When the first one asked since the stretch was answered; AFTER_ALL where none was. */
  reopenedAt: number;
}

export class LostStretches {
  readonly #readings: Readings;
  /** By label, as of its last reading: a list over thousands of labels goes from page to page. */
  readonly #cuts = new Map<number, { nextSeq: number; cuts: readonly Cut[] }>();
  /** In order of time; they don't overlap. */
  readonly all: readonly LostStretch[];

  constructor(db: Db, readings: Readings) {
    this.#readings = readings;
    this.all = db.select().from(lost).orderBy(asc(lost.recordedAt)).all();
  }

  /** Those that meet [from, to). */
  within({ from, to }: TimeRange): LostStretch[] {
    const [start, end] = [from ?? BEFORE_ALL, to ?? AFTER_ALL];
    return this.all.filter((stretch) => stretch.from < end && stretch.to > start);
  }

  /**
   * Those that began before then. As of an instant within one it counts, though it was noticed
   * later: what was known at that instant is what was lost.
   */
  asOf(asOf: number | null): readonly LostStretch[] {
    if (asOf === null || this.all.length === 0) return this.all;
    return this.all.filter((stretch) => stretch.from < asOf);
  }

  /** In order of time; none for a label without readings, of which nothing is known anyway. */
  cutsOf({
    id,
    firstReceivedAt,
    nextSeq,
  }: Pick<LabelTimes, 'id' | 'firstReceivedAt' | 'nextSeq'>): readonly Cut[] {
    if (firstReceivedAt === null || this.all.length === 0) return [];
    const known = this.#cuts.get(id);
    if (known?.nextSeq === nextSeq) return known.cuts;
    const cuts = this.#findCuts(id);
    this.#cuts.set(id, { nextSeq, cuts });
    return cuts;
  }

  #findCuts(id: number): Cut[] {
    return this.all.map(({ from, to }) => ({
      from,
      confirmedAt: this.#lastAnsweredBy(id, from)?.firstRequestedAt ?? null,
      reopenedAt: this.#firstAskedFrom(id, to)?.firstReceivedAt ?? AFTER_ALL,
    }));
  }

  /**
   * The first and the last reading of all that lies between two lost stretches, in order of time.
   * Who only asks how certain an attribution is, needs no others for its grounds.
   */
  bordersOf(labelId: number): Stretch[] {
    const starts = [BEFORE_ALL, ...this.all.map(({ to }) => to)];
    const ends = [...this.all.map(({ from }) => from), AFTER_ALL];
    return starts
      .flatMap((start, i) => [
        this.#firstAskedFrom(labelId, start),
        this.#lastAnsweredBy(labelId, ends[i]!),
      ])
      .filter((reading) => reading !== null)
      .sort(
        (a, b) => a.firstRequestedAt - b.firstRequestedAt || a.firstReceivedAt - b.firstReceivedAt,
      );
  }

  #lastAnsweredBy(labelId: number, receivedAt: number): Stretch | null {
    const chunk = this.#readings.chunkAt(labelId, { requestedAt: AFTER_ALL, receivedAt });
    if (!chunk) return null;
    const reading = unpackRow(chunk).findLast((one) => one.receivedAt <= receivedAt)!;
    return single(chunk, reading);
  }

  #firstAskedFrom(labelId: number, requestedAt: number): Stretch | null {
    // No reading of a chunk that ends before this one was asked as late: they don't overlap.
    let chunk =
      this.#readings.chunkAt(labelId, { requestedAt: AFTER_ALL, receivedAt: requestedAt }) ??
      this.#readings.chunkAfter(labelId, { requestedAt: BEFORE_ALL, receivedAt: BEFORE_ALL });
    while (chunk) {
      const reading = unpackRow(chunk).find((one) => one.requestedAt >= requestedAt);
      if (reading) return single(chunk, reading);
      const { firstRequestedAt, firstReceivedAt } = chunk;
      const here = { requestedAt: firstRequestedAt, receivedAt: firstReceivedAt };
      chunk = this.#readings.chunkAfter(labelId, here);
    }
    return null;
  }
}

function single(chunk: ChunkRow, reading: ReturnType<typeof unpackRow>[number]): Stretch {
  return stretchOf(readingOf(chunk.labelId, reading, chunk.artifactId));
}
