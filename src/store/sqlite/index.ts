/** The store over SQLite: one file, one process, every method one transaction. */
import type { LabelInput } from '../../contract/label.ts';
import type { ChangeEvidence } from '../../diff/evidence/change-evidence.ts';
import type { Inspection } from '../../inspect/inspection.ts';
import type { Attribution } from '../../lineage/attribution.ts';
import type { ArtifactId, BlobId } from '../../lineage/manifest.ts';
import { AFTER_ALL, BEFORE_ALL, beganIn, type Tenure, tenuresOf } from '../../lineage/timeline.ts';
import type {
  AttemptPage,
  ChainAnswer,
  InspectionBasis,
  StoredInspection,
  VerificationRun,
} from '../blob.ts';
import type { PicturedPeriod } from '../label-picture.ts';
import type { Mapper } from '../mapping.ts';
import type { AttemptOutcome, ChangeKey, ChannelSettings, DeliveryFilter } from '../outbox.ts';
import type { OverviewQuery } from '../overview.ts';
import { type DiffPage, holdsOfDiff, type NewDiff } from '../saved-diff.ts';
import type {
  ChangeFilter,
  LabelPage,
  PushedReading,
  ReadingPage,
  Store,
  StoredLabel,
  TimeRange,
  WatchedReading,
} from '../store.ts';
import { Answers } from './answers.ts';
import { Artifacts } from './artifacts.ts';
import { Attempts } from './attempts.ts';
import { backUp } from './backup.ts';
import { BlobRecorder } from './blob-recorder.ts';
import { Blobs } from './blobs.ts';
import { ChainFacts } from './chain-facts.ts';
import { ChangeList, storedChange } from './change-list.ts';
import { Channels, storedChannel } from './channels.ts';
import { Checkpoints } from './checkpoints.ts';
import { Deliveries } from './deliveries.ts';
import { SavedDiffs } from './diffs/saved-diffs.ts';
import { diffSourceOf } from './diffs/source.ts';
import { Events } from './events.ts';
import { Evidence } from './evidence.ts';
import { Held } from './held.ts';
import { History } from './history.ts';
import { Inspections } from './inspections.ts';
import { LabelPages } from './label-pages.ts';
import { type LabelRow, Labels, sourceOf } from './labels.ts';
import { LostStretches } from './lost.ts';
import { Observations } from './observations.ts';
import { type Db, openFolder } from './open.ts';
import { Readings } from './readings.ts';
import { Recorder } from './recorder.ts';
import { recogniseRestored } from './restored.ts';
import { carryOver } from './traces/carry-over.ts';
import { Holds } from './traces/holds.ts';
import { openTraces } from './traces/index.ts';
import { UnitOfWork } from './transaction.ts';
import { Views } from './views.ts';

export interface SqliteStore extends Store {
  /** The connection, for tests that look at or strain the database itself. */
  readonly db: Db;
}

/** Without rules, a span has the label that it names. */
const namedOnly: Mapper = ({ declaredLabel: label }) =>
  label === null ? null : { label, by: 'declared' };

/** As SQLite numbers them. */
const SYNCHRONOUS = ['off', 'normal', 'full', 'extra'];

/**
 * @param folder made where missing, with mode 0700
 * @param gatherMs how long readings of the watch gather for one commit; null: each write has its own
 * @param mapper which label the traces of spans have
 * @throws StoreError in-use, newer-database
 */
export function openSqliteStore(
  folder: string,
  now: () => number = Date.now,
  gatherMs: number | null = null,
  mapper: Mapper = namedOnly,
): SqliteStore {
  const { db, watermark, close } = openFolder(folder);
  // First of all: what is asked of the traces below is asked of all of them.
  carryOver(db);
  const checkpoints = new Checkpoints(db);
  const work = new UnitOfWork(db, gatherMs, () => {
    watermark.note(now());
    checkpoints.note();
  });
  const labels = new Labels(db);
  const readings = new Readings(db);
  const history = new History(db, readings);
  const answers = new Answers(db);
  const attempts = new Attempts(db);
  const chainFacts = new ChainFacts(db);
  const inspections = new Inspections(db);
  const blobs = new Blobs(db, now, attempts, chainFacts);
  const artifacts = new Artifacts(db, blobs);
  const channels = new Channels(db);
  const deliveries = new Deliveries(db, channels);
  const events = new Events(db, artifacts, deliveries, work);
  const blobRecorder = new BlobRecorder(blobs, attempts, chainFacts, events);
  recogniseRestored(db, {
    watermark: watermark.read(),
    now: now(),
    recordedAt: (at) => work.recordedAt(at),
    tell: ({ from, to, recordedAt }) =>
      events.record('underlabel.store.restored', 'store', { from, to }, recordedAt),
  });
  watermark.note(now());
  const lost = new LostStretches(db, readings);
  const views = new Views(labels, readings, history, artifacts, lost);
  const observations = new Observations(db, readings, artifacts, answers);
  const rooms = {
    ...{ db, answers, labels, readings, history, artifacts, blobs, events, observations },
    blobRecorder,
  };
  const traces = openTraces({
    ...{ db, work, labels, history, artifacts, lost, views, events, mapper, now },
  });
  const { mapping } = traces;
  const savedDiffs = new SavedDiffs(db, labels, new Holds(db, labels));
  const recorder = new Recorder({ ...rooms, mapping });
  const changeList = new ChangeList(db, labels, history);
  const evidence = new Evidence(db, events, changeList);
  const whereHeld = new Held(db);
  const pages = new LabelPages(db, { labels, lost, counts: traces.counts, storedLabel });
  deliveries.endLeases(now());

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
        blobStates: blobs.states(run.artifactId),
        evidence: evidence.of(run.readingId),
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

  return {
    db,

    async putLabel(name: string, input: LabelInput, at: number) {
      return work.run(() => {
        const recordedAt = work.recordedAt(at);
        const { created } = labels.put(name, input, recordedAt);
        if (created) mapping.labelPut(labels.registered(name), recordedAt);
        const held = created ? history.newest(labels.registered(name).id)?.artifactId : null;
        if (held) {
          // It was removed meanwhile: nobody was told what became of what it holds.
          blobs.hurry(held, null);
          blobRecorder.tellOf(held, new Set(), recordedAt);
        }
        return { created };
      });
    },

    async removeLabel(name: string, at: number) {
      await work.run(() => {
        const row = labels.registered(name);
        if (row.removedAt !== null) return;
        const removedAt = work.recordedAt(at);
        labels.update(row.id, { removedAt });
        mapping.labelRemoved(row, removedAt);
      });
    },

    label: (name: string) =>
      reading(() => {
        const row = labels.find(name);
        return row?.source ? storedLabel(row) : null;
      }),

    labels: (page: LabelPage) => reading(() => labels.watched(page).map(storedLabel)),

    labelNames: () => reading(() => labels.names(true).map(({ name }) => name)),

    overview: (query: OverviewQuery) => reading(() => pages.overview(query)),

    labelPicture: (name: string, period: PicturedPeriod) =>
      reading(() => pages.picture(name, period)),

    labelExtent: (name: string) => reading(() => pages.extent(name)),

    labelSettings: (name: string) => reading(() => pages.settings(name)),

    async recordReading(name: string, watched: WatchedReading, at: number) {
      return work.run(() => recorder.watched(name, watched, work.recordedAt(at)), true);
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
        return {
          tenures,
          changes: found.map((row) => storedChange(row, name)),
          lost: lost.within({ from, to }),
        };
      }),

    async attributionAt(name: string, from: number, until: number, asOf: number | null) {
      if (asOf !== null) work.told(asOf, now());
      return reading((): Attribution => {
        const label = labels.registered(name);
        const span = { startedAt: from, endedAt: until, recordedAt: from, blobId: null };
        return views.attribute(label, span, asOf);
      });
    },

    changes: (filter: ChangeFilter) => reading(() => changeList.page(filter)),

    change: (id: string) => reading(() => changeList.get(id)),

    artifact: (artifactId: ArtifactId) => reading(() => artifacts.get(artifactId)),

    blobIdsOf: (ids: Iterable<ArtifactId>) =>
      reading(() => new Map([...new Set(ids)].map((id) => [id, artifacts.blobIds(id)]))),

    artifactsWith: (blobId: BlobId, limit?: number) => reading(() => artifacts.with(blobId, limit)),

    tenuresOf: (artifactId: ArtifactId, limit: number) =>
      reading(() => whereHeld.tenures(artifactId, limit)),

    artifactsBeside: (artifactId: ArtifactId, limit: number) =>
      reading(() => whereHeld.beside(artifactId, limit)),

    blobStatesOf: (artifactId: ArtifactId) => reading(() => whereHeld.states(artifactId)),

    pathOfBlob: (blobId: BlobId) => reading(() => artifacts.pathOf(blobId)),

    async requeueBlobs(at: number) {
      return work.run(() => blobs.requeue(at));
    },

    blobsToVerify: (at: number, limit: number, newestFirst = false) =>
      reading(() => blobs.toVerify(at, limit, newestFirst)),

    blobsToAskChain: (at: number, limit: number, newestFirst = false) =>
      reading(() => blobs.toAskChain(at, limit, newestFirst)),

    blobDue: (blobId: BlobId) => reading(() => blobs.due(blobId)),

    chainQuestion: (blobId: BlobId) => reading(() => blobs.chainQuestion(blobId)),

    async recordVerification(run: VerificationRun, at: number) {
      return work.run(() => {
        // Later than the run before, also while a clock that was set back stands still: runs are told apart by it.
        const before = attempts.of(run.blobId, null).at(-1)?.recordedAt ?? 0;
        return blobRecorder.run(run, work.recordedAt(Math.max(at, before + 1)));
      });
    },

    async putOffVerification(blobId: BlobId, until: number | null) {
      await work.run(() => blobs.update(blobId, { verifyAt: until }));
    },

    async recordChainAnswers(given: readonly ChainAnswer[], days: readonly number[], at: number) {
      await work.run(() => {
        const recordedAt = work.recordedAt(at);
        for (const answer of given) blobRecorder.chain(answer, days, at, recordedAt);
      });
    },

    async putOffChain(blobIds: readonly BlobId[], until: number) {
      await work.run(() => {
        for (const blobId of blobIds) blobs.update(blobId, { chainAt: until });
      });
    },

    async blobFacts(blobIds: Iterable<BlobId>, asOf: number | null) {
      if (asOf !== null) work.told(asOf, now());
      return reading(() => new Map([...new Set(blobIds)].map((id) => [id, blobs.facts(id, asOf)])));
    },

    blobStates: () => reading(() => blobs.allStates()),

    verifications: (blobId: BlobId, page: AttemptPage) =>
      reading(() => attempts.page(blobId, page)),

    chainFacts: (blobId: BlobId, page: AttemptPage) => reading(() => chainFacts.page(blobId, page)),

    async recordInspection(
      blobId: BlobId,
      basis: InspectionBasis,
      inspection: Inspection,
      at: number,
    ) {
      await work.run(() => inspections.put(blobId, basis, inspection, work.recordedAt(at)));
    },

    inspections: (blobIds: Iterable<BlobId>) =>
      reading(() => {
        const found = [...new Set(blobIds)].map((id) => [id, inspections.of(id)] as const);
        return new Map(
          found.filter((each): each is [BlobId, StoredInspection] => each[1] !== null),
        );
      }),

    openChanges: (since: number, limit: number) => reading(() => evidence.open(since, limit)),

    async recordEvidence(changeId: string, seen: ChangeEvidence, summary: string, at: number) {
      await work.run(() => evidence.record(changeId, seen, summary, work.recordedAt(at)));
    },

    answer: (sha256: string) => reading(() => answers.get(sha256)),

    ...traces.methods,

    diffSource: () => diffSourceOf(db.$client.name),

    async saveDiff(diff: NewDiff, at: number) {
      await work.run(() => savedDiffs.save(diff, work.recordedAt(at)));
    },

    diff: (id: string) => reading(() => savedDiffs.find(id)),

    diffs: (page: DiffPage) => reading(() => savedDiffs.page(page)),

    async removeDiff(id: string) {
      if (!savedDiffs.find(id)) return false;
      // First what it holds: broken off in between, there is still a diff to be removed.
      for (const hold of Object.values(holdsOfDiff(id))) await traces.methods.removeHold(hold);
      return work.run(() => savedDiffs.remove(id));
    },

    onEvents: (listener: () => void) => work.on('events', listener),

    events: (after: number, limit: number) => reading(() => events.after(after, limit)),

    newestEvent: () => reading(() => events.newest()),

    eventNumber: (id: string) => reading(() => events.numberOf(id)),

    async putChannel(name: string, input: ChannelSettings, at: number) {
      return work.run(() => {
        const recordedAt = work.recordedAt(at);
        const { created } = channels.put(name, input, recordedAt);
        return { created, channel: storedChannel(channels.known(name), at) };
      });
    },

    async removeChannel(name: string, at: number) {
      await work.run(() => {
        const { id } = channels.known(name);
        const removedAt = work.recordedAt(at);
        channels.update(id, { removedAt });
        deliveries.cancel(id, removedAt);
      });
    },

    channel: (name: string) =>
      reading(() => {
        const row = channels.find(name);
        return row && storedChannel(row, now());
      }),

    channels: () => reading(() => channels.active().map((row) => storedChannel(row, now()))),

    async testChannel(name: string, at: number) {
      return work.run(() => {
        const id = events.test(channels.known(name), work.recordedAt(at));
        return deliveries.get(id)!;
      });
    },

    deliveries: (filter: DeliveryFilter) => reading(() => deliveries.page(filter)),

    delivery: (id: number) => reading(() => deliveries.get(id)),

    deliveriesOfChange: (change: ChangeKey, limit: number) =>
      reading(() => deliveries.ofChange(change, limit)),

    async redeliver(id: number, at: number) {
      return work.run(() => {
        deliveries.redeliver(id, at);
        return deliveries.get(id)!;
      });
    },

    dueChannels: () => reading(() => deliveries.dueChannels()),

    async takeDeliveries(name: string, take: { limit: number; leaseMs: number; now: number }) {
      return work.run(() => deliveries.take(name, take));
    },

    async settleDelivery(id: number, outcome: AttemptOutcome, at: number) {
      await work.run(() => {
        const disabled = deliveries.settle(id, outcome, at);
        if (!disabled) return;
        const { name } = disabled;
        const told = { channel: name, reason: disabled.disabledReason! };
        events.record('underlabel.channel.disabled', name, told, work.recordedAt(at));
      });
    },

    deliveryCounts: () => reading(() => deliveries.counts()),

    lost: () => reading(() => [...lost.all]),

    async dropAnswers(before: number, limit: number, at: number) {
      return work.run(() => answers.drop(before, limit, at));
    },

    backup: (file: string, at: number) => backUp(db, work, file, at),

    durability: () =>
      reading(() => ({
        journal_mode: db.$client.pragma('journal_mode', { simple: true }) as string,
        synchronous: SYNCHRONOUS[db.$client.pragma('synchronous', { simple: true }) as number]!,
      })),

    async check() {
      db.$client.prepare('SELECT 1 FROM labels LIMIT 1').get();
    },

    async close() {
      traces.upkeep.stop();
      work.flush();
      await checkpoints.end();
      close();
    },
  };
}
