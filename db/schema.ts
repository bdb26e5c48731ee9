/**
 * The tables. All times are integer ms since 1970, UTC. What is derived (runs, changes) is kept
 * beside what it is derived from (chunks of readings) and rewritten in the same transaction.
 */
import { sql } from 'drizzle-orm';
import {
  blob,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';

/** Every label ever named: registered ones have a source; one that only traces name has none. */
export const labels = sqliteTable('labels', {
  id: integer().primaryKey(),
  name: text().notNull().unique(),
  source: text(),
  createdAt: integer('created_at'),
  removedAt: integer('removed_at'),
  everyMs: integer('every_ms').notNull().default(0),
  clockSkewMs: integer('clock_skew_ms').notNull().default(0),
  servingLagMs: integer('serving_lag_ms').notNull().default(0),
  /** The number the next reading gets; failed ones are counted too. */
  nextSeq: integer('next_seq').notNull().default(1),
  firstReceivedAt: integer('first_received_at'),
  lastRequestedAt: integer('last_requested_at'),
  /** The newest `recordedAt` of its readings: an `asOf` at or after it sees them all. */
  lastRecordedAt: integer('last_recorded_at'),
  /** Bounds how far before an instant a trace that covers it can begin. */
  longestTraceMs: integer('longest_trace_ms').notNull().default(0),
  /** Of the texts of its traces, as received. */
  traceBytes: integer('trace_bytes').notNull().default(0),
  lastAttemptAt: integer('last_attempt_at'),
  lastSuccessAt: integer('last_success_at'),
  consecutiveFailures: integer('consecutive_failures').notNull().default(0),
  lastErrorCode: text('last_error_code'),
  lastErrorMessage: text('last_error_message'),
  /** When the first of the readings was asked that have failed since; null while the label is readable. */
  unreadableSince: integer('unreadable_since'),
});

/** Settings with their history, for answers as of a time. */
export const labelSettings = sqliteTable(
  'label_settings',
  {
    labelId: integer('label_id')
      .notNull()
      .references(() => labels.id),
    recordedAt: integer('recorded_at').notNull(),
    everyMs: integer('every_ms').notNull(),
    clockSkewMs: integer('clock_skew_ms').notNull(),
    servingLagMs: integer('serving_lag_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.labelId, t.recordedAt] })],
);

export const artifacts = sqliteTable('artifacts', {
  artifactId: text('artifact_id').primaryKey(),
  recordedAt: integer('recorded_at').notNull(),
});

export const artifactFiles = sqliteTable(
  'artifact_files',
  {
    artifactId: text('artifact_id')
      .notNull()
      .references(() => artifacts.artifactId),
    path: text().notNull(),
    blobId: text('blob_id').notNull(),
    size: integer(),
  },
  (t) => [
    primaryKey({ columns: [t.artifactId, t.path] }),
    index('artifact_files_blob').on(t.blobId, t.artifactId),
  ],
);

/** Every blob that an artifact holds or that somebody asked about, and what is due for it. */
export const blobs = sqliteTable(
  'blobs',
  {
    blobId: text('blob_id').primaryKey(),
    /** How it stands by all attempts to verify it. Derived. */
    state: text().notNull().default('unchecked'),
    /** When its bytes are fetched and checked next; null: not by itself. */
    verifyAt: integer('verify_at'),
    /** How many verifications in a row could not be made. */
    verifyFailures: integer('verify_failures').notNull().default(0),
    /** When the chain is asked about it next; null: not by itself. */
    chainAt: integer('chain_at'),
    /** The end of its storage that was told of as near, and how near it was told to be (days); null and -1: its loss was told. */
    toldEndEpoch: integer('told_end_epoch'),
    toldDays: integer('told_days'),
  },
  (t) => [
    index('blobs_verify').on(t.verifyAt).where(sql`verify_at IS NOT NULL`),
    index('blobs_chain').on(t.chainAt).where(sql`chain_at IS NOT NULL`),
  ],
);

/** Attempts to verify a blob's bytes. Append-only; those of one run share `recordedAt`. */
export const verifications = sqliteTable(
  'verifications',
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    blobId: text('blob_id').notNull(),
    recordedAt: integer('recorded_at').notNull(),
    outcome: text().notNull(),
    code: text(),
    message: text(),
    aggregator: text(),
    startedAt: integer('started_at').notNull(),
    tookMs: integer('took_ms').notNull(),
    bytes: integer(),
    sha256: text(),
    computedBlobId: text('computed_blob_id'),
    retryAfterSeconds: integer('retry_after_seconds'),
  },
  (t) => [index('verifications_blob').on(t.blobId, t.seq)],
);

/** What the chain said of a blob. Append-only: a row where it says something new; `confirmedAt` moves on while it repeats it. */
export const chainFacts = sqliteTable(
  'chain_facts',
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    blobId: text('blob_id').notNull(),
    recordedAt: integer('recorded_at').notNull(),
    network: text().notNull(),
    readAt: integer('read_at').notNull(),
    confirmedAt: integer('confirmed_at').notNull(),
    epoch: integer().notNull(),
    status: text().notNull(),
    certifiedEpoch: integer('certified_epoch'),
    endEpoch: integer('end_epoch'),
    endsAt: integer('ends_at'),
    endsAtEstimated: integer('ends_at_estimated').notNull(),
    deletable: integer(),
    objectId: text('object_id'),
    size: integer(),
    attributes: text(),
  },
  (t) => [index('chain_facts_blob').on(t.blobId, t.seq)],
);

/** What is inside a blob, as it was looked at: of verified bytes, or of an aggregator's unverified ones. */
export const inspections = sqliteTable(
  'inspections',
  {
    blobId: text('blob_id').notNull(),
    /** verified, unverified */
    basis: text().notNull(),
    recordedAt: integer('recorded_at').notNull(),
    body: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.blobId, t.basis] })],
);

/** Consecutive readings of one artifact (null: absent): the heart's stretch, as chunks and runs hold it. */
const stretch = () => ({
  labelId: integer('label_id')
    .notNull()
    .references(() => labels.id),
  artifactId: text('artifact_id').references(() => artifacts.artifactId),
  firstSeq: integer('first_seq').notNull(),
  firstRecordedAt: integer('first_recorded_at').notNull(),
  firstRequestedAt: integer('first_requested_at').notNull(),
  firstReceivedAt: integer('first_received_at').notNull(),
  lastRequestedAt: integer('last_requested_at').notNull(),
  lastReceivedAt: integer('last_received_at').notNull(),
  observations: integer().notNull(),
  maxGapMs: integer('max_gap_ms').notNull(),
});

/** Readings that say something, packed: at most 1 KiB a row. */
export const chunks = sqliteTable(
  'chunks',
  {
    id: integer().primaryKey(),
    ...stretch(),
    lastSeq: integer('last_seq').notNull(),
    leastRecordedAt: integer('least_recorded_at').notNull(),
    mostRecordedAt: integer('most_recorded_at').notNull(),
    packed: blob({ mode: 'buffer' }).notNull(),
  },
  (t) => [uniqueIndex('chunks_time').on(t.labelId, t.firstReceivedAt, t.firstRequestedAt)],
);

/** Neighbouring chunks of one artifact merged; `after` and `until` as in lineage/timeline. Derived. */
export const runs = sqliteTable(
  'runs',
  { ...stretch(), after: integer().notNull(), until: integer().notNull() },
  (t) => [
    primaryKey({ columns: [t.labelId, t.firstSeq] }),
    // Not unique: two runs end together where a reading of no length stands at the end of another.
    index('runs_until').on(t.labelId, t.until, t.firstReceivedAt),
    index('runs_artifact').on(t.artifactId, t.labelId),
  ],
);

/** Readings that failed: they say nothing, and are kept as the reason of a gap. */
export const failedReadings = sqliteTable(
  'failed_readings',
  {
    labelId: integer('label_id')
      .notNull()
      .references(() => labels.id),
    seq: integer().notNull(),
    requestedAt: integer('requested_at').notNull(),
    receivedAt: integer('received_at').notNull(),
    recordedAt: integer('recorded_at').notNull(),
    code: text().notNull(),
    message: text().notNull(),
    answerSha256: text('answer_sha256'),
  },
  (t) => [
    primaryKey({ columns: [t.labelId, t.seq] }),
    index('failed_readings_time').on(t.labelId, t.requestedAt, t.receivedAt, t.seq),
  ],
);

/** What sources answered, word for word. */
export const answers = sqliteTable(
  'answers',
  {
    sha256: text().primaryKey(),
    bytes: integer().notNull(),
    /** Null where it was longer than is kept, or kept no longer. */
    body: text(),
    /** When it was answered last, as far as it was noted. */
    recordedAt: integer('recorded_at').notNull(),
    /** 1: it revealed a change, so it is evidence and stays. */
    revealing: integer().notNull().default(1),
    /** When the body was let go of, by age. */
    droppedAt: integer('dropped_at'),
  },
  (t) => [index('answers_fading').on(t.recordedAt).where(sql`revealing = 0 AND body IS NOT NULL`)],
);

/** From this reading of the label on, the answer was this one (null: a reading without an answer). */
export const answerMarks = sqliteTable(
  'answer_marks',
  {
    labelId: integer('label_id')
      .notNull()
      .references(() => labels.id),
    seq: integer().notNull(),
    sha256: text(),
  },
  (t) => [primaryKey({ columns: [t.labelId, t.seq] })],
);

/** Borders between runs. Derived, but an id once given stays readable: what a backfill undoes is retired. */
export const changes = sqliteTable(
  'changes',
  {
    labelId: integer('label_id')
      .notNull()
      .references(() => labels.id),
    seq: integer().notNull(),
    kind: text().notNull(),
    from: text('from_artifact').references(() => artifacts.artifactId),
    to: text('to_artifact').references(() => artifacts.artifactId),
    after: integer(),
    before: integer().notNull(),
    detectedAt: integer('detected_at').notNull(),
    retiredAt: integer('retired_at'),
  },
  (t) => [
    primaryKey({ columns: [t.labelId, t.seq] }),
    index('changes_detected').on(t.detectedAt, t.labelId, t.seq),
  ],
);

/** What is told to the outside, written in the transaction of what it tells. */
export const events = sqliteTable(
  'events',
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull().unique(),
    type: text().notNull(),
    subject: text().notNull(),
    recordedAt: integer('recorded_at').notNull(),
    data: text().notNull(),
  },
  (t) => [index('events_time').on(t.recordedAt, t.seq)],
);

/** Where events are told: one row a channel ever named. */
export const channels = sqliteTable('channels', {
  id: integer().primaryKey(),
  name: text().notNull().unique(),
  /** JSON: its kind, and what that kind needs. */
  target: text().notNull(),
  secret: text(),
  /** Signed with as well until then, so that a receiver can change over. */
  previousSecret: text('previous_secret'),
  previousSecretUntil: integer('previous_secret_until'),
  /** JSON lists of globs; null: all. */
  labels: text(),
  events: text(),
  createdAt: integer('created_at').notNull(),
  removedAt: integer('removed_at'),
  disabledAt: integer('disabled_at'),
  disabledReason: text('disabled_reason'),
});

/**
 * One event for one channel, written in the event's own transaction. A channel is told of one
 * subject in the order of events: those behind the first one that is not settled wait.
 */
export const deliveries = sqliteTable(
  'deliveries',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    channelId: integer('channel_id')
      .notNull()
      .references(() => channels.id),
    eventSeq: integer('event_seq')
      .notNull()
      .references(() => events.seq),
    subject: text().notNull(),
    /** waiting, pending, delivered, dead, cancelled */
    status: text().notNull(),
    createdAt: integer('created_at').notNull(),
    attempts: integer().notNull().default(0),
    /** When it is tried next; while it is leased, when the lease ends. */
    dueAt: integer('due_at').notNull(),
    leased: integer().notNull().default(0),
    lastAttemptAt: integer('last_attempt_at'),
    lastErrorCode: text('last_error_code'),
    lastErrorMessage: text('last_error_message'),
    settledAt: integer('settled_at'),
  },
  (t) => [
    uniqueIndex('deliveries_event').on(t.eventSeq, t.channelId),
    index('deliveries_channel').on(t.channelId, t.id),
    index('deliveries_status').on(t.status, t.id),
    index('deliveries_due').on(t.channelId, t.dueAt).where(sql`status = 'pending'`),
    index('deliveries_line')
      .on(t.channelId, t.subject, t.id)
      .where(sql`status IN ('pending', 'waiting')`),
  ],
);

/** From when to when nothing is known, because an older copy of the database was restored. */
export const lost = sqliteTable('lost', {
  recordedAt: integer('recorded_at').primaryKey(),
  from: integer('lost_from').notNull(),
  to: integer('lost_to').notNull(),
});

/** Only in a copy made by a backup: when it was taken. Whoever opens one knows that it is one. */
export const copies = sqliteTable('copies', {
  takenAt: integer('taken_at').primaryKey(),
});

/** For each (label, blob) the newest reading at the time its conflict was told: told once until the next. */
export const conflicts = sqliteTable(
  'conflicts',
  {
    labelId: integer('label_id')
      .notNull()
      .references(() => labels.id),
    blobId: text('blob_id').notNull(),
    toldAfter: integer('told_after').notNull(),
  },
  (t) => [primaryKey({ columns: [t.labelId, t.blobId] })],
);

/** Where spans come from: what decides on a label besides the blob. One row for each combination. */
export const origins = sqliteTable(
  'origins',
  {
    id: integer().primaryKey(),
    /** JSON of the five, for nulls are not equal to each other in an index. */
    identity: text().notNull().unique(),
    service: text(),
    provider: text(),
    requestModel: text('request_model'),
    responseModel: text('response_model'),
    declaredLabel: text('declared_label'),
    recordedAt: integer('recorded_at').notNull(),
    /** Of its traces that no label has: how many, their bytes, and when the last of them began. */
    unmapped: integer().notNull().default(0),
    unmappedBytes: integer('unmapped_bytes').notNull().default(0),
    unmappedLastAt: integer('unmapped_last_at'),
  },
  (t) => [
    index('origins_request_model').on(t.requestModel),
    index('origins_response_model').on(t.responseModel),
  ],
);

/** Which label the traces of an origin have, from then on. Append-only. */
export const mappings = sqliteTable(
  'mappings',
  {
    originId: integer('origin_id')
      .notNull()
      .references(() => origins.id),
    recordedAt: integer('recorded_at').notNull(),
    labelId: integer('label_id').references(() => labels.id),
    /** As `traces.labelBy`. */
    labelBy: text('label_by'),
  },
  (t) => [
    primaryKey({ columns: [t.originId, t.recordedAt] }),
    index('mappings_time').on(t.recordedAt),
  ],
);

/** Which label alone holds a blob (null: none, or several), from then on. Append-only. */
export const blobMappings = sqliteTable(
  'blob_mappings',
  {
    blobId: text('blob_id').notNull(),
    recordedAt: integer('recorded_at').notNull(),
    labelId: integer('label_id').references(() => labels.id),
  },
  (t) => [
    primaryKey({ columns: [t.blobId, t.recordedAt] }),
    index('blob_mappings_time').on(t.recordedAt),
  ],
);

/** Labels (null: none) whose traces may have another one by now. Gone once all of them were looked at. */
export const moves = sqliteTable('moves', {
  id: integer().primaryKey({ autoIncrement: true }),
  fromLabelId: integer('from_label_id').references(() => labels.id),
});

/**
 * Traces, narrow. Their id has no index of SQLite's: random keys would cost a page each. Sorted runs
 * of keys (`key_runs`) find it, and `seq` never goes back.
 */
export const traces = sqliteTable(
  'traces',
  {
    seq: integer().primaryKey(),
    id: text().notNull(),
    /** Null: no label has it so far. */
    labelId: integer('label_id').references(() => labels.id),
    /** given, declared, blob, rule, model; null where there is no label. */
    labelBy: text('label_by'),
    /** Null: it was sent as a trace, not as a span. */
    originId: integer('origin_id').references(() => origins.id),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at').notNull(),
    recordedAt: integer('recorded_at').notNull(),
    decision: text(),
    blobId: text('blob_id'),
    context: text(),
    turn: integer(),
    inputHash: blob('input_hash', { mode: 'buffer' }),
    outputHash: blob('output_hash', { mode: 'buffer' }),
    /** 1: the hash is of the raw text, because the value lies outside I-JSON. */
    inputExact: integer('input_exact').notNull(),
    /** Raw JSON texts as received: block · 4096 + place in it. */
    inputRef: integer('input_ref'),
    outputRef: integer('output_ref'),
    attributesRef: integer('attributes_ref'),
    /** Of the three texts together. */
    bytes: integer().notNull(),
  },
  (t) => [
    index('traces_label_time').on(t.labelId, t.startedAt),
    index('traces_time').on(t.startedAt),
    index('traces_declared').on(t.labelId, t.startedAt).where(sql`blob_id IS NOT NULL`),
    index('traces_unmapped').on(t.originId, t.startedAt).where(sql`label_id IS NULL`),
    index('traces_blob')
      .on(t.blobId, t.labelId)
      .where(sql`blob_id IS NOT NULL AND origin_id IS NOT NULL`),
  ],
);

/**
 * How many traces of a label began in an hour (whole hours since 1970, UTC), by decision: kept as traces
 * come and go, so that nobody has to count them. Derived.
 */
export const traceHours = sqliteTable(
  'trace_hours',
  {
    labelId: integer('label_id').notNull(),
    hour: integer().notNull(),
    /** `=` and the decision; empty: none was made; `+`: all beyond the first so many of the hour. */
    decision: text().notNull(),
    traces: integer().notNull(),
    /** Of them those that name a blob. */
    declared: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.labelId, t.hour, t.decision] })],
);

/**
 * Which traces are among those counts, by their number. Those up to `untilSeq` were there before hours were
 * counted: up to `countedSeq` they are by now. Of later ones those up to `writtenSeq`; the rest are
 * counted in memory. One row.
 */
export const hoursCounted = sqliteTable('hours_counted', {
  id: integer().primaryKey(),
  countedSeq: integer('counted_seq').notNull(),
  untilSeq: integer('until_seq').notNull(),
  writtenSeq: integer('written_seq').notNull(),
});

/** The newest of the traces that retention let go of: numbers and times of recording never go back. One row. */
export const droppedTraces = sqliteTable('dropped_traces', {
  id: integer().primaryKey(),
  seq: integer().notNull(),
  recordedAt: integer('recorded_at').notNull(),
});

/** Texts of traces, some 16 KiB of them together, compressed. */
export const blocks = sqliteTable('blocks', {
  id: integer().primaryKey({ autoIncrement: true }),
  body: blob({ mode: 'buffer' }).notNull(),
});

/** Keys of the texts of blocks that are in no run of keys yet: by place (2 bytes) and hash (8), packed. */
export const textKeys = sqliteTable('text_keys', {
  blockId: integer('block_id').primaryKey(),
  keys: blob({ mode: 'buffer' }).notNull(),
});

/** How often the texts of a block are referred to. Apart, so that counting doesn't write the texts again. */
export const blockUses = sqliteTable('block_uses', {
  blockId: integer('block_id').primaryKey(),
  uses: integer().notNull(),
});

/** Spans that are no inferences: a text in a block holds those of one OTLP trace that came together. */
export const contextSpans = sqliteTable(
  'context_spans',
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    traceId: text('trace_id').notNull(),
    ref: integer().notNull(),
    spans: integer().notNull(),
    recordedAt: integer('recorded_at').notNull(),
  },
  (t) => [index('context_spans_time').on(t.recordedAt)],
);

/** Keys (64 bits) and the rows they stand for, as sorted runs. Derived. See store/sqlite/key-index. */
export const keyRuns = sqliteTable(
  'key_runs',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    index: text('key_index').notNull(),
    level: integer().notNull(),
    /** building, live, dead */
    state: text().notNull(),
    entries: integer().notNull(),
    /** Every row up to this one is in a live run. */
    lastRef: integer('last_ref').notNull(),
  },
  (t) => [index('key_runs_index').on(t.index, t.state)],
);

/** Pages of sorted entries, and (kind `filter`, `fences`) what says where to look. */
export const keyPages = sqliteTable(
  'key_pages',
  {
    runId: integer('run_id').notNull(),
    kind: text().notNull(),
    number: integer().notNull(),
    body: blob({ mode: 'buffer' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.kind, t.number] })],
);

/** Traces that retention leaves alone, whatever their age: those of a label that began in [from, to). */
export const holds = sqliteTable('holds', {
  name: text().primaryKey(),
  labelId: integer('label_id')
    .notNull()
    .references(() => labels.id),
  from: integer('held_from').notNull(),
  to: integer('held_to').notNull(),
  reason: text().notNull(),
  createdAt: integer('created_at').notNull(),
});

/** Which way decisions go since a change, as it was looked at last. */
export const changeEvidence = sqliteTable(
  'change_evidence',
  {
    labelId: integer('label_id').notNull(),
    /** Of the change: the reading that revealed it. */
    seq: integer().notNull(),
    lookedAt: integer('looked_at').notNull(),
    /** When it was told, which is once. */
    toldAt: integer('told_at'),
    /** JSON: pairs, flips, e and what they say. */
    body: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.labelId, t.seq] })],
);

/** Reports of diffs, each once: its id is of its content. */
export const diffs = sqliteTable(
  'diffs',
  {
    id: text().primaryKey(),
    labelId: integer('label_id')
      .notNull()
      .references(() => labels.id),
    createdAt: integer('created_at').notNull(),
    verdict: text().notNull(),
    summary: text().notNull(),
    /** JSON: what was asked for each side. */
    before: text().notNull(),
    after: text().notNull(),
    /** 1: it holds all traces that it compared, and is let go of by nobody but people. */
    held: integer().notNull().default(0),
    /** Of `body`. */
    bytes: integer().notNull(),
    /** The report as it was answered: JSON in UTF-8, compressed with zstd. Last, so that a list doesn't read it. */
    body: blob({ mode: 'buffer' }).notNull(),
  },
  (t) => [index('diffs_created').on(t.createdAt, t.id)],
);

/** Traces that a saved diff names: retention leaves them alone. */
export const diffTraces = sqliteTable(
  'diff_traces',
  {
    traceSeq: integer('trace_seq').notNull(),
    diffId: text('diff_id')
      .notNull()
      .references(() => diffs.id),
  },
  (t) => [primaryKey({ columns: [t.traceSeq, t.diffId] }), index('diff_traces_diff').on(t.diffId)],
);
