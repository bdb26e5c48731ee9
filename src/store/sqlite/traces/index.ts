/** All that the store does with traces: taken in, mapped to labels, listed, and let go of. */
import type { ContextSpan } from '../../context-span.ts';
import type { IdSearch } from '../../id-search.ts';
import type { Mapper } from '../../mapping.ts';
import type { Hold, NewTrace, Store, TraceFilter, TraceLimits, TracePage } from '../../store.ts';
import type { CountedPeriod } from '../../trace-count.ts';
import type { Events } from '../events.ts';
import type { History } from '../history.ts';
import type { Labels } from '../labels.ts';
import type { LostStretches } from '../lost.ts';
import type { Db } from '../open.ts';
import type { UnitOfWork } from '../transaction.ts';
import type { Views } from '../views.ts';
import { Certainties } from './certainties.ts';
import { ContextSpans } from './context-spans.ts';
import { Counts } from './counts.ts';
import { Holds } from './holds.ts';
import { IdSearches } from './id-search.ts';
import { Intake } from './intake.ts';
import { KeyUpkeep } from './key-upkeep.ts';
import { Mapping } from './mapping.ts';
import { Moves } from './moves.ts';
import { Origins } from './origins.ts';
import { TextKeys } from './text-keys.ts';
import { Texts } from './texts.ts';
import { TraceHours } from './trace-hours.ts';
import { TraceList } from './trace-list.ts';
import { TraceRetention } from './trace-retention.ts';
import { TraceRows } from './trace-rows.ts';
import { Traces } from './traces.ts';
import { Unregistered } from './unregistered.ts';

interface Means {
  db: Db;
  work: UnitOfWork;
  labels: Labels;
  history: History;
  lost: LostStretches;
  views: Views;
  events: Events;
  mapper: Mapper;
  now: () => number;
}

type TraceStore = Pick<
  Store,
  | 'ingest'
  | 'traces'
  | 'trace'
  | 'traceIds'
  | 'tracesAfter'
  | 'newestTrace'
  | 'onTraces'
  | 'contextSpans'
  | 'unmapped'
  | 'unregistered'
  | 'remap'
  | 'moveTraces'
  | 'countTraces'
  | 'traceCounts'
  | 'tracedLabels'
  | 'dropTraces'
  | 'dropContext'
  | 'putHold'
  | 'removeHold'
  | 'holds'
>;

/** Of texts that are looked at together for streams: many may each be at another place. */
const STREAMED_BYTES = 1024 * 1024;
/** How many blocks' keys are let go of at a time. */
const FORGOTTEN = 200;

export interface TraceRooms {
  methods: TraceStore;
  mapping: Mapping;
  upkeep: KeyUpkeep;
  counts: Counts;
}

export function openTraces(means: Means): TraceRooms {
  const { db, work, labels, history, lost, views, events, mapper, now } = means;
  const texts = new Texts(db);
  const textKeys = new TextKeys(db);
  const rows = new TraceRows(db);
  const origins = new Origins(db);
  const holds = new Holds(db, labels);
  const hours = new TraceHours(db);
  const moves = new Moves(db, labels, origins, holds, hours);
  const mapping = new Mapping(db, labels, origins, moves, mapper);
  const context = new ContextSpans(db, texts);
  const intake = new Intake({
    labels,
    rows,
    texts,
    textKeys,
    origins,
    mapping,
    context,
    hours,
    views,
    events,
  });
  const traces = new Traces({ labels, texts, origins, mapping, views });
  const list = new TraceList(db, rows, labels, history, lost);
  const idSearches = new IdSearches(db);
  const unregistered = new Unregistered(db, labels, origins);
  const retention = new TraceRetention(db, labels, origins, texts, holds, hours);
  const counts = new Counts(db, hours, new Certainties(db, history, lost));
  const upkeep = new KeyUpkeep({
    indexes: [rows.ids, textKeys.index, context.index],
    forget: () => work.run(() => textKeys.forget(FORGOTTEN)),
    failed: (error) => process.emitWarning(error as Error),
  });
  for (const rememberer of [texts, origins, mapping, moves, hours]) {
    work.onUndone(() => rememberer.forgetAll());
  }
  const after = db.$client
    .prepare<[number, number], number>(
      'SELECT seq FROM traces WHERE seq > CAST(? AS INTEGER) ORDER BY seq LIMIT CAST(? AS INTEGER)',
    )
    .pluck();
  const traced = db.$client
    .prepare<[], string>(
      `SELECT name FROM labels l WHERE EXISTS (SELECT 1 FROM traces t WHERE t.label_id = l.id)`,
    )
    .pluck();
  // A read is synchronous, and nothing else writes to the folder: it sees one state of the
  // database without a transaction. Errors come as rejections.
  const reading = async <T>(read: () => T): Promise<T> => read();

  const methods: TraceStore = {
    async ingest(batch: readonly NewTrace[], at: number, spans: readonly ContextSpan[] = []) {
      for (;;) {
        const prepared = await intake.prepare(batch, spans);
        const ingested = await work.run(() => {
          const done = intake.ingest(prepared, work.recordedAt(at));
          if (done?.outcomes.includes('accepted')) work.note('traces');
          return done;
        });
        upkeep.hurry();
        if (ingested) return ingested;
      }
    },

    traces: (filter: TraceFilter, page: TracePage) =>
      reading(() => {
        const { rows: found, more } = list.page(filter, page);
        const last = more ? found.at(-1)! : null;
        const next = last && { startedAt: last.startedAt, id: last.id };
        return { items: traces.resolve(found, null, page.texts), next };
      }),

    async trace(id: string, asOf: number | null) {
      if (asOf !== null) work.told(asOf, now());
      return reading(() => {
        const row = rows.find(id);
        return row ? traces.resolve([row], asOf)[0]! : null;
      });
    },

    traceIds: (search: IdSearch, limit: number) => reading(() => idSearches.find(search, limit)),

    tracesAfter: (seq: number, limit: number, withTexts = true) =>
      reading(() =>
        traces.resolve(
          list.pageOf(after.all(seq, limit), withTexts, STREAMED_BYTES),
          null,
          withTexts,
        ),
      ),

    newestTrace: () => reading(() => rows.newest()),

    onTraces: (listener: () => void) => work.on('traces', listener),

    contextSpans: (traceId: string) =>
      reading(() => context.of(traceId).sort((a, b) => a.startedAt - b.startedAt)),

    unmapped: (limit: number) => reading(() => origins.unmapped(limit)),

    unregistered: (limit: number) => unregistered.list(limit),

    async remap(at: number) {
      return work.run(() => mapping.remap(work.recordedAt(at)));
    },

    async moveTraces(limit: number) {
      if (!moves.isDue) return false;
      const recordedAt = () => work.recordedAt(now());
      return work.run(() =>
        moves.step(limit, (originId, blobId) => mapping.now(originId, blobId, recordedAt)),
      );
    },

    async countTraces(limit: number) {
      if (hours.counting.isDone) return false;
      return work.run(() => hours.counting.step(limit));
    },

    traceCounts: (name: string, period: CountedPeriod) =>
      reading(() => {
        const label = labels.find(name);
        const effort = { questions: 1500, looked: 4000, passed: 200_000 };
        if (!label) return { buckets: [], stepMs: period.stepMs, complete: true };
        return counts.of(label, period, effort);
      }),

    tracedLabels: () => reading(() => traced.all()),

    async dropTraces(limits: TraceLimits, limit: number) {
      // One that is on its way may come to a label that is kept longer.
      if (moves.isDue) return 0;
      return work.run(() => retention.drop(limits, limit));
    },

    async dropContext(before: number, limit: number) {
      return work.run(() => context.drop(before, limit));
    },

    async putHold(hold: Hold, at: number) {
      await work.run(() => holds.put(hold, work.recordedAt(at)));
    },

    async removeHold(name: string) {
      return work.run(() => {
        const labelId = holds.remove(name);
        // What it held may have another label since.
        if (labelId !== null) moves.lookThrough(labelId);
        return labelId !== null;
      });
    },

    holds: () => reading(() => holds.all()),
  };
  return { methods, mapping, upkeep, counts };
}
