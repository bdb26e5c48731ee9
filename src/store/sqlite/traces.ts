/** Traces on disk: stored once by id, and turned back into what was received. */
import { eq, sql } from 'drizzle-orm';
import { traces } from '#schema';
import { fingerprint } from '../../contract/fingerprint.ts';
import type { Attribution } from '../../lineage/attribution.ts';
import type { Ingested, IngestOutcome, NewTrace, StoredTrace } from '../store.ts';
import type { Events } from './events.ts';
import type { LabelRow, Labels } from './labels.ts';
import type { Db } from './open.ts';
import type { Views } from './views.ts';

export type TraceRow = typeof traces.$inferSelect;

const COLUMNS = [
  'id',
  'labelId',
  'startedAt',
  'endedAt',
  'recordedAt',
  'decision',
  'blobId',
  'context',
  'turn',
  'inputHash',
  'outputHash',
  'inputExact',
  'input',
  'output',
  'attributes',
] as const;

export class Traces {
  readonly #labels: Labels;
  readonly #views: Views;
  readonly #events: Events;
  readonly #insert;
  readonly #byId;

  constructor(db: Db, labels: Labels, views: Views, events: Events) {
    this.#labels = labels;
    this.#views = views;
    this.#events = events;
    // The one statement that runs tens of thousands of times a second, so the driver runs it bare:
    // filling in drizzle's placeholders costs a third of the insert.
    const names = COLUMNS.map((column) => traces[column].name);
    const given = COLUMNS.map((column) => `:${column}`);
    this.#insert = db.$client.prepare(
      `INSERT INTO traces (${names}) VALUES (${given}) ON CONFLICT DO NOTHING`,
    );
    this.#byId = db
      .select()
      .from(traces)
      .where(eq(traces.id, sql.placeholder('id')))
      .prepare();
  }

  /** Inside one transaction. */
  ingest(batch: readonly NewTrace[], recordedAt: number): Ingested {
    const labels = new Map<string, LabelRow>();
    const ingested: Ingested = { outcomes: [], conflicts: [], unknownLabels: 0 };
    for (const trace of batch) {
      const label = labels.get(trace.label) ?? this.#labels.intern(trace.label);
      labels.set(trace.label, label);
      const outcome = this.#store(trace, label, recordedAt);
      ingested.outcomes.push(outcome);
      if (outcome !== 'accepted') continue;
      if (label.source === null) ingested.unknownLabels++;
      this.#noteLength(trace, label);
      if (trace.blobId !== null && this.#tellConflict(trace, label, recordedAt)) {
        ingested.conflicts.push({ label: label.name, blobId: trace.blobId, traceId: trace.id });
      }
    }
    return ingested;
  }

  #store(trace: NewTrace, label: LabelRow, recordedAt: number): IngestOutcome {
    const { label: _, inputExact, ...columns } = trace;
    const row = { ...columns, labelId: label.id, recordedAt, inputExact: inputExact ? 1 : 0 };
    if (this.#insert.run(row).changes === 1) return 'accepted';
    return sameContent(this.#byId.get({ id: trace.id })!, row) ? 'duplicate' : 'other-content';
  }

  #noteLength(trace: NewTrace, label: LabelRow): void {
    const longestTraceMs = trace.endedAt - trace.startedAt;
    if (longestTraceMs <= label.longestTraceMs) return;
    label.longestTraceMs = longestTraceMs;
    this.#labels.noteLength(label.id, longestTraceMs);
  }

  #tellConflict(trace: NewTrace, label: LabelRow, recordedAt: number): boolean {
    // What ended before the newest reading was asked tells nothing about what is there now.
    if (label.lastRequestedAt === null || trace.endedAt < label.lastRequestedAt) return false;
    const { conflict } = this.#views.attribute(label, { ...trace, recordedAt }, null);
    return conflict && this.#events.conflict(label, trace.blobId!, trace.id, recordedAt);
  }

  row(id: string): TraceRow | null {
    return this.#byId.get({ id }) ?? null;
  }

  attribution(row: TraceRow, label: LabelRow, asOf: number | null): Attribution {
    return this.#views.attribute(label, row, asOf);
  }

  /** Rows as traces, each with its attribution. */
  resolve(rows: readonly TraceRow[], asOf: number | null): StoredTrace[] {
    const labels = new Map<number, LabelRow>();
    return rows.map((row) => {
      const label = labels.get(row.labelId) ?? this.#labels.byId(row.labelId);
      labels.set(row.labelId, label);
      const { labelId: _, seq: __, inputExact, ...rest } = row;
      const attribution = this.attribution(row, label, asOf);
      return { ...rest, label: label.name, inputExact: inputExact === 1, attribution };
    });
  }
}

const hashOf = (json: string | null) => (json === null ? null : fingerprint(json).hash);

/** The same after parsing: times as instants, JSON by its canonical form. */
function sameContent(there: TraceRow, here: Omit<TraceRow, 'seq'>): boolean {
  const plain = [
    'labelId',
    'startedAt',
    'endedAt',
    'decision',
    'blobId',
    'context',
    'turn',
  ] as const;
  const sameHash = (a: Buffer | null, b: Buffer | null) => (a && b ? a.equals(b) : a === b);
  return (
    plain.every((column) => there[column] === here[column]) &&
    sameHash(there.inputHash, here.inputHash) &&
    sameHash(there.outputHash, here.outputHash) &&
    sameHash(hashOf(there.attributes), hashOf(here.attributes))
  );
}
