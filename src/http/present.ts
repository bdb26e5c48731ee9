/** What is stored, as it is answered: the wire shapes of src/contract. */
import { shownUrl } from '../alert/shown-url.ts';
import type { ChannelJson, DeliveryJson } from '../contract/channel.ts';
import type { LabelJson } from '../contract/label.ts';
import type {
  AttributionJson,
  ChangeJson,
  LostStretchJson,
  ObservationJson,
  TenureJson,
} from '../contract/observation.ts';
import { formatDuration, formatTime, formatTimeOrNull } from '../contract/time.ts';
import type { Attribution } from '../lineage/attribution.ts';
import type { BlobId } from '../lineage/manifest.ts';
import type { Instants } from '../lineage/reading.ts';
import type { Tenure, Window } from '../lineage/timeline.ts';
import type { BlobStates } from '../store/blob.ts';
import type { StoredEvidence } from '../store/evidence.ts';
import type { StoredChannel, StoredDelivery } from '../store/outbox.ts';
import type { LostStretch, StoredChange, StoredLabel, StoredObservation } from '../store/store.ts';
import { worstOf } from '../walrus/standing.ts';
import { shownSource } from '../words/shown-source.ts';

const windowJson = ({ after, before }: Window) => ({
  after: formatTimeOrNull(after),
  before: formatTime(before),
});

const instantsJson = ({ requestedAt, receivedAt }: Instants) => ({
  requestedAt: formatTime(requestedAt),
  receivedAt: formatTime(receivedAt),
});

/** @param toAdmin others see no query of its source's addresses: it may hold a secret */
export function labelJson(label: StoredLabel, nextAt: number | null, toAdmin: boolean): LabelJson {
  const { current } = label;
  return {
    name: label.name,
    source: shownSource(label.source, toAdmin),
    every: formatDuration(label.everyMs),
    clockSkew: formatDuration(label.clockSkewMs),
    servingLag: formatDuration(label.servingLagMs),
    createdAt: formatTime(label.createdAt),
    removedAt: formatTimeOrNull(label.removedAt),
    current: current && {
      artifactId: current.artifactId,
      blobIds: current.blobIds,
      since: windowJson(current.since),
      lastConfirmedAt: formatTime(current.lastConfirmedAt),
    },
    verification: current?.artifactId ? standingJson(current.blobStates) : null,
    evidence: current?.evidence ? evidenceJson(current.evidence) : null,
    watch: {
      lastAttemptAt: formatTimeOrNull(label.lastAttemptAt),
      lastSuccessAt: formatTimeOrNull(label.lastSuccessAt),
      consecutiveFailures: label.consecutiveFailures,
      lastError: label.lastError,
      nextAt: formatTimeOrNull(nextAt),
    },
  };
}

function evidenceJson({ lookedAt, toldAt, logE: _, ...evidence }: StoredEvidence) {
  return { ...evidence, lookedAt: formatTime(lookedAt), toldAt: formatTimeOrNull(toldAt) };
}

function standingJson(blobs: BlobStates) {
  const states = (Object.keys(blobs) as (keyof BlobStates)[]).filter((state) => blobs[state] > 0);
  return { state: worstOf(states), blobs };
}

export function observationJson(observation: StoredObservation): ObservationJson {
  return {
    ...observation,
    ...instantsJson(observation),
    recordedAt: formatTime(observation.recordedAt),
  };
}

export function tenureJson(tenure: Tenure, blobIds: BlobId[]): TenureJson {
  return {
    artifactId: tenure.artifactId,
    blobIds,
    firstSeenAt: formatTime(tenure.firstSeenAt),
    lastConfirmedAt: formatTime(tenure.lastConfirmedAt),
    observations: tenure.observations,
    maxGapMs: tenure.maxGapMs,
    began: windowJson(tenure.began),
    ended: tenure.ended && windowJson(tenure.ended),
  };
}

export function changeJson(change: StoredChange): ChangeJson {
  const { id, label, kind, from, to } = change;
  return {
    id,
    label,
    kind,
    from,
    to,
    ...windowJson(change),
    detectedAt: formatTime(change.detectedAt),
    retiredAt: formatTimeOrNull(change.retiredAt),
  };
}

export function lostJson({ from, to, recordedAt }: LostStretch): LostStretchJson {
  return { from: formatTime(from), to: formatTime(to), recordedAt: formatTime(recordedAt) };
}

/** @param toAdmin others see no more of a URL than its host: the rest may be a secret */
export function channelJson(channel: StoredChannel, toAdmin: boolean): ChannelJson {
  const { name, target, labels, events, disabledReason } = channel;
  const url = target.kind === 'webhook' ? target.url : null;
  return {
    name,
    kind: target.kind,
    url: url === null ? null : shownUrl(url, toAdmin),
    labels,
    events,
    createdAt: formatTime(channel.createdAt),
    disabledAt: formatTimeOrNull(channel.disabledAt),
    disabledReason,
  };
}

/** @param held its channel is disabled: nothing is tried until it is enabled */
export function deliveryJson(delivery: StoredDelivery, held = false): DeliveryJson {
  const { id, channel, event, status, attempts, lastError } = delivery;
  return {
    id: String(id),
    channel,
    event: {
      id: event.id,
      type: event.type,
      subject: event.subject,
      time: formatTime(event.recordedAt),
    },
    status,
    createdAt: formatTime(delivery.createdAt),
    attempts,
    nextAt: held ? null : formatTimeOrNull(delivery.nextAt),
    lastAttemptAt: formatTimeOrNull(delivery.lastAttemptAt),
    lastError,
    settledAt: formatTimeOrNull(delivery.settledAt),
  };
}

export function attributionJson(attribution: Attribution): AttributionJson {
  const { window, grounds } = attribution;
  return {
    ...attribution,
    window: window && windowJson(window),
    grounds: {
      before: grounds.before && instantsJson(grounds.before),
      after: grounds.after && instantsJson(grounds.after),
      maxGapMs: grounds.maxGapMs,
    },
  };
}
