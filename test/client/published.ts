/** What the service publishes of a history, as the contract says it, from the readings alone. */
import type { Lost } from '../../src/lineage/attribution.ts';
import type { Reading } from '../../src/lineage/reading.ts';
import {
  BEFORE_ALL,
  beganIn,
  changesOf,
  runsOf,
  stretchOf,
  tenuresOf,
  type Window,
} from '../../src/lineage/timeline.ts';

export interface History {
  readings: readonly Reading[];
  lost?: readonly Lost[];
  every?: string;
  clockSkew?: string;
  servingLag?: string;
  /** Whether the newest reading is the watch's. */
  watched?: boolean;
}

/** A, B, … as ids of artifacts. */
export const idOf = (letter: string) => `sha256:${letter.toLowerCase().repeat(64)}`;
export const underOf = (letter: string | null) => (letter === null ? null : idOf(letter));
/** An artifact of one blob. */
export const blobOf = (letter: string) => Buffer.alloc(32, letter).toString('base64url');

const iso = (ms: number) => new Date(ms).toISOString();
const isoOrNull = (ms: number | null) => (ms === null ? null : iso(ms));
const windowJson = ({ after, before }: Window) => ({
  after: isoOrNull(after),
  before: iso(before),
});

export function publishedLabel(name: string, history: History) {
  const { readings, every = '30s', clockSkew = '0s', servingLag = '0s', watched } = history;
  const newest = runsOf(readings.map(stretchOf)).at(-1);
  return {
    name,
    source: { kind: 'push' },
    ...{ every, clockSkew, servingLag },
    createdAt: iso(0),
    removedAt: null,
    current: newest
      ? {
          artifactId: underOf(newest.artifactId),
          blobIds: newest.artifactId === null ? [] : [blobOf(newest.artifactId)],
          since: windowJson(beganIn(newest)),
          lastConfirmedAt: iso(newest.lastRequestedAt),
        }
      : null,
    verification: null,
    watch: {
      lastAttemptAt: null,
      lastSuccessAt: watched && newest ? iso(newest.lastReceivedAt) : null,
      consecutiveFailures: 0,
      lastError: null,
      nextAt: null,
    },
  };
}

export function publishedTimeline({ readings, lost = [] }: History, from = BEFORE_ALL) {
  const runs = runsOf(readings.map(stretchOf));
  return {
    tenures: tenuresOf(runs.filter((run) => run.until > from)).map((tenure) => ({
      artifactId: idOf(tenure.artifactId),
      blobIds: [blobOf(tenure.artifactId)],
      firstSeenAt: iso(tenure.firstSeenAt),
      lastConfirmedAt: iso(tenure.lastConfirmedAt),
      observations: tenure.observations,
      maxGapMs: tenure.maxGapMs,
      began: windowJson(tenure.began),
      ended: tenure.ended && windowJson(tenure.ended),
    })),
    changes: changesOf(runs)
      .filter((change) => change.before >= from)
      .map(({ id, kind, from: was, to, after, before, detectedAt }) => ({
        ...{ id, kind, label: 'a-label', retiredAt: null, detectedAt: iso(detectedAt) },
        ...{ from: underOf(was), to: underOf(to), ...windowJson({ after, before }) },
      })),
    lost: lost
      .filter((stretch) => stretch.to > from)
      .map(({ from: began, to }) => ({ from: iso(began), to: iso(to), recordedAt: iso(to) })),
  };
}

/** The JSON that a path below `/api/v1/` is answered with. */
export function publishedAt(path: string, history: History): unknown {
  const [, name, timeline, from] = /^labels\/([^/?]+)(\/timeline(?:\?from=(.+))?)?$/.exec(path)!;
  const label = decodeURIComponent(name!);
  if (!timeline) return publishedLabel(label, history);
  return publishedTimeline(history, from ? Date.parse(decodeURIComponent(from)) : BEFORE_ALL);
}
