/** What the sender tells those who log and count. */
import type { AttemptOutcome } from '../store/outbox.ts';
import type { ChannelKind } from './channels/index.ts';

export interface SendReport {
  /** An attempt is over, and settled unless the store failed. */
  attempted(attempt: Attempt): void;
  /** The store failed. The sender tries again by itself; nothing is lost, something may be told twice. */
  storeFailed(error: unknown): void;
}

export interface Attempt {
  channel: string;
  kind: ChannelKind;
  deliveryId: number;
  event: { id: string; type: string; subject: string };
  outcome: AttemptOutcome['kind'];
  /** Null where it was delivered or not tried. No secret is in it. */
  error: { code: string; message: string } | null;
  /** ms it took. */
  tookMs: number;
  /** ms from when the event was recorded to its end. */
  sinceRecordedMs: number;
}

interface Log {
  error(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

/** A line for each attempt that did not go well; an error where somebody must look after it. */
export function logAttempt(log: Log, { channel, deliveryId, event, outcome, error }: Attempt) {
  const fields = { channel, deliveryId, event: event.id, type: event.type, error };
  if (outcome === 'dead') {
    log.error(fields, 'an event could not be delivered and is given up; redeliver it once it can');
  } else if (outcome === 'gone') {
    log.error(fields, 'a channel takes no more and is disabled; put it again to resume');
  } else if (outcome === 'retry') {
    log.warn(fields, 'an event could not be delivered; it is tried again');
  }
}
