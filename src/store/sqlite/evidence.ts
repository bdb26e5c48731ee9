/** Evidence since changes: which labels are to be looked at, and what was seen. */
import { changeEvidence } from '#schema';
import { type ChangeEvidence, TOLD_AT } from '../../diff/evidence/change-evidence.ts';
import type { ArtifactId } from '../../lineage/manifest.ts';
import type { OpenChange, StoredEvidence } from '../evidence.ts';
import type { ChangeList } from './change-list.ts';
import type { Events } from './events.ts';
import type { Db } from './open.ts';
import { parseReadingId, readingId } from './readings.ts';

/** Of a hostile number of decisions: the commonest say enough. */
const MOST_FLIPS = 10;

interface OpenRow {
  labelId: number;
  seq: number;
  label: string;
  from: ArtifactId;
  to: ArtifactId;
  after: number;
  traceBytes: number;
  lastRequestedAt: number | null;
}

interface Body extends ChangeEvidence {
  summary: string;
}

export class Evidence {
  readonly #db: Db;
  readonly #events: Events;
  readonly #changes: ChangeList;
  readonly #open;
  readonly #of;

  constructor(db: Db, events: Events, changes: ChangeList) {
    this.#db = db;
    this.#events = events;
    this.#changes = changes;
    const { $client: client } = db;
    this.#open = client.prepare<[number, number], OpenRow>(
      `SELECT c.label_id AS labelId, c.seq, l.name AS label, c.from_artifact AS "from",
         c.to_artifact AS "to", c.after, l.trace_bytes AS traceBytes,
         l.last_requested_at AS lastRequestedAt
       FROM changes c JOIN labels l ON l.id = c.label_id
       WHERE c.detected_at >= CAST(? AS INTEGER) AND c.retired_at IS NULL AND l.removed_at IS NULL
         AND c.from_artifact IS NOT NULL AND c.to_artifact IS NOT NULL AND c.after IS NOT NULL
         AND c.seq = (SELECT r.first_seq FROM runs r WHERE r.label_id = c.label_id
           ORDER BY r.until DESC, r.first_received_at DESC LIMIT 1)
         AND NOT EXISTS (SELECT 1 FROM change_evidence e
           WHERE e.label_id = c.label_id AND e.seq = c.seq AND e.told_at IS NOT NULL)
       ORDER BY c.detected_at DESC LIMIT CAST(? AS INTEGER)`,
    );
    this.#of = client.prepare<
      [number, number],
      { lookedAt: number; toldAt: number | null; body: string }
    >(
      `SELECT looked_at AS lookedAt, told_at AS toldAt, body FROM change_evidence
       WHERE label_id = ? AND seq = ?`,
    );
  }

  /** Of changes detected since then, the newest first. */
  open(since: number, limit: number): OpenChange[] {
    return this.#open
      .all(since, limit)
      .map(({ labelId, seq, traceBytes, lastRequestedAt, ...change }) => ({
        id: readingId(labelId, seq),
        ...change,
        state: `${traceBytes} ${lastRequestedAt}`,
      }));
  }

  /** Since the change that a reading revealed; null: nobody looked yet, or there was none. */
  of(changeId: string): StoredEvidence | null {
    const key = parseReadingId(changeId);
    const row = key && this.#of.get(key.labelId, key.seq);
    if (!row) return null;
    const { lookedAt, toldAt } = row;
    return { changeId, ...(JSON.parse(row.body) as Body), lookedAt, toldAt };
  }

  /** Inside a transaction: what was seen; told once it is enough. A change that was retired meanwhile has none. */
  record(changeId: string, evidence: ChangeEvidence, summary: string, recordedAt: number): void {
    const key = parseReadingId(changeId);
    const change = this.#changes.get(changeId);
    if (!key || !change || change.retiredAt !== null || !change.from || !change.to) return;
    const { labelId, seq } = key;
    if (this.#of.get(labelId, seq)?.toldAt != null) return;
    const told = evidence.e >= TOLD_AT;
    const flips = evidence.flips.slice(0, MOST_FLIPS);
    const body = JSON.stringify({ ...evidence, flips, summary } satisfies Body);
    const seen = { lookedAt: recordedAt, toldAt: told ? recordedAt : null, body };
    this.#db
      .insert(changeEvidence)
      .values({ labelId, seq, ...seen })
      .onConflictDoUpdate({ target: [changeEvidence.labelId, changeEvidence.seq], set: seen })
      .run();
    if (!told) return;
    const { pairs, flipped, e } = evidence;
    const { label, from, to } = change;
    const data = { label, changeId, from, to, pairs, flipped, flips, e, summary };
    this.#events.record('underlabel.diff.changed', label, data, recordedAt);
  }
}
