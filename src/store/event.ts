/** What is told to the outside: facts, written once in the transaction of what they tell. Times: ms, UTC. */
import type { FlipCount } from '../diff/evidence/change-evidence.ts';
import type { ArtifactId, BlobId } from '../lineage/manifest.ts';
import type { Change, ChangeKind } from '../lineage/timeline.ts';
import type { ChainStatus } from '../walrus/chain-fact.ts';
import type { VerificationCode } from '../walrus/verification.ts';

/** By the type that the event is told under. */
export type EventData = Record<`underlabel.change.${ChangeKind}`, ChangeTold> &
  BlobEventData &
  OtherEventData;

interface OtherEventData {
  'underlabel.trace.conflict': { label: string; blobId: BlobId; traceId: string };
  'underlabel.label.unreadable': {
    label: string;
    /** When the first of the failing readings was asked. */
    since: number;
    error: { code: string; message: string };
    /** When a reading last said something; null: never. */
    lastSuccessAt: number | null;
  };
  'underlabel.label.readable': {
    label: string;
    /** From when to when no reading said anything. */
    since: number;
    until: number;
    failures: number;
    /** What is there now; null: absent. A change has an event of its own. */
    artifactId: ArtifactId | null;
  };
  /** Since the label moved, decisions on the same inputs go another way. Told once a change. */
  'underlabel.diff.changed': {
    label: string;
    changeId: string;
    from: ArtifactId;
    to: ArtifactId;
    pairs: number;
    flipped: number;
    /** The commonest. */
    flips: FlipCount[];
    e: number;
    summary: string;
  };
  'underlabel.channel.test': { channel: string };
  'underlabel.channel.disabled': { channel: string; reason: string };
  /** An older copy of the database was restored: nothing is known of what was between. */
  'underlabel.store.restored': { from: number; to: number };
}

/** Of a blob, and of the watched labels that hold it now: in order of name, the first MOST_LABELS. */
interface BlobTold {
  blobId: BlobId;
  labels: string[];
}

export interface BlobEventData {
  /** An aggregator serves other bytes under this ID. */
  'underlabel.blob.mismatch': BlobTold & {
    aggregator: string | null;
    code: VerificationCode;
    /** The ID of what was served. */
    computedBlobId: BlobId | null;
    bytes: number | null;
    sha256: string | null;
  };
  /** Its bytes were had and have this ID, the run before it could not say so, and nobody is known to serve others. */
  'underlabel.blob.verified': BlobTold & {
    aggregator: string | null;
    bytes: number | null;
    sha256: string | null;
  };
  /** Its bytes could not be had or not be checked, and the run before it could, or there was none. */
  'underlabel.blob.unavailable': BlobTold & {
    aggregator: string | null;
    error: { code: VerificationCode; message: string };
  };
  /** Its storage ends soon. */
  'underlabel.blob.expiring': BlobTold & {
    network: string;
    withinDays: number;
    endEpoch: number;
    endsAt: number;
    endsAtEstimated: boolean;
  };
  /** The chain says that it is stored no more, or never was. */
  'underlabel.blob.lost': BlobTold & {
    network: string;
    status: ChainStatus;
    /** What it said before; null: nothing. */
    was: ChainStatus | null;
    epoch: number;
  };
}

export type BlobEventType = keyof BlobEventData;

export interface ChangeTold extends Change {
  label: string;
  /** In order of path, and no more than MOST_BLOB_IDS: an event stays small. */
  fromBlobIds: BlobId[];
  toBlobIds: BlobId[];
}

/** Of each of a change's two artifacts. The artifact itself has them all. */
export const MOST_BLOB_IDS = 50;

/** Of the labels that hold a blob: an event stays small. */
export const MOST_LABELS = 50;

export type EventType = keyof EventData;

/** The labels an event is about. Null: about none, or about more than it names; then it is everybody's. */
export function labelsOf(data: EventData[EventType]): string[] | null {
  if ('label' in data) return [data.label];
  if (!('labels' in data) || data.labels.length === 0) return null;
  return data.labels.length < MOST_LABELS ? data.labels : null;
}

/** An event as it is told; `subject` is the label or blob it is about, or else the channel, or 'store'. */
export type StoredEvent = {
  [Type in EventType]: {
    /** Its place among all events. */
    number: number;
    /** UUIDv7. */
    id: string;
    type: Type;
    subject: string;
    recordedAt: number;
    data: EventData[Type];
  };
}[EventType];
