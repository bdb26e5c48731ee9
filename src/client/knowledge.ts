/** What the client knows of one label: as much of its history as it keeps, ready for the heart. Pure. */
import {
  groundsOf,
  type Lost,
  runsReaching,
  type Span,
  type Tolerance,
  type View,
} from '../lineage/attribution.ts';
import type { ArtifactId, BlobId } from '../lineage/manifest.ts';
import type { Instants } from '../lineage/reading.ts';
import { BEFORE_ALL, type Run, type Stretch, stretchOf } from '../lineage/timeline.ts';
import { publishedRuns } from './published-runs.ts';
import type { PublishedLabel, PublishedTimeline } from './read-answers.ts';

/** Runs kept of a label: past it the oldest go, and what was then is not known any more. */
const MOST_RUNS = 1000;
/** Blob IDs kept of a label, those of the newest artifacts first. */
const MOST_BLOB_IDS = 1000;

export interface Knowledge {
  everyMs: number;
  tolerance: Tolerance;
  /** Of these, and of what is lost since, all is known. */
  runs: readonly Run[];
  lost: readonly Lost[];
  /** Readings that are known to be there: each asked then or later, answered then or before. */
  witnesses: readonly Stretch[];
  /** Of an artifact that is not in it there are too many to keep. */
  blobIds: ReadonlyMap<ArtifactId, readonly BlobId[]>;
  /** When the newest reading was asked. */
  lastRequestedAt: number | null;
  /** A reading since the newest loss, by which later ones are known to rest on solid ground. */
  reopened: Instants | null;
}

/**
 * @param from where the timeline begins; BEFORE_ALL: with the label
 * @param before what was known until now
 * @throws ClientError foreign-answer
 */
export function knowledgeOf(
  label: PublishedLabel,
  timeline: PublishedTimeline,
  from: number,
  before: Knowledge | null,
): Knowledge {
  const { everyMs, clockSkewMs, servingLagMs, current } = label;
  // Of what began earlier it isn't known what was lost meanwhile.
  const runs = publishedRuns(timeline, current)
    .filter((run) => run.after >= from)
    .slice(-MOST_RUNS);
  const { lost } = timeline;
  const lastRequestedAt = runs.at(-1)?.lastRequestedAt ?? null;
  const reopened = reopenedBy(lost, before, lastRequestedAt, label);
  return {
    everyMs,
    tolerance: { clockSkewMs, servingLagMs },
    runs,
    lost,
    witnesses: witnessesOf(runs, reopened),
    blobIds: blobIdsOf(timeline),
    lastRequestedAt: lastRequestedAt === BEFORE_ALL ? null : lastRequestedAt,
    reopened,
  };
}

/** From where on a label's timeline is to be asked for, so that all is known of what was at `wanted`. */
export function beginOf({ runs }: { runs: readonly Run[] }, wanted: number): number | null {
  return runs.find((run) => run.until > wanted)?.after ?? null;
}

/** What the readings say around a span, as far as it is known: never more than the service would say. */
export function viewIn({ runs, witnesses, lost }: Knowledge, span: Span): View {
  return { runs: runsReaching(runs, span), grounds: groundsOf(witnesses, span, lost) };
}

/** The first and the last reading of each run. An instant that isn't known is taken for its worst. */
function witnessesOf(runs: readonly Run[], reopened: Instants | null): Stretch[] {
  const told = runs.flatMap((run): Instants[] => [
    { requestedAt: run.firstRequestedAt, receivedAt: run.firstReceivedAt },
    { requestedAt: run.lastRequestedAt, receivedAt: run.lastReceivedAt },
  ]);
  const [first] = runs;
  // However early that was: what was there before the first run is not known.
  const since = reopened && first && Math.max(reopened.receivedAt, first.firstReceivedAt);
  const all = since ? [...told, { ...reopened, receivedAt: since }] : told;
  return all
    .sort((a, b) => a.requestedAt - b.requestedAt || a.receivedAt - b.receivedAt)
    .map((instants) => stretchOf({ ...instants, id: '', recordedAt: 0, artifactId: null }));
}

/** The first reading, asked since the newest loss, whose answer is known to have come by some instant. */
function reopenedBy(
  lost: readonly Lost[],
  before: Knowledge | null,
  lastRequestedAt: number | null,
  { current, lastSuccessAt }: PublishedLabel,
): Instants | null {
  if (lost.length === 0) return null;
  const since = Math.max(...lost.map(({ to }) => to));
  const found: Instants[] = before?.reopened ? [before.reopened] : [];
  // Readings don't overlap: one that is not the newest any more was answered before the newest was asked.
  const earlier = before?.lastRequestedAt ?? null;
  if (earlier !== null && lastRequestedAt !== null && lastRequestedAt > earlier) {
    found.push({ requestedAt: earlier, receivedAt: lastRequestedAt });
  }
  // The watch had its last answer after the newest reading was asked: it is that reading's.
  if (current && lastSuccessAt !== null && lastSuccessAt > current.lastConfirmedAt) {
    found.push({ requestedAt: current.lastConfirmedAt, receivedAt: lastSuccessAt });
  }
  return found.find(({ requestedAt }) => requestedAt >= since) ?? null;
}

function blobIdsOf({ tenures }: PublishedTimeline): Map<ArtifactId, readonly BlobId[]> {
  const kept = new Map<ArtifactId, readonly BlobId[]>();
  let room = MOST_BLOB_IDS;
  for (const { artifactId, blobIds } of [...tenures].reverse()) {
    if (kept.has(artifactId) || blobIds.length > room) continue;
    // Tags hand it out: what an application does with it must not come back.
    kept.set(artifactId, Object.freeze(blobIds));
    room -= blobIds.length;
  }
  return kept;
}
