/** The store over SQLite: one file, one process, every method one transaction. */
import { and, eq, gte, inArray, isNull, lt, sql } from 'drizzle-orm';
import { changes, labels as labelTable } from '#schema';
import type { LabelInput } from '../../contract/label.ts';
import type { Attribution } from '../../lineage/attribution.ts';
import type { ArtifactId, BlobId } from '../../lineage/manifest.ts';
import { AFTER_ALL, BEFORE_ALL, beganIn, type Tenure, tenuresOf } from '../../lineage/timeline.ts';
import { labelGlob } from '../label-glob.ts';
import type {
  ChangeFilter,
  CohortQuery,
  LabelPage,
  NewTrace,
  PushedReading,
  ReadingPage,
  Store,
  StoredChange,
  StoredLabel,
  TimeRange,
  TraceFilter,
  TracePage,
  WatchedReading,
} from '../store.ts';
import { Answers } from './answers.ts';
import { Artifacts } from './artifacts.ts';
import { Cohorts } from './cohort.ts';
import { Events } from './events.ts';
import { History } from './history.ts';
import { type LabelRow, Labels, sourceOf } from './labels.ts';
import { Observations } from './observations.ts';
import { type Db, openFolder } from './open.ts';
import { parseReadingId, Readings, readingId } from './readings.ts';
import { Recorder } from './recorder.ts';
import { TraceList } from './trace-list.ts';
import { Traces } from './traces.ts';
import { UnitOfWork } from './transaction.ts';
import { Views } from './views.ts';

export interface SqliteStore extends Store {
  /** The connection, for tests that look at or strain the database itself. */
  readonly db: Db;
}

/**
 * @param folder made where missing, with mode 0700
 * @throws StoreError in-use, newer-database
 */
export function openSqliteStore(folder: string, now: () => number = Date.now): SqliteStore {
  const { db, close } = openFolder(folder);
  const labels = new Labels(db);
  const readings = new Readings(db);
  const history = new History(db, readings);
  const answers = new Answers(db);
  const artifacts = new Artifacts(db);
  const events = new Events(db);
  const views = new Views(labels, readings, history, artifacts);
  const observations = new Observations(db, readings, artifacts, answers);
  const rooms = { db, answers, labels, readings, history, artifacts, events, observations };
  const recorder = new Recorder(rooms);
  const traces = new Traces(db, labels, views, events);
  const list = new TraceList(db, labels, history);
  const cohorts = new Cohorts(db, history, artifacts);
  const work = new UnitOfWork(db);

  // A read is synchronous, and nothing else writes to the folder: it sees one state of the
  // database without a transaction. Errors come as rejections.
  const reading = async <T>(read: () => T): Promise<T> => read();

  function storedLabel(row: LabelRow): StoredLabel {
    const run = history.newest(row.id);
    return {
      name: row.name,
      source: sourceOf(row),
      everyMs: row.everyMs,
      clockSkewMs: row.clockSkewMs,
      servingLagMs: row.servingLagMs,
      createdAt: row.createdAt!,
      removedAt: row.removedAt,
      current: run && {
        artifactId: run.artifactId,
        blobIds: artifacts.blobIds(run.artifactId),
        since: beganIn(run),
        lastConfirmedAt: run.lastRequestedAt,
      },
      lastAttemptAt: row.lastAttemptAt,
      lastSuccessAt: row.lastSuccessAt,
      consecutiveFailures: row.consecutiveFailures,
      lastError:
        row.lastErrorCode === null
          ? null
          : { code: row.lastErrorCode, message: row.lastErrorMessage ?? '' },
    };
  }

  function storedChange(row: typeof changes.$inferSelect, label: string): StoredChange {
    const { labelId, seq, ...rest } = row;
    return { ...rest, kind: row.kind as StoredChange['kind'], id: readingId(labelId, seq), label };
  }

  return {
    db,

    async putLabel(name: string, input: LabelInput, at: number) {
      return work.run(() => labels.put(name, input, work.recordedAt(at)));
    },

    async removeLabel(name: string, at: number) {
      work.run(() => {
        const row = labels.registered(name);
        if (row.removedAt === null) labels.update(row.id, { removedAt: work.recordedAt(at) });
      });
    },

    label: (name: string) =>
      reading(() => {
        const row = labels.find(name);
        return row?.source ? storedLabel(row) : null;
      }),

    labels: (page: LabelPage) => reading(() => labels.watched(page).map(storedLabel)),

    labelNames: () => reading(() => labels.names(true).map(({ name }) => name)),

    async recordReading(name: string, watched: WatchedReading, at: number) {
      return work.run(() => recorder.watched(name, watched, work.recordedAt(at)));
    },

    async recordPush(name: string, push: PushedReading, at: number) {
      return work.run(() => recorder.pushed(name, push, at, work.recordedAt(at)));
    },

    observations: (name: string, page: ReadingPage) =>
      reading(() => observations.page(labels.registered(name), page)),

    timeline: (name: string, { from, to }: TimeRange) =>
      reading(() => {
        const label = labels.registered(name);
        const [start, end] = [from ?? BEFORE_ALL, to ?? AFTER_ALL];
        const met = history
          .runsFrom(label.id, start, -1)
          .filter((run) => run.after < end && run.firstReceivedAt < end);
        const tenures: Tenure[] = tenuresOf(met);
        const found = history.changesOf(label.id, start, end);
        return { tenures, changes: found.map((row) => storedChange(row, name)) };
      }),

    async attributionAt(name: string, from: number, until: number, asOf: number | null) {
      if (asOf !== null) work.told(asOf, now());
      return reading((): Attribution => {
        const label = labels.registered(name);
        const span = { startedAt: from, endedAt: until, recordedAt: from, blobId: null };
        return views.attribute(label, span, asOf);
      });
    },

    changes: (filter: ChangeFilter) =>
      reading(() => {
        const wanted = filter.label === null ? null : labelGlob(filter.label);
        const ids = wanted && labels.names(true).filter(({ name }) => wanted.test(name));
        const key = filter.before && parseReadingId(filter.before.id);
        const where = and(
          isNull(changes.retiredAt),
          ids
            ? inArray(
                changes.labelId,
                ids.map(({ id }) => id),
              )
            : undefined,
          filter.from === null ? undefined : gte(changes.detectedAt, filter.from),
          filter.to === null ? undefined : lt(changes.detectedAt, filter.to),
          key
            ? sql`(${changes.detectedAt}, ${changes.labelId}, ${changes.seq}) < (${filter.before!.detectedAt}, ${key.labelId}, ${key.seq})`
            : undefined,
        );
        const rows = history.recentChanges(where, filter.limit);
        return rows.map(({ change, label }) => storedChange(change, label));
      }),

    change: (id: string) =>
      reading(() => {
        const key = parseReadingId(id);
        const found =
          key &&
          db
            .select({ change: changes, label: labelTable.name })
            .from(changes)
            .innerJoin(labelTable, eq(labelTable.id, changes.labelId))
            .where(and(eq(changes.labelId, key.labelId), eq(changes.seq, key.seq)))
            .get();
        return found ? storedChange(found.change, found.label) : null;
      }),

    artifact: (artifactId: ArtifactId) => reading(() => artifacts.get(artifactId)),

    blobIdsOf: (ids: Iterable<ArtifactId>) =>
      reading(() => new Map([...new Set(ids)].map((id) => [id, artifacts.blobIds(id)]))),

    artifactsWith: (blobId: BlobId) => reading(() => artifacts.with(blobId)),

    answer: (sha256: string) => reading(() => answers.get(sha256)),

    async ingest(batch: readonly NewTrace[], at: number) {
      return work.run(() => traces.ingest(batch, work.recordedAt(at)));
    },

    traces: (filter: TraceFilter, page: TracePage) =>
      reading(() => {
        const { rows, more } = list.page(filter, page);
        const last = more ? rows.at(-1)! : null;
        const next = last && { startedAt: last.startedAt, id: last.id };
        return { items: traces.resolve(rows, null), next };
      }),

    async trace(id: string, asOf: number | null) {
      if (asOf !== null) work.told(asOf, now());
      return reading(() => {
        const row = traces.row(id);
        return row ? traces.resolve([row], asOf)[0]! : null;
      });
    },

    async *cohort(name: string, side: CohortQuery) {
      yield* cohorts.of(labels.registered(name), side);
    },

    texts: (ids: readonly string[]) => reading(() => cohorts.texts(ids)),

    async check() {
      db.$client.prepare('SELECT 1 FROM labels LIMIT 1').get();
    },

    async close() {
      close();
    },
  };
}
