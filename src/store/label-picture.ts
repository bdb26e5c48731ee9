/** A label's history as a picture needs it: told by steps of time, however many readings there are. */
import type { Under } from '../lineage/manifest.ts';
import type { ChangeKind, Window } from '../lineage/timeline.ts';
import type { LostStretch } from './store.ts';

export interface PicturedPeriod {
  from: number;
  to: number;
  /** Into so many the time is cut. */
  steps: number;
  /** Past so long without a reading it is told that nobody looked; null: never (readings are pushed). */
  gapMs: number | null;
}

/** A tenure, or a time of absence, with the windows that it began and ended in. */
export interface PicturedRun {
  /** Of the reading that it began with, and so of the change. */
  id: string;
  artifactId: Under;
  /** The first answer that showed it, and when the last one was asked that did. */
  firstSeenAt: number;
  lastConfirmedAt: number;
  /** The window it began in ends with `firstSeenAt`; null: nothing was read before. */
  after: number | null;
  /** When the next run was first seen; null: it is the newest. */
  until: number | null;
  observations: number;
  maxGapMs: number;
}

export interface PicturedChange extends Window {
  id: string;
  kind: ChangeKind;
  from: Under;
  to: Under;
  detectedAt: number;
}

/** Times in which nobody looked. Those less than a step from each other are told as one. */
export interface PicturedGap {
  from: number;
  /** Null: until now. */
  to: number | null;
  /** Of the longest; null: until now. */
  longestMs: number | null;
  /** There are several in it, with readings in between. */
  isSeveral: boolean;
}

export interface PicturedCrowd {
  from: number;
  to: number;
  changes: number;
  /** There are more changes than were counted. */
  atLeast: boolean;
}

export interface LabelPicture {
  /** In order of time. */
  runs: PicturedRun[];
  /** Between them, where there are too many to be told one by one. */
  crowded: PicturedCrowd[];
  /** The newest of the period, newest first, each with the change that it began with, if that lies in it. */
  newest: { run: PicturedRun; change: PicturedChange | null }[];
  /** There are older ones in the period. */
  hasMore: boolean;
  /** Steps in which there is a reading that said something, and in which there is one that failed. */
  said: boolean[];
  failed: boolean[];
  /** How many said something, and failed; null: more than are counted. */
  readings: number | null;
  failures: number | null;
  /** Nobody looked; in order of time. */
  gaps: PicturedGap[];
  lost: LostStretch[];
}

/** Between when and when anything is known of a label. */
export interface LabelExtent {
  /** False: only traces name it. */
  isRegistered: boolean;
  firstReadAt: number | null;
  lastReadAt: number | null;
  /** When the first and the last of its traces began; null: it has none. */
  traced: { from: number; to: number } | null;
}

export interface StoredSettings {
  recordedAt: number;
  everyMs: number;
  clockSkewMs: number;
  servingLagMs: number;
}
