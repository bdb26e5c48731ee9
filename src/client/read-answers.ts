/** What the service publishes of a label, read from its JSON. Nothing more of it is kept than is used. */
import type { Lost } from '../lineage/attribution.ts';
import type { ArtifactId, BlobId, Under } from '../lineage/manifest.ts';
import type { Window } from '../lineage/timeline.ts';
import { artifactIdOf, blobIdOf, durationOf, fieldsOf, listOf, orNull, timeOf } from './fields.ts';

/** Of `GET /labels/{name}`. */
export interface PublishedLabel {
  everyMs: number;
  clockSkewMs: number;
  servingLagMs: number;
  current: { artifactId: Under; since: Window; lastConfirmedAt: number } | null;
  lastSuccessAt: number | null;
}

export interface PublishedTenure {
  artifactId: ArtifactId;
  blobIds: BlobId[];
  firstSeenAt: number;
  lastConfirmedAt: number;
  began: Window;
  ended: Window | null;
}

export interface PublishedChange extends Window {
  from: Under;
  to: Under;
}

/** Of `GET /labels/{name}/timeline`. */
export interface PublishedTimeline {
  tenures: PublishedTenure[];
  changes: PublishedChange[];
  lost: Lost[];
}

/** @throws ClientError foreign-answer */
export function readLabel(json: unknown): PublishedLabel {
  const label = fieldsOf(json, 'a label');
  return {
    everyMs: durationOf(label.every),
    clockSkewMs: durationOf(label.clockSkew),
    servingLagMs: durationOf(label.servingLag),
    current: orNull(label.current, (value) => {
      const current = fieldsOf(value, 'what is current');
      return {
        artifactId: orNull(current.artifactId, artifactIdOf),
        since: windowOf(current.since),
        lastConfirmedAt: timeOf(current.lastConfirmedAt),
      };
    }),
    lastSuccessAt: orNull(fieldsOf(label.watch, 'the watch').lastSuccessAt, timeOf),
  };
}

/** @throws ClientError foreign-answer */
export function readTimeline(json: unknown): PublishedTimeline {
  const timeline = fieldsOf(json, 'a timeline');
  return {
    tenures: listOf(timeline.tenures, 'the tenures', tenureOf),
    changes: listOf(timeline.changes, 'the changes', changeOf),
    lost: listOf(timeline.lost, 'what is lost', (value) => {
      const lost = fieldsOf(value, 'a lost stretch');
      return { from: timeOf(lost.from), to: timeOf(lost.to) };
    }),
  };
}

function tenureOf(value: unknown): PublishedTenure {
  const tenure = fieldsOf(value, 'a tenure');
  return {
    artifactId: artifactIdOf(tenure.artifactId),
    blobIds: listOf(tenure.blobIds, 'the Blob IDs', blobIdOf),
    firstSeenAt: timeOf(tenure.firstSeenAt),
    lastConfirmedAt: timeOf(tenure.lastConfirmedAt),
    began: windowOf(tenure.began),
    ended: orNull(tenure.ended, windowOf),
  };
}

function changeOf(value: unknown): PublishedChange {
  const change = fieldsOf(value, 'a change');
  const [from, to] = [orNull(change.from, artifactIdOf), orNull(change.to, artifactIdOf)];
  return { from, to, ...windowOf(change) };
}

function windowOf(value: unknown): Window {
  const window = fieldsOf(value, 'a window');
  return { after: orNull(window.after, timeOf), before: timeOf(window.before) };
}
