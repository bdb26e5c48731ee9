/**
 * What the readings of a label say around a span, as the heart wants it. By index: the runs that
 * reach the span, and at most the two chunks that hold its neighbours are unpacked.
 */
import {
  type Attribution,
  attribute,
  groundsOf,
  type Lost,
  runsReaching,
  type Span,
  spanOf,
  type View,
} from '../../lineage/attribution.ts';
import type { BlobId } from '../../lineage/manifest.ts';
import type { Instants } from '../../lineage/reading.ts';
import { type Run, runsOf, type Stretch, stretchOf } from '../../lineage/timeline.ts';
import type { Artifacts } from './artifacts.ts';
import type { History } from './history.ts';
import type { LabelRow, Labels } from './labels.ts';
import type { LostStretches } from './lost.ts';
import { Nearby } from './nearby.ts';
import { type ChunkRow, type Readings, readingOf, stretchOfRow } from './readings.ts';

/** A trace, as far as its attribution goes. */
export interface Attributed {
  startedAt: number;
  endedAt: number;
  recordedAt: number;
  blobId: BlobId | null;
}

const LATEST = Number.MAX_SAFE_INTEGER;

export class Views {
  readonly #labels: Labels;
  readonly #readings: Readings;
  readonly #history: History;
  readonly #artifacts: Artifacts;
  readonly #lost: LostStretches;

  constructor(
    labels: Labels,
    readings: Readings,
    history: History,
    artifacts: Artifacts,
    lost: LostStretches,
  ) {
    this.#labels = labels;
    this.#readings = readings;
    this.#history = history;
    this.#artifacts = artifacts;
    this.#lost = lost;
  }

  /** For attributions that are asked for together. */
  nearby(): Nearby {
    return new Nearby(this.#readings, this.#history);
  }

  /** @param asOf counts only what was recorded by then; null counts all */
  attribute(
    label: LabelRow,
    trace: Attributed,
    asOf: number | null,
    nearby = this.nearby(),
  ): Attribution {
    const span = spanOf(trace.startedAt, trace.endedAt, this.#labels.tolerance(label, asOf));
    const current = asOf === null || asOf >= (label.lastRecordedAt ?? Number.NEGATIVE_INFINITY);
    const runs = current ? null : this.#runsAsOf(label.id, asOf);
    const lost = this.#lost.asOf(asOf);
    const view = runs
      ? this.#viewAsOf(label.id, runs, span, asOf!, lost, nearby)
      : this.#view(label, span, lost, nearby);
    // Evidence that came with the trace was not known before the trace was.
    if (trace.blobId === null || (asOf !== null && trace.recordedAt > asOf)) {
      return attribute(view);
    }
    const { blobId } = trace;
    const holders = runs
      ? this.#artifacts.holding(
          blobId,
          runs.map((run) => run.artifactId),
        )
      : this.#artifacts.holdingUnder(label.id, blobId);
    return attribute(view, { blobId, proven: false, holders });
  }

  #view(
    { id, lastRequestedAt }: LabelRow,
    span: Span,
    lost: readonly Lost[],
    nearby: Nearby,
  ): View {
    const ends = lastRequestedAt !== null && span.end <= lastRequestedAt;
    const grounds = groundsOf(this.#around(id, span, null, ends, nearby), span, lost);
    return { runs: grounds.before ? nearby.runs.reaching(id, span) : [], grounds };
  }

  #viewAsOf(
    labelId: number,
    runs: Run[],
    span: Span,
    asOf: number,
    lost: readonly Lost[],
    nearby: Nearby,
  ): View {
    const grounds = groundsOf(this.#around(labelId, span, asOf, true, nearby), span, lost);
    return { runs: runsReaching(runs, span), grounds };
  }

  /** The runs of what was recorded by then. Whole chunks count by their header; only mixed ones are unpacked. */
  #runsAsOf(labelId: number, asOf: number): Run[] {
    const nearby = this.nearby();
    const chunks = this.#readings.all(labelId);
    return runsOf(chunks.flatMap((chunk) => stretchesAsOf(nearby, chunk, asOf)));
  }

  /** What the grounds are taken from: the chunks at both ends of the span unpacked, those inside by their header. */
  #around(
    labelId: number,
    span: Span,
    asOf: number | null,
    ends: boolean,
    nearby: Nearby,
  ): Stretch[] {
    let chunk = nearby.chunkAt(labelId, span.start);
    let singles = chunk ? knownIn(nearby, chunk, asOf, span) : [];
    while (chunk && !singles.some((reading) => reading.lastReceivedAt <= span.start)) {
      chunk = this.#readings.chunkBefore(labelId, firstInstants(chunk));
      singles = chunk ? knownIn(nearby, chunk, asOf, span) : [];
    }
    const stretches = singles;
    // Without a reading before it no gap is told, so only the one after it is looked for.
    let at = chunk ? firstInstants(chunk) : this.#beforeChunkAt(labelId, span.end);
    while (ends && !stretches.some((stretch) => stretch.firstRequestedAt >= span.end)) {
      const next = nearby.chunkAfter(labelId, at);
      if (!next) break;
      at = firstInstants(next);
      const inside = next.lastRequestedAt < span.end;
      stretches.push(
        ...(inside ? stretchesAsOf(nearby, next, asOf) : knownIn(nearby, next, asOf, span)),
      );
    }
    return stretches;
  }

  /** Right before the chunk that begins last by then: none before it has a reading asked at that time or later. */
  #beforeChunkAt(labelId: number, receivedAt: number): Instants {
    const chunk = this.#readings.chunkAt(labelId, { requestedAt: LATEST, receivedAt });
    if (!chunk) return { requestedAt: -LATEST, receivedAt: -LATEST };
    const { requestedAt, receivedAt: answered } = firstInstants(chunk);
    return { requestedAt: requestedAt - 1, receivedAt: answered };
  }
}

function firstInstants(chunk: ChunkRow) {
  return { requestedAt: chunk.firstRequestedAt, receivedAt: chunk.firstReceivedAt };
}

/** A chunk's readings recorded by then, one by one; of those around a span only the nearest. */
function knownIn(
  nearby: Nearby,
  chunk: ChunkRow,
  asOf: number | null,
  span: Span | null = null,
): Stretch[] {
  if (asOf !== null && chunk.leastRecordedAt > asOf) return [];
  const all = nearby.readingsIn(chunk);
  const readings = asOf === null ? all : all.filter(({ recordedAt }) => recordedAt <= asOf);
  const from = span ? readings.findLastIndex((reading) => reading.receivedAt <= span.start) : 0;
  const to = span ? readings.findIndex((reading) => reading.requestedAt >= span.end) : -1;
  return readings
    .slice(Math.max(from, 0), to < 0 ? undefined : to + 1)
    .map((reading) => stretchOf(readingOf(chunk.labelId, reading, chunk.artifactId)));
}

/** A chunk by its header where all of it was recorded by then. */
function stretchesAsOf(nearby: Nearby, chunk: ChunkRow, asOf: number | null): Stretch[] {
  if (asOf === null || chunk.mostRecordedAt <= asOf) return [stretchOfRow(chunk)];
  return knownIn(nearby, chunk, asOf);
}
