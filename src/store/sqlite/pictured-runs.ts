/** The runs of a label within a period, for a picture: one by one as far as they can be told apart in it. */
import { AFTER_ALL, BEFORE_ALL, type ChangeKind } from '../../lineage/timeline.ts';
import type {
  LabelPicture,
  PicturedChange,
  PicturedPeriod,
  PicturedRun,
} from '../label-picture.ts';
import type { Db } from './open.ts';
import { readingId } from './readings.ts';

interface Row {
  firstSeq: number;
  artifactId: string | null;
  firstReceivedAt: number;
  lastRequestedAt: number;
  after: number;
  until: number;
  observations: number;
  maxGapMs: number;
}

interface ChangeRow {
  seq: number;
  kind: ChangeKind;
  from: string | null;
  to: string | null;
  after: number | null;
  before: number;
  detectedAt: number;
}

type Pictured = Pick<LabelPicture, 'runs' | 'crowded' | 'newest' | 'hasMore'>;

/** Read at a time. Where so many end within so many steps, they are not told one by one, but counted as far as that. */
const BATCH = 48;
const CROWDED_STEPS = 8;
const MOST_COUNTED = 10_000;
const NEWEST = 15;

export class PicturedRuns {
  readonly #from;
  readonly #back;
  readonly #ending;
  readonly #seen;
  readonly #change;

  constructor(db: Db) {
    const { $client: client } = db;
    const run = `first_seq AS firstSeq, artifact_id AS artifactId, first_received_at AS firstReceivedAt,
      last_requested_at AS lastRequestedAt, after, until, observations, max_gap_ms AS maxGapMs`;
    const ofLabel = 'FROM runs INDEXED BY runs_until WHERE label_id = CAST(? AS INTEGER)';
    this.#from = client.prepare<[number, number, number], Row>(
      `SELECT ${run} ${ofLabel} AND until > CAST(? AS INTEGER)
       ORDER BY until, first_received_at LIMIT CAST(? AS INTEGER)`,
    );
    this.#back = client.prepare<[number, number, number], Row>(
      `SELECT ${run} ${ofLabel} AND until <= CAST(? AS INTEGER) AND until > CAST(? AS INTEGER)
       ORDER BY until DESC, first_received_at DESC LIMIT ${NEWEST + 1}`,
    );
    this.#ending = client
      .prepare<[number, number, number], number>(
        `SELECT count(*) FROM (SELECT 1 ${ofLabel}
           AND until > CAST(? AS INTEGER) AND until <= CAST(? AS INTEGER) LIMIT ${MOST_COUNTED + 1})`,
      )
      .pluck();
    // A label that begins with nothing has no change there.
    this.#seen = client
      .prepare<[number, number, number, number], number>(
        `SELECT first_received_at ${ofLabel} AND until > CAST(? AS INTEGER)
           AND first_received_at > CAST(? AS INTEGER)
           AND (artifact_id IS NOT NULL OR after > ${BEFORE_ALL})
         ORDER BY until DESC, first_received_at DESC LIMIT CAST(? AS INTEGER)`,
      )
      .pluck();
    this.#change = client.prepare<[number, number], ChangeRow>(
      `SELECT seq, kind, from_artifact AS "from", to_artifact AS "to", after, before,
         detected_at AS detectedAt
       FROM changes WHERE label_id = ? AND seq = ? AND retired_at IS NULL`,
    );
  }

  of(labelId: number, period: PicturedPeriod): Pictured {
    return { ...this.#within(labelId, period), ...this.#newest(labelId, period) };
  }

  /** When changes were first seen after `since`, newest first: at most `limit`. */
  seenSince(labelId: number, since: number, limit: number): number[] {
    return this.#seen.all(labelId, since, since, limit);
  }

  #within(
    labelId: number,
    { from, to, steps }: PicturedPeriod,
  ): Pick<Pictured, 'runs' | 'crowded'> {
    const runs: PicturedRun[] = [];
    const crowded: LabelPicture['crowded'] = [];
    const crowdMs = Math.max(1, (CROWDED_STEPS * (to - from)) / steps);
    let at = from;
    while (at < to) {
      const batch = this.#from.all(labelId, at, BATCH);
      const last = batch.at(-1);
      if (!last) break;
      if (batch.length === BATCH && last.until - at < crowdMs) {
        const end = Math.ceil(at + crowdMs);
        const counted = this.#ending.get(labelId, at, end)!;
        const changes = Math.min(counted, MOST_COUNTED);
        const atLeast = counted > MOST_COUNTED;
        const before = crowded.at(-1);
        if (before?.to === at) {
          before.to = end;
          before.changes += changes;
          before.atLeast ||= atLeast;
        } else crowded.push({ from: at, to: end, changes, atLeast });
        at = end;
        continue;
      }
      const met = batch.filter((row) => meets(row, to));
      runs.push(...met.map((row) => picturedRun(labelId, row)));
      if (batch.length < BATCH || met.length < batch.length) break;
      at = last.until;
    }
    return { runs, crowded };
  }

  #newest(labelId: number, { from, to }: PicturedPeriod): Pick<Pictured, 'newest' | 'hasMore'> {
    // The second may have begun in a window that reaches into the period.
    const until = this.#from.all(labelId, to, 2).at(-1)?.until ?? AFTER_ALL;
    const rows = this.#back.all(labelId, until, from);
    const met = rows.filter((row) => meets(row, to));
    const newest = met.slice(0, NEWEST).map((row) => ({
      run: picturedRun(labelId, row),
      change: row.firstReceivedAt < from ? null : this.#changeOf(labelId, row.firstSeq),
    }));
    return { newest, hasMore: rows.length > NEWEST };
  }

  #changeOf(labelId: number, seq: number): PicturedChange | null {
    const row = this.#change.get(labelId, seq);
    if (!row) return null;
    const { seq: _, ...change } = row;
    return { id: readingId(labelId, seq), ...change };
  }
}

/** Whether it, or the window that it began in, begins before then. */
function meets({ after, firstReceivedAt }: Row, to: number): boolean {
  return firstReceivedAt < to || (after > BEFORE_ALL && after < to);
}

function picturedRun(labelId: number, { firstSeq, after, until, ...row }: Row): PicturedRun {
  return {
    id: readingId(labelId, firstSeq),
    artifactId: row.artifactId,
    firstSeenAt: row.firstReceivedAt,
    lastConfirmedAt: row.lastRequestedAt,
    after: after === BEFORE_ALL ? null : after,
    until: until === AFTER_ALL ? null : until,
    observations: row.observations,
    maxGapMs: row.maxGapMs,
  };
}
