/** Where events are told, and how far that is: channels and deliveries. Times are integer ms since 1970, UTC. */
import type { StoredEvent } from './event.ts';

export type ChannelTarget = { kind: 'webhook'; url: string } | { kind: 'log' };

export interface ChannelSettings {
  target: ChannelTarget;
  /** What it signs with; left out: the secret there is, or none. */
  secret?: string | undefined;
  /** Globs over label names; null: all. An event that is about no label passes. */
  labels: string[] | null;
  /** Globs over event types; null: all. */
  events: string[] | null;
}

export interface StoredChannel extends Omit<ChannelSettings, 'secret'> {
  name: string;
  /** What to sign with, the newest first; those that have run out are left out. */
  secrets: string[];
  createdAt: number;
  disabledAt: number | null;
  disabledReason: string | null;
}

/** Waiting: behind another one of its subject. Dead: given up after the last attempt. */
export const DELIVERY_STATUSES = ['waiting', 'pending', 'delivered', 'dead', 'cancelled'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export interface StoredDelivery {
  id: number;
  channel: string;
  event: { id: string; type: string; subject: string; recordedAt: number };
  status: DeliveryStatus;
  createdAt: number;
  attempts: number;
  /** When it is tried next; null where it isn't. */
  nextAt: number | null;
  lastAttemptAt: number | null;
  lastError: { code: string; message: string } | null;
  /** When it was delivered, given up or cancelled. */
  settledAt: number | null;
}

export interface DeliveryFilter {
  channel?: string | undefined;
  status?: DeliveryStatus | undefined;
  limit: number;
  /** Id of the last one of the page before. */
  before: number | null;
}

/** What names a change in its event. */
export interface ChangeKey {
  id: string;
  label: string;
  detectedAt: number;
}

export interface DueDelivery {
  id: number;
  /** Attempts made before this one. */
  attempts: number;
  channel: StoredChannel;
  event: StoredEvent;
}

export type AttemptOutcome =
  | { kind: 'delivered' }
  | { kind: 'retry'; at: number; error: { code: string; message: string } }
  | { kind: 'dead'; error: { code: string; message: string } }
  /** Given up, and the channel takes no more: it is disabled. */
  | { kind: 'gone'; error: { code: string; message: string } }
  /** Not tried: it is due again at once, and no attempt is counted. */
  | { kind: 'released' };
