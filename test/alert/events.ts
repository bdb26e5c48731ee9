/** One event of each type, and what they are about. */
import type { EventData, EventType, StoredEvent } from '../../src/store/event.ts';
import { artifact, blob, START } from '../store/opened.ts';

const CHANGE = {
  id: 'reading-7',
  label: 'og/eth-volatility',
  after: START - 30_000,
  before: START - 200,
  detectedAt: START,
};
const A = { from: artifact('a'), fromBlobIds: [blob('a')] };
const B = { to: artifact('b'), toBlobIds: [blob('b')] };
const FROM_NONE = { from: null, fromBlobIds: [] };
const BLOB = { blobId: blob('z'), labels: [CHANGE.label] };
const TO_NONE = { to: null, toBlobIds: [] };

export const DATA: EventData = {
  'underlabel.change.first_seen': {
    ...CHANGE,
    after: null,
    kind: 'first_seen',
    ...FROM_NONE,
    ...B,
  },
  'underlabel.change.moved': { ...CHANGE, kind: 'moved', ...A, ...B },
  'underlabel.change.returned': { ...CHANGE, kind: 'returned', ...A, ...B },
  'underlabel.change.vanished': { ...CHANGE, kind: 'vanished', ...A, ...TO_NONE },
  'underlabel.change.reappeared': { ...CHANGE, kind: 'reappeared', ...FROM_NONE, ...B },
  'underlabel.trace.conflict': { label: CHANGE.label, blobId: blob('z'), traceId: 'trace-1' },
  'underlabel.label.unreadable': {
    label: CHANGE.label,
    since: START,
    error: { code: 'timeout', message: 'no answer' },
    lastSuccessAt: null,
  },
  'underlabel.label.readable': {
    label: CHANGE.label,
    since: START,
    until: START + 90_000,
    failures: 3,
    artifactId: null,
  },
  'underlabel.blob.mismatch': {
    ...BLOB,
    aggregator: 'https://aggregator.example',
    code: 'other-bytes',
    computedBlobId: blob('y'),
    bytes: 12,
    sha256: 'ab'.repeat(32),
  },
  'underlabel.blob.verified': {
    ...BLOB,
    aggregator: 'https://aggregator.example',
    bytes: 12,
    sha256: 'ab'.repeat(32),
  },
  'underlabel.blob.unavailable': {
    ...BLOB,
    aggregator: null,
    error: { code: 'no-aggregator', message: 'no aggregator is set' },
  },
  'underlabel.blob.expiring': {
    ...BLOB,
    network: 'testnet',
    withinDays: 2,
    endEpoch: 40,
    endsAt: START + 86_400_000,
    endsAtEstimated: true,
  },
  'underlabel.blob.lost': {
    ...BLOB,
    network: 'testnet',
    status: 'deleted',
    was: 'certified',
    epoch: 39,
  },
  'underlabel.diff.changed': {
    label: CHANGE.label,
    changeId: CHANGE.id,
    from: artifact('a'),
    to: artifact('b'),
    pairs: 14,
    flipped: 14,
    flips: [{ before: 'CLEAR', after: null, pairs: 14 }],
    e: 1092.2,
    summary: 'decisions go another way: 14 pairs of the same input',
  },
  'underlabel.channel.test': { channel: 'ops' },
  'underlabel.channel.disabled': { channel: 'ops', reason: 'it is gone' },
  'underlabel.store.restored': { from: START, to: START + 1 },
};

export const TYPES = Object.keys(DATA) as EventType[];

export function event<Type extends EventType>(type: Type, data = DATA[type]): StoredEvent {
  const subject = subjectOf(data);
  const id = '01936b2f-7e00-7000-8000-000000000001';
  return { number: 1, id, type, subject, recordedAt: START, data } as StoredEvent;
}

function subjectOf(data: EventData[EventType]): string {
  if ('label' in data) return data.label;
  if ('labels' in data) return data.blobId;
  return 'channel' in data ? data.channel : 'store';
}
