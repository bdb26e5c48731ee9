/** An event as a CloudEvent 1.0, structured JSON: the same bytes each time, and never many of them. */
import { type CloudEventJson, EVENT_SOURCE } from '../contract/event.ts';
import { formatTime, formatTimeOrNull } from '../contract/time.ts';
import type { ArtifactId } from '../lineage/manifest.ts';
import {
  type ChangeTold,
  type EventData,
  type EventType,
  MOST_BLOB_IDS,
  type StoredEvent,
} from '../store/event.ts';
import { shortText } from './short-text.ts';

/** Of one free text, as JSON. Names are short, and so are all events whose texts are. */
const MOST_TEXT_BYTES = 4000;
/** Of a decision, as JSON. */
const MOST_NAME_BYTES = 400;

/** Structured mode: the body holds the whole event, so a signature covers it all. */
export const CLOUD_EVENT_TYPE = 'application/cloudevents+json';

export function cloudEvent(event: StoredEvent): CloudEventJson {
  const told = {
    specversion: '1.0',
    id: event.id,
    source: EVENT_SOURCE,
    type: event.type,
    subject: event.subject,
    time: formatTime(event.recordedAt),
    datacontenttype: 'application/json',
    data: dataOf(event),
  };
  // Each type's data is made by the function of that type, which the compiler can't follow here.
  return told as CloudEventJson;
}

/** What is sent and signed. */
export function eventBody(event: StoredEvent): Buffer {
  return Buffer.from(JSON.stringify(cloudEvent(event)));
}

/** The data of the one form of event that may be of this type. */
type DataOf<Type extends EventType, Form = CloudEventJson> = Form extends CloudEventJson
  ? Type extends Form['type']
    ? Form['data']
    : never
  : never;

const DATA: { [Type in EventType]: (data: EventData[Type]) => DataOf<Type> } = {
  'underlabel.change.first_seen': changeData,
  'underlabel.change.moved': changeData,
  'underlabel.change.returned': changeData,
  'underlabel.change.vanished': changeData,
  'underlabel.change.reappeared': changeData,
  'underlabel.trace.conflict': ({ label, blobId, traceId }) => ({ label, blobId, traceId }),
  'underlabel.label.unreadable': ({ label, since, error, lastSuccessAt }) => ({
    label,
    since: formatTime(since),
    error: { code: cut(error.code), message: cut(error.message) },
    lastSuccessAt: formatTimeOrNull(lastSuccessAt),
  }),
  'underlabel.label.readable': ({ label, since, until, failures, artifactId }) => ({
    label,
    since: formatTime(since),
    until: formatTime(until),
    failures,
    artifactId,
  }),
  'underlabel.blob.mismatch': (told) => {
    const { blobId, labels, aggregator, bytes, sha256, computedBlobId } = told;
    const code = told.code === 'wrong-length' ? told.code : 'other-bytes';
    return { blobId, labels, aggregator, bytes, sha256, code, computedBlobId };
  },
  'underlabel.blob.verified': ({ blobId, labels, aggregator, bytes, sha256 }) => {
    return { blobId, labels, aggregator, bytes, sha256 };
  },
  'underlabel.blob.unavailable': ({ blobId, labels, aggregator, error }) => {
    return { blobId, labels, aggregator, error: { ...error, message: cut(error.message) } };
  },
  'underlabel.blob.expiring': (told) => {
    const { blobId, labels, network, withinDays, endEpoch, endsAt, endsAtEstimated } = told;
    const ending = { withinDays, endEpoch, endsAt: formatTime(endsAt), endsAtEstimated };
    return { blobId, labels, network, ...ending };
  },
  'underlabel.blob.lost': ({ blobId, labels, network, status, was, epoch }) => {
    return { blobId, labels, network, status, was, epoch };
  },
  'underlabel.diff.changed': (told) => {
    const { label, changeId, from, to, pairs, flipped, e } = told;
    const name = (text: string | null) => text && shortText(text, MOST_NAME_BYTES);
    const flips = told.flips.map((flip) => ({
      before: name(flip.before),
      after: name(flip.after),
      pairs: flip.pairs,
    }));
    const said = { summary: cut(told.summary), compare: comparePath(from, to) };
    return { label, changeId, from, to, pairs, flipped, flips, e, ...said };
  },
  'underlabel.channel.test': ({ channel }) => ({ channel }),
  'underlabel.channel.disabled': ({ channel, reason }) => ({ channel, reason: cut(reason) }),
  'underlabel.store.restored': ({ from, to }) => ({ from: formatTime(from), to: formatTime(to) }),
};

function dataOf<Type extends EventType>(event: { type: Type; data: EventData[Type] }): unknown {
  return DATA[event.type](event.data);
}

function changeData(change: ChangeTold): DataOf<`underlabel.change.${ChangeTold['kind']}`> {
  const { id, label, kind, from, to } = change;
  return {
    id,
    label,
    kind,
    from,
    to,
    after: formatTimeOrNull(change.after),
    before: formatTime(change.before),
    detectedAt: formatTime(change.detectedAt),
    fromBlobIds: change.fromBlobIds.slice(0, MOST_BLOB_IDS),
    toBlobIds: change.toBlobIds.slice(0, MOST_BLOB_IDS),
    compare: from && to ? comparePath(from, to) : null,
  };
}

/** Where the service tells what changed inside: an event stays small. */
function comparePath(from: ArtifactId, to: ArtifactId): string {
  return `/api/v1/artifacts/${from}/compare/${to}`;
}

function cut(text: string): string {
  return shortText(text, MOST_TEXT_BYTES);
}
