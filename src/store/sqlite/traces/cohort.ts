/** The traces of one side of a diff, attributed with the label's runs in memory. */
import { and, asc, eq, gt, gte, lt, or } from 'drizzle-orm';
import { traces } from '#schema';
import type { LeftOutReason } from '../../../contract/diff.ts';
import type { CohortTrace } from '../../../diff/pairing.ts';
import {
  type Attribution,
  attribute,
  groundsOf,
  runsReaching,
  spanOf,
} from '../../../lineage/attribution.ts';
import type { ArtifactId, BlobId } from '../../../lineage/manifest.ts';
import type { Run, Stretch } from '../../../lineage/timeline.ts';
import type { CohortQuery } from '../../store.ts';
import type { Artifacts } from '../artifacts.ts';
import type { History } from '../history.ts';
import type { LabelRow } from '../labels.ts';
import type { LostStretches } from '../lost.ts';
import type { Db } from '../open.ts';

const BATCH = 2000;

const COLUMNS = {
  seq: traces.seq,
  id: traces.id,
  startedAt: traces.startedAt,
  endedAt: traces.endedAt,
  decision: traces.decision,
  blobId: traces.blobId,
  context: traces.context,
  turn: traces.turn,
  inputHash: traces.inputHash,
  outputHash: traces.outputHash,
};

/** A label's readings in memory, as far as attributions without their grounds need them. */
interface Known {
  runs: readonly Run[];
  borders: readonly Stretch[];
  holders: Map<BlobId, ArtifactId[]>;
}

export class Cohorts {
  readonly #db: Db;
  readonly #history: History;
  readonly #artifacts: Artifacts;
  readonly #lost: LostStretches;

  constructor(db: Db, history: History, artifacts: Artifacts, lost: LostStretches) {
    this.#db = db;
    this.#history = history;
    this.#artifacts = artifacts;
    this.#lost = lost;
  }

  /** In batches; between them others get their turn. */
  async *of(label: LabelRow, side: CohortQuery): AsyncIterable<CohortTrace[]> {
    const borders = this.#lost.bordersOf(label.id);
    const known: Known = { runs: this.#history.all(label.id), borders, holders: new Map() };
    const attributed = (row: Row) => this.#attribute(label, known, row);
    const wanted = 'artifacts' in side ? new Set<string | null>(side.artifacts) : null;
    let last: Row | undefined;
    do {
      const rows = this.#batch(label.id, side, last);
      yield rows.flatMap((row) => cohortTrace(row, attributed(row), wanted) ?? []);
      last = rows.length === BATCH ? rows.at(-1) : undefined;
      await new Promise((resolve) => setImmediate(resolve));
    } while (last);
  }

  #batch(labelId: number, side: CohortQuery, last: Row | undefined): Row[] {
    const period = 'from' in side ? side : null;
    return this.#db
      .select(COLUMNS)
      .from(traces)
      .where(
        and(
          eq(traces.labelId, labelId),
          period ? gte(traces.startedAt, period.from) : undefined,
          period ? lt(traces.startedAt, period.to) : undefined,
          // Rows come in order of (started_at, seq): the index holds the row number last.
          last ? gte(traces.startedAt, last.startedAt) : undefined,
          last ? afterRow(last) : undefined,
        ),
      )
      .orderBy(asc(traces.startedAt), asc(traces.seq))
      .limit(BATCH)
      .all();
  }

  #attribute(label: LabelRow, { runs, borders, holders }: Known, row: Row): Attribution {
    const span = spanOf(row.startedAt, row.endedAt, label);
    const grounds = groundsOf(borders, span, this.#lost.all);
    const view = { runs: runsReaching(runs, span), grounds };
    if (row.blobId === null) return attribute(view);
    const held = holders.get(row.blobId) ?? this.#artifacts.holdingUnder(label.id, row.blobId);
    holders.set(row.blobId, held);
    return attribute(view, { blobId: row.blobId, proven: false, holders: held });
  }
}

type Row = Pick<typeof traces.$inferSelect, keyof typeof COLUMNS>;

function afterRow(last: Row) {
  return or(gt(traces.startedAt, last.startedAt), gt(traces.seq, last.seq));
}

function cohortTrace(
  row: Row,
  attribution: Attribution,
  wanted: ReadonlySet<string | null> | null,
): CohortTrace | null {
  const { artifactId, candidates } = attribution;
  const belongs =
    wanted === null || wanted.has(artifactId) || candidates.some((one) => wanted.has(one));
  if (!belongs) return null;
  const leftOut = reasonToLeaveOut(attribution);
  // Surely another artifact's, whatever the readings allow: not of this side, nor left out of it.
  if (wanted && leftOut === null && !wanted.has(artifactId)) return null;
  return {
    id: row.id,
    startedAt: row.startedAt,
    inputHash: row.inputHash?.toString('hex') ?? null,
    context: row.context,
    turn: row.turn,
    decision: row.decision,
    outputHash: row.outputHash?.toString('hex') ?? null,
    artifactId,
    leftOut,
  };
}

function reasonToLeaveOut(attribution: Attribution): LeftOutReason | null {
  const { certainty, conflict, artifactId } = attribution;
  if (conflict) return 'conflict';
  if (certainty === 'ambiguous' || certainty === 'unobserved') return certainty;
  if (artifactId === null) return attribution.declaredBlobId ? 'unknown-artifact' : 'absent';
  return certainty === 'provisional' ? certainty : null;
}
