/** What pages about labels show, each in one question, and none of them slower for having more traces. */
import { labelGlob } from '../label-glob.ts';
import type {
  LabelExtent,
  LabelPicture,
  PicturedPeriod,
  StoredSettings,
} from '../label-picture.ts';
import { isOverdue, type Overview, type OverviewLabel, type OverviewQuery } from '../overview.ts';
import type { StoredLabel } from '../store.ts';
import { HOUR_MS } from '../trace-count.ts';
import type { LabelRow, Labels } from './labels.ts';
import type { LostStretches } from './lost.ts';
import type { Db } from './open.ts';
import { PicturedReadings } from './pictured-readings.ts';
import { PicturedRuns } from './pictured-runs.ts';
import type { Effort } from './traces/certainties.ts';
import type { Counts } from './traces/counts.ts';

interface Rooms {
  labels: Labels;
  lost: LostStretches;
  counts: Counts;
  storedLabel: (row: LabelRow) => StoredLabel;
}

/** Of a label, as far as its place in the list goes. */
interface Listed {
  id: number;
  name: string;
  isFailing: boolean;
  isOverdue: boolean;
  isRemoved: boolean;
}

type ListedRow = [
  id: number,
  name: string,
  kind: string,
  createdAt: number,
  everyMs: number,
  lastRequestedAt: number | null,
  failures: number,
  removedAt: number | null,
];

const MOST_CHANGES = 300;
const MOST_PATHS = 4;
const MOST_SETTINGS = 50;

export class LabelPages {
  readonly #rooms: Rooms;
  readonly #runs: PicturedRuns;
  readonly #readings: PicturedReadings;
  readonly #listed;
  readonly #paths;
  readonly #files;
  readonly #settings;

  constructor(db: Db, rooms: Rooms) {
    this.#rooms = rooms;
    this.#runs = new PicturedRuns(db);
    this.#readings = new PicturedReadings(db);
    const { $client: client } = db;
    this.#listed = client
      .prepare<[], ListedRow>(
        `SELECT id, name, source ->> 'kind', created_at, every_ms, last_requested_at,
           consecutive_failures, removed_at
         FROM labels WHERE source IS NOT NULL`,
      )
      .raw();
    this.#paths = client
      .prepare<[string], string>(
        `SELECT path FROM artifact_files WHERE artifact_id = ? ORDER BY path LIMIT ${MOST_PATHS}`,
      )
      .pluck();
    this.#files = client
      .prepare<[string], number>('SELECT count(*) FROM artifact_files WHERE artifact_id = ?')
      .pluck();
    this.#settings = client.prepare<[number], StoredSettings>(
      `SELECT recorded_at AS recordedAt, every_ms AS everyMs, clock_skew_ms AS clockSkewMs,
         serving_lag_ms AS servingLagMs
       FROM label_settings WHERE label_id = ? ORDER BY recorded_at DESC LIMIT ${MOST_SETTINGS}`,
    );
  }

  overview(query: OverviewQuery): Overview {
    const all = (this.#listed.all() as ListedRow[]).map((row) => listedOf(row, query));
    const glob = query.glob === null ? null : labelGlob(query.glob);
    const found = all.filter(
      ({ name, isRemoved }) => isRemoved === query.removed && (glob === null || glob.test(name)),
    );
    found.sort(urgentFirst);
    const effort: Effort = { questions: 200, looked: 1500, passed: 50_000 };
    const page = found.slice(query.offset, query.offset + query.limit);
    const shown = page.map((one) => this.#overviewOf(one, query, effort));
    const removed = all.filter(({ isRemoved }) => isRemoved).length;
    return {
      labels: shown.map(({ label }) => label),
      total: found.length,
      failing: found.filter(({ isFailing }) => isFailing).length,
      overdue: found.filter(({ isOverdue }) => isOverdue).length,
      watched: all.length - removed,
      removed,
      tracesComplete: shown.every(({ complete }) => complete),
    };
  }

  #overviewOf(
    { id, isFailing, isOverdue }: Listed,
    { changesSince, tracesSince, now }: OverviewQuery,
    effort: Effort,
  ): { label: OverviewLabel; complete: boolean } {
    const { labels, counts, storedLabel } = this.#rooms;
    const row = labels.byId(id);
    const label = storedLabel(row);
    const artifactId = label.current?.artifactId ?? null;
    const changes = this.#runs.seenSince(id, changesSince, MOST_CHANGES + 1);
    // One bucket from then to the hour that runs.
    const hours = Math.max(1, Math.ceil((now - tracesSince) / HOUR_MS));
    const period = { from: tracesSince, to: now, stepMs: hours * HOUR_MS };
    const counted = counts.of(row, period, effort);
    return {
      label: {
        label,
        isFailing,
        isOverdue,
        files: artifactId === null ? { paths: [], count: 0 } : this.#filesOf(artifactId),
        changes: changes.slice(0, MOST_CHANGES),
        hasMoreChanges: changes.length > MOST_CHANGES,
        traces: counted.buckets[0] ?? null,
      },
      complete: counted.complete,
    };
  }

  #filesOf(artifactId: string): OverviewLabel['files'] {
    return { paths: this.#paths.all(artifactId), count: this.#files.get(artifactId)! };
  }

  /** @throws StoreError unknown-label unless it was registered once */
  picture(name: string, period: PicturedPeriod): LabelPicture {
    const { labels, lost } = this.#rooms;
    const { id, lastRequestedAt, removedAt } = labels.registered(name);
    const { gaps, ...readings } = this.#readings.of(id, period);
    const { from, to, gapMs } = period;
    // Nobody looked since, unless that is what was wanted.
    if (gapMs !== null && removedAt === null && lastRequestedAt !== null) {
      const untilNow = { to: null, longestMs: null, isSeveral: false };
      if (to - lastRequestedAt > gapMs) gaps.push({ from: lastRequestedAt, ...untilNow });
    }
    return { ...this.#runs.of(id, period), ...readings, gaps, lost: lost.within({ from, to }) };
  }

  /** Null: nobody ever named it. */
  extent(name: string): LabelExtent | null {
    const { labels, counts } = this.#rooms;
    const row = labels.find(name);
    if (!row) return null;
    return {
      isRegistered: row.source !== null,
      firstReadAt: row.firstReceivedAt,
      lastReadAt: row.lastRequestedAt,
      traced: counts.extentOf(row),
    };
  }

  /** Newest first. */
  settings(name: string): StoredSettings[] {
    return this.#settings.all(this.#rooms.labels.registered(name).id);
  }
}

function listedOf(row: ListedRow, query: OverviewQuery): Listed {
  const [id, name, kind, createdAt, interval, lastRequestedAt, failures, removedAt] = row;
  const isRemoved = removedAt !== null;
  const everyMs = kind === 'push' ? null : interval;
  const watching = { everyMs, confirmedAt: lastRequestedAt ?? createdAt, removedAt };
  return {
    ...{ id, name, isRemoved },
    isFailing: failures > 0 && !isRemoved,
    isOverdue: isOverdue(watching, query),
  };
}

function urgentFirst(a: Listed, b: Listed): number {
  const rank = ({ isFailing, isOverdue }: Listed) => (isFailing ? 0 : isOverdue ? 1 : 2);
  return rank(a) - rank(b) || (a.name < b.name ? -1 : 1);
}
