/**
 * Everything the rest of the house may ask of what is on disk. Methods are whole units of work:
 * each is one transaction, and what it acknowledges is on disk when its promise resolves.
 * The interface is free of any database's ways. Times are integer ms since 1970, UTC.
 */
import type { LabelInput, SourceSpec } from '../contract/label.ts';
import type { ChangeEvidence } from '../diff/evidence/change-evidence.ts';
import type { Inspection } from '../inspect/inspection.ts';
import type { Attribution } from '../lineage/attribution.ts';
import type { ArtifactId, BlobId, ManifestFile } from '../lineage/manifest.ts';
import type { Change, Tenure, Window } from '../lineage/timeline.ts';
import type {
  AttemptPage,
  BlobFacts,
  BlobState,
  BlobStates,
  ChainAnswer,
  DueChainQuestion,
  DueVerification,
  ExpiryDays,
  InspectionBasis,
  RecordedRun,
  StoredAttempt,
  StoredChainFact,
  StoredInspection,
  VerificationRun,
} from './blob.ts';
import type { ContextSpan } from './context-span.ts';
import type { DiffSourceSpec } from './diff-source.ts';
import type { StoredEvent } from './event.ts';
import type { OpenChange, StoredEvidence } from './evidence.ts';
import type { FoundIds, IdSearch } from './id-search.ts';
import type { LabelExtent, LabelPicture, PicturedPeriod, StoredSettings } from './label-picture.ts';
import type { LabelBy, Origin, UnmappedOrigin, UnregisteredLabel } from './mapping.ts';
import type {
  AttemptOutcome,
  ChangeKey,
  ChannelSettings,
  DeliveryFilter,
  DeliveryStatus,
  DueDelivery,
  StoredChannel,
  StoredDelivery,
} from './outbox.ts';
import type { Overview, OverviewQuery } from './overview.ts';
import type { DiffPage, NewDiff, StoredDiff } from './saved-diff.ts';
import type { CountedPeriod, TraceCounts } from './trace-count.ts';

export interface Store {
  /** Creates, resumes or resets a label. @throws StoreError source-changed where it has readings of another source */
  putLabel(name: string, input: LabelInput, now: number): Promise<{ created: boolean }>;
  /** Stops the watch; history stays. @throws StoreError unknown-label */
  removeLabel(name: string, now: number): Promise<void>;
  /** A label ever registered, removed ones too; null where it never was. */
  label(name: string): Promise<StoredLabel | null>;
  /** Registered labels that are not removed, newest first by (createdAt, name). */
  labels(page: LabelPage): Promise<StoredLabel[]>;
  /** Names of all registered labels, for "did you mean". */
  labelNames(): Promise<string[]>;
  /** A page of all labels, with what is under each and how it has gone lately. */
  overview(query: OverviewQuery): Promise<Overview>;
  /** @throws StoreError unknown-label unless it was registered once */
  labelPicture(name: string, period: PicturedPeriod): Promise<LabelPicture>;
  /** Of a label, or of a name that only traces know; null: nobody ever named it. */
  labelExtent(name: string): Promise<LabelExtent | null>;
  /** As they were set, newest first, at most 50. @throws StoreError unknown-label */
  labelSettings(name: string): Promise<StoredSettings[]>;

  /** What the watch read. Places it in time (stale and clock-struck ones are recorded as failed). @throws unknown-label */
  recordReading(name: string, reading: WatchedReading, now: number): Promise<Recorded>;
  /** What was pushed or backfilled. @throws StoreError before-newest, overlap, bad-times, not-push, unknown-label */
  recordPush(name: string, push: PushedReading, now: number): Promise<Recorded>;
  /** Newest first, failed ones included. @throws unknown-label */
  observations(name: string, page: ReadingPage): Promise<StoredObservation[]>;
  /** Tenures and changes that meet [from, to), oldest first. @throws unknown-label */
  timeline(
    name: string,
    range: TimeRange,
  ): Promise<{ tenures: Tenure[]; changes: StoredChange[]; lost: LostStretch[] }>;
  /** What was under the label; the label's tolerance widens the span. `asOf` null: all that is known. */
  attributionAt(
    name: string,
    from: number,
    until: number,
    asOf: number | null,
  ): Promise<Attribution>;

  /** Newest first by (detectedAt, id); retired ones are left out, unless they are asked for. */
  changes(filter: ChangeFilter): Promise<StoredChange[]>;
  /** A change by its id, retired or not. */
  change(id: string): Promise<StoredChange | null>;

  artifact(artifactId: ArtifactId): Promise<StoredArtifact | null>;
  /** The Blob IDs of artifacts, in order of path. */
  blobIdsOf(artifactIds: Iterable<ArtifactId>): Promise<Map<ArtifactId, BlobId[]>>;
  /** @param limit of artifacts, in order of id; left out: all */
  artifactsWith(blobId: BlobId, limit?: number): Promise<StoredArtifact[]>;
  /** Under which labels an artifact was and is, seen last first. */
  tenuresOf(artifactId: ArtifactId, limit: number): Promise<ArtifactTenure[]>;
  /** Other artifacts that its labels (50 of them) held, confirmed last first. */
  artifactsBeside(artifactId: ArtifactId, limit: number): Promise<ArtifactBeside[]>;
  /** How each of its blobs stands now. */
  blobStatesOf(artifactId: ArtifactId): Promise<Map<BlobId, BlobState>>;
  /** A path that an artifact gives a blob; null where none holds it. */
  pathOfBlob(blobId: BlobId): Promise<string | null>;
  answer(sha256: string): Promise<StoredAnswer | null>;

  /** Blobs that are not verified and not due become due: the settings may have changed. @returns how many */
  requeueBlobs(now: number): Promise<number>;
  /** Blobs whose bytes are due to be checked, the longest due first, or the shortest. */
  blobsToVerify(now: number, limit: number, newestFirst?: boolean): Promise<DueVerification[]>;
  /** What is to be known to check a blob's bytes now, due or not; also of one that no artifact holds. */
  blobDue(blobId: BlobId): Promise<DueVerification>;
  /** The attempts of one run, and the events that follow from them. */
  recordVerification(run: VerificationRun, now: number): Promise<RecordedRun>;
  /** It is not checked by itself before then; null: not at all. */
  putOffVerification(blobId: BlobId, until: number | null): Promise<void>;
  /** Blobs about which the chain is to be asked, the longest due first, or the shortest. */
  blobsToAskChain(now: number, limit: number, newestFirst?: boolean): Promise<DueChainQuestion[]>;
  chainQuestion(blobId: BlobId): Promise<DueChainQuestion>;
  /** What the chain said, and the events that follow. @param days before its end at which an end is told of */
  recordChainAnswers(answers: readonly ChainAnswer[], days: ExpiryDays, now: number): Promise<void>;
  putOffChain(blobIds: readonly BlobId[], until: number): Promise<void>;
  /** What is known of each; `asOf` null: all. */
  blobFacts(blobIds: Iterable<BlobId>, asOf: number | null): Promise<Map<BlobId, BlobFacts>>;
  /** How many of all blobs stand how. */
  blobStates(): Promise<BlobStates>;
  /** Newest first. */
  verifications(blobId: BlobId, page: AttemptPage): Promise<StoredAttempt[]>;
  /** Newest first. */
  chainFacts(blobId: BlobId, page: AttemptPage): Promise<StoredChainFact[]>;
  recordInspection(
    blobId: BlobId,
    basis: InspectionBasis,
    inspection: Inspection,
    now: number,
  ): Promise<void>;
  /** Of those that were looked into; of verified bytes where there is one. */
  inspections(blobIds: Iterable<BlobId>): Promise<Map<BlobId, StoredInspection>>;

  /**
   * Stores a batch: each trace is accepted, a duplicate, or refused by itself.
   * @param context spans that are no inferences, of any trace
   * @throws StoreError full: none is stored
   */
  ingest(
    traces: readonly NewTrace[],
    now: number,
    context?: readonly ContextSpan[],
  ): Promise<Ingested>;
  /** Newest first by (startedAt, id). A page may be short; `next` null ends the list. */
  traces(
    filter: TraceFilter,
    page: TracePage,
  ): Promise<{ items: StoredTrace[]; next: TraceKey | null }>;
  trace(id: string, asOf: number | null): Promise<StoredTrace | null>;
  /** Ids that a part fits, at most `limit`: of the traces of that time that began last, 10,000 of them at most. */
  traceIds(search: IdSearch, limit: number): Promise<FoundIds>;
  /**
   * Recorded after the one with this number (0: from the first), in order of recording, whatever their
   * label. Fewer than `limit` where their texts are long; none only where there are none.
   * @param texts false: input, output and attributes are left null, and not read
   */
  tracesAfter(seq: number, limit: number, texts?: boolean): Promise<StoredTrace[]>;
  /** The number of the newest trace; 0 where there is none. */
  newestTrace(): Promise<number>;
  /** Calls back after each commit that recorded traces. @returns ends it */
  onTraces(listener: () => void): () => void;
  /** Spans of an OTLP trace (32 hex digits) that are no inferences, by start. */
  contextSpans(traceId: string): Promise<ContextSpan[]>;

  /** Where the traces come from that no label has, the most of them first. */
  unmapped(limit: number): Promise<UnmappedOrigin[]>;
  /** Names that traces stand under and nobody registered, the most traces first. */
  unregistered(limit: number): Promise<UnregisteredLabel[]>;
  /**
   * Maps every origin anew, by the rules and labels of now; what is stored moves in steps (`moveTraces`).
   * @returns how many origins have another label than before
   */
  remap(now: number): Promise<number>;
  /** Moves at most `limit` stored traces to the label they have by now. @returns whether there are more */
  moveTraces(limit: number): Promise<boolean>;

  /** How many traces of a label there are by time, decision and certainty; of any name that traces have. */
  traceCounts(label: string, period: CountedPeriod): Promise<TraceCounts>;
  /** Counts at most `limit` traces that were stored before hours were counted. @returns whether there are more */
  countTraces(limit: number): Promise<boolean>;

  /** The labels that have traces. */
  tracedLabels(): Promise<string[]>;
  /** Drops at most `limit` traces, the oldest first, beyond these limits and under no hold. @returns how many */
  dropTraces(limits: TraceLimits, limit: number): Promise<number>;
  /** Drops context spans recorded before then. @returns how many were looked at */
  dropContext(before: number, limit: number): Promise<number>;
  /** Sets a hold, or replaces the one of that name. @throws StoreError unknown-label */
  putHold(hold: Hold, now: number): Promise<void>;
  /** @returns whether there was one */
  removeHold(name: string): Promise<boolean>;
  holds(): Promise<StoredHold[]>;

  /** Changes that brought what is under their label now, detected since then and not told of; the newest first. */
  openChanges(since: number, limit: number): Promise<OpenChange[]>;
  /** What the pairs since a change say; told as an event once it is enough, and left alone from then on. */
  recordEvidence(
    changeId: string,
    evidence: ChangeEvidence,
    summary: string,
    now: number,
  ): Promise<void>;

  /** How another thread opens what a diff reads. */
  diffSource(): DiffSourceSpec;
  /**
   * Keeps a report, and the traces that it names; the same one again stays as it is, and holds from now
   * on what it shall hold. Past the limits (`DIFF_LIMITS`) the oldest go that hold nothing.
   * @throws StoreError unknown-label
   */
  saveDiff(diff: NewDiff, now: number): Promise<void>;
  diff(id: string): Promise<(StoredDiff & { report: Uint8Array }) | null>;
  /** Newest first by (createdAt, id). */
  diffs(page: DiffPage): Promise<StoredDiff[]>;
  /** With its holds; retention counts again for the traces that it named. @returns whether there was one */
  removeDiff(id: string): Promise<boolean>;

  /** Calls back after each commit that recorded events. @returns ends it */
  onEvents(listener: () => void): () => void;
  /** Events recorded after the one with this number (0: from the first), oldest first. */
  events(after: number, limit: number): Promise<StoredEvent[]>;
  /** The number of the newest event; 0 where there is none. */
  newestEvent(): Promise<number>;
  /**
   * The number of the event with this id. Where there is none (an older copy was restored), that of
   * the last event recorded before the instant in the id, a UUIDv7; null where it holds no instant.
   */
  eventNumber(id: string): Promise<number | null>;

  /** Creates a channel, changes or resumes it; a disabled one is enabled. A replaced secret is signed with for a day more. */
  putChannel(
    name: string,
    input: ChannelSettings,
    now: number,
  ): Promise<{ created: boolean; channel: StoredChannel }>;
  /** What is still to be delivered there is cancelled. @throws StoreError unknown-channel */
  removeChannel(name: string, now: number): Promise<void>;
  /** Null where there is none by that name, or it was removed. */
  channel(name: string): Promise<StoredChannel | null>;
  /** In order of name. */
  channels(): Promise<StoredChannel[]>;
  /** Records a test event for this channel alone. @throws StoreError unknown-channel */
  testChannel(name: string, now: number): Promise<StoredDelivery>;

  /** Newest first by id. */
  deliveries(filter: DeliveryFilter): Promise<StoredDelivery[]>;
  delivery(id: number): Promise<StoredDelivery | null>;
  /** Of the event that tells of a change, by channel; null: none does, for it came with an import. */
  deliveriesOfChange(change: ChangeKey, limit: number): Promise<StoredDelivery[] | null>;
  /** Has it delivered (once more), beginning with a first attempt. @throws StoreError unknown-delivery, unknown-channel where its channel was removed */
  redeliver(id: number, now: number): Promise<StoredDelivery>;
  /** Channels that are not disabled and have something to deliver, and when the first of it is due. */
  dueChannels(): Promise<{ channel: string; dueAt: number }[]>;
  /**
   * Takes what is due for a channel, at most one for each subject and the oldest first. Until the
   * lease ends nobody else gets it, and after it anybody: so each is delivered at least once.
   */
  takeDeliveries(
    channel: string,
    take: { limit: number; leaseMs: number; now: number },
  ): Promise<DueDelivery[]>;
  /** How an attempt went. One settled meanwhile (cancelled, say) stays as it is. */
  settleDelivery(id: number, outcome: AttemptOutcome, now: number): Promise<void>;
  /** How many are waiting, pending and dead, for each channel that is not removed. */
  deliveryCounts(): Promise<{ channel: string; status: DeliveryStatus; count: number }[]>;

  /** From when to when nothing is known, oldest first. */
  lost(): Promise<LostStretch[]>;
  /**
   * Lets go of the bodies of at most `limit` answers that were last noted before then and revealed
   * no change. Their length and SHA-256 stay. @returns how many
   */
  dropAnswers(before: number, limit: number, now: number): Promise<number>;
  /** Writes a consistent copy to a new file, in steps between which others get their turn. */
  backup(file: string, now: number): Promise<void>;
  /** How the live connection keeps its promise, as the database itself says. */
  durability(): Promise<Record<string, string>>;

  /** Resolves if the store can do its work, now. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface StoredLabel {
  name: string;
  source: SourceSpec;
  everyMs: number;
  clockSkewMs: number;
  servingLagMs: number;
  createdAt: number;
  removedAt: number | null;
  current: {
    artifactId: ArtifactId | null;
    blobIds: BlobId[];
    since: Window;
    lastConfirmedAt: number;
    /** How many of its blobs stand how. */
    blobStates: BlobStates;
    /** Which way decisions go since it came; null: nothing to compare it with, or nobody looked yet. */
    evidence: StoredEvidence | null;
  } | null;
  lastAttemptAt: number | null;
  lastSuccessAt: number | null;
  consecutiveFailures: number;
  lastError: { code: string; message: string } | null;
}

export interface Answer {
  sha256: string;
  bytes: number;
  body: string | null;
}

/** One attempt of the watch to read a label. */
export interface WatchedReading {
  requestedAt: number;
  receivedAt: number;
  /** Earliest instant a cache on the way may have seen it, or null. */
  seenSince: number | null;
  outcome:
    | { kind: 'artifact'; files: ManifestFile[] }
    | { kind: 'absent' }
    | { kind: 'failed'; code: string; message: string };
  answer: Answer | null;
}

export interface PushedReading {
  /** Taken at commit where left out. */
  requestedAt?: number | undefined;
  receivedAt?: number | undefined;
  /** Null: absent. */
  files: ManifestFile[] | null;
  backfill: boolean;
}

export interface StoredObservation {
  id: string;
  label: string;
  requestedAt: number;
  receivedAt: number;
  recordedAt: number;
  outcome: 'artifact' | 'absent' | 'failed';
  artifactId: ArtifactId | null;
  blobIds: BlobId[];
  error: { code: string; message: string } | null;
  answerSha256: string | null;
}

export interface Recorded {
  observation: StoredObservation;
  /** True where the very same reading was there already. */
  duplicate: boolean;
  /** What this reading revealed; null for most, and for backfills (which send no alerts). */
  change: StoredChange | null;
}

export interface StoredChange extends Change {
  label: string;
  retiredAt: number | null;
}

/** Open ended: nothing is known of what was after `from` and before `to`. */
export interface LostStretch {
  from: number;
  to: number;
  recordedAt: number;
}

export interface StoredAnswer {
  bytes: number;
  /** Null where it was longer than is kept, or was kept no longer than to `droppedAt`. */
  body: string | null;
  droppedAt: number | null;
}

export interface ArtifactTenure extends Tenure {
  label: string;
}

export interface ArtifactBeside {
  artifactId: ArtifactId;
  /** A label that held both, and when this one was last confirmed there. */
  label: string;
  lastConfirmedAt: number;
}

export interface StoredArtifact {
  artifactId: ArtifactId;
  files: ManifestFile[];
  labels: string[];
}

/** A trace at the door: parsed, its texts raw, its hashes computed. */
export interface NewTrace {
  id: string;
  /** Null: the span's facts decide on it. */
  label: string | null;
  /** Null: it was sent as a trace, with its label. */
  origin: Origin | null;
  startedAt: number;
  endedAt: number;
  decision: string | null;
  blobId: BlobId | null;
  context: string | null;
  turn: number | null;
  /** JSON, UTF-8, as received. */
  input: Buffer | null;
  inputHash: Buffer | null;
  inputExact: boolean;
  output: Buffer | null;
  outputHash: Buffer | null;
  attributes: Buffer | null;
}

export interface StoredTrace extends Omit<NewTrace, 'input' | 'output' | 'attributes'> {
  /** The order of recording. */
  seq: number;
  labelBy: LabelBy | null;
  /** Since when it has its label (or none): its recording, or when rules, labels or blobs changed. */
  labelledAt: number;
  input: string | null;
  output: string | null;
  attributes: string | null;
  recordedAt: number;
  attribution: Attribution;
}

export type IngestOutcome = 'accepted' | 'duplicate' | 'other-content';

export interface Ingested {
  /** One for each trace, in order. */
  outcomes: IngestOutcome[];
  /** Labels to be read now: a trace of theirs names a blob that no candidate holds. Told once a reading. */
  conflicts: { label: string; blobId: BlobId; traceId: string }[];
  /** How many of the accepted name a label that is not registered. */
  unknownLabels: number;
  /** How many of the accepted no label has. */
  unmapped: number;
  /** Context spans that were left out: their OTLP trace has as many as are kept. */
  contextLeftOut: number;
}

/** What retention keeps of one label's traces, or (null) of those that no label has. */
export interface TraceLimits {
  label: string | null;
  /** Those that began before it may go; null: none by age. */
  before: number | null;
  /** Of the texts as received; past it the oldest go. Null: none by size. */
  bytes: number | null;
}

/** Traces that retention leaves alone: those of the label that began in [from, to). */
export interface Hold {
  name: string;
  label: string;
  from: number;
  to: number;
  reason: string;
}

export interface StoredHold extends Hold {
  createdAt: number;
}

export interface TimeRange {
  from: number | null;
  to: number | null;
}

export interface LabelPage {
  limit: number;
  before: { createdAt: number; name: string } | null;
}

export interface ReadingPage {
  limit: number;
  before: { requestedAt: number; receivedAt: number; seq: number } | null;
}

export interface ChangeFilter extends TimeRange {
  /** A glob over label names, or null. */
  label: string | null;
  /** True: those that a backfill retired, too. */
  retired?: boolean;
  limit: number;
  before: { detectedAt: number; id: string } | null;
}

export interface TraceFilter extends TimeRange {
  label?: string | undefined;
  artifact?: ArtifactId | undefined;
  candidate?: ArtifactId | 'absent' | undefined;
  certainty?: Attribution['certainty'] | undefined;
  observed?: Attribution['observed'] | undefined;
  decision?: string | undefined;
  conflict?: boolean | undefined;
  /** True: those that no label has; false: those that one has. */
  unmapped?: boolean | undefined;
}

export interface TraceKey {
  startedAt: number;
  id: string;
}

export interface TracePage {
  limit: number;
  before: TraceKey | null;
  /** False: input, output and attributes are left null, and not read. */
  texts?: boolean;
  /** Of texts, after which a page ends; 16 MiB where it is left out. */
  bytes?: number;
}

/** Traces of artifacts, those that began at `since` or later; or those that began in [from, to). */
export type CohortQuery =
  | { artifacts: ArtifactId[]; since?: number }
  | { from: number; to: number };
