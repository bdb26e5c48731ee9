/** What is told to the outside: facts, written once in the transaction of what they tell. Times: ms, UTC. */
import type { ArtifactId, BlobId } from '../lineage/manifest.ts';
import type { Change, ChangeKind } from '../lineage/timeline.ts';

/** By the type that the event is told under. */
export type EventData = Record<`underlabel.change.${ChangeKind}`, ChangeTold> & OtherEventData;

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
  'underlabel.channel.test': { channel: string };
  'underlabel.channel.disabled': { channel: string; reason: string };
  /** An older copy of the database was restored: nothing is known of what was between. */
  'underlabel.store.restored': { from: number; to: number };
}

export interface ChangeTold extends Change {
  label: string;
  /** In order of path, and no more than MOST_BLOB_IDS: an event stays small. */
  fromBlobIds: BlobId[];
  toBlobIds: BlobId[];
}

/** Of each of a change's two artifacts. The artifact itself has them all. */
export const MOST_BLOB_IDS = 50;

export type EventType = keyof EventData;

/** An event as it is told; `subject` is the label it is about, or else the channel, or 'store'. */
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
