/** What a diff reads, over a store's file: opened in whatever thread the diff runs in. */
import type { CohortTrace, ShownTrace, Side, TraceFacts } from '../../../diff/source.ts';
import type { ArtifactId, BlobId } from '../../../lineage/manifest.ts';
import type {
  DiffQuery,
  DiffSourceSpec,
  OpenDiffSource,
  OpenedDiffSource,
} from '../../diff-source.ts';
import { Artifacts } from '../artifacts.ts';
import { Attempts } from '../attempts.ts';
import { Blobs } from '../blobs.ts';
import { ChainFacts } from '../chain-facts.ts';
import { History } from '../history.ts';
import { Labels } from '../labels.ts';
import { LostStretches } from '../lost.ts';
import type { Db } from '../open.ts';
import { Readings } from '../readings.ts';
import { Origins } from '../traces/origins.ts';
import { Texts } from '../traces/texts.ts';
import { Attributed, type Known, wantedOf } from './attributed.ts';
import { BlocksAhead } from './blocks-ahead.ts';
import { type CohortRow, CohortRows } from './cohort-rows.ts';
import { type Shelf, StoredCohortTrace } from './cohort-trace.ts';
import { openReader } from './reader.ts';
import { scansOf } from './scans.ts';
import { ShownTraces } from './shown-traces.ts';

export function diffSourceOf(file: string): DiffSourceSpec {
  return { module: import.meta.url, given: file };
}

export const openDiffSource: OpenDiffSource = (given, query, factsOf) => {
  const db = openReader(given as string);
  try {
    return new SqliteDiffSource(db, given as string, query, factsOf);
  } catch (error) {
    db.$client.close();
    throw error;
  }
};

class SqliteDiffSource implements OpenedDiffSource {
  readonly newestTrace: number;
  readonly #db: Db;
  readonly #query: DiffQuery;
  readonly #known: Known;
  readonly #attributed: Attributed;
  readonly #rows: CohortRows;
  readonly #ahead: BlocksAhead;
  readonly #shelf: Shelf;
  readonly #shown: ShownTraces;
  readonly #artifacts: Artifacts;

  constructor(db: Db, file: string, query: DiffQuery, factsOf: (attributes: string) => TraceFacts) {
    this.#db = db;
    this.#query = query;
    const readings = new Readings(db);
    const blobs = new Blobs(db, () => 0, new Attempts(db), new ChainFacts(db));
    const texts = new Texts(db);
    const origins = new Origins(db);
    this.#artifacts = new Artifacts(db, blobs);
    this.#rows = new CohortRows(db);
    this.#ahead = new BlocksAhead(file);
    this.#shelf = {
      text: (ref) => (this.#ahead.text(ref) ?? texts.read(ref))?.toString() ?? null,
      serviceOf: (originId) => origins.byId(originId).service,
      factsOf,
    };
    this.#shown = new ShownTraces(db, this.#shelf);
    const newest = db.$client.prepare<[], number | null>('SELECT max(seq) FROM traces').pluck();
    // One short transaction, so that all of it is of one moment.
    const moment = db.$client.transaction(() => {
      const label = new Labels(db).registered(query.label);
      const lost = new LostStretches(db, readings);
      const runs = new History(db, readings).all(label.id);
      const known = { label, runs, borders: lost.bordersOf(label.id), lost: lost.all };
      return { known, newestTrace: newest.get() ?? 0 };
    })();
    this.newestTrace = moment.newestTrace;
    const holding = (blobId: BlobId) => this.#artifacts.holdingUnder(moment.known.label.id, blobId);
    this.#known = { ...moment.known, holding };
    this.#attributed = new Attributed(this.#known);
  }

  async *cohort(side: Side): AsyncGenerator<CohortTrace[]> {
    const wanted = wantedOf(this.#query[side]);
    for await (const rows of this.#pages(side)) {
      const traces: CohortTrace[] = [];
      for (const row of rows) {
        const belonging = this.#attributed.belonging(row[1], row[2], row[4], wanted);
        if (belonging) traces.push(new StoredCohortTrace(row, belonging, this.#shelf));
      }
      if (traces.length > 0) yield traces;
    }
  }

  /** Each page once its texts are there; meanwhile those of the next are unpacked. */
  async *#pages(side: Side): AsyncGenerator<CohortRow[]> {
    const pages = this.#rowsOf(side);
    const prepared = async () => {
      const { value: rows, done } = pages.next();
      return done ? null : { rows, takeOver: await this.#ahead.ask(rows) };
    };
    let next = prepared();
    for (;;) {
      const page = await next;
      if (page === null) return;
      page.takeOver();
      next = prepared();
      yield page.rows;
    }
  }

  *#rowsOf(side: Side): Generator<CohortRow[], void> {
    const { label, runs } = this.#known;
    for (const scan of scansOf(this.#query[side], label, runs)) {
      yield* this.#rows.of(label.id, scan, this.newestTrace);
    }
  }

  async traces(refs: readonly number[]): Promise<ReadonlyMap<number, ShownTrace>> {
    return this.#shown.of(refs);
  }

  async blobIdsOf(
    artifactIds: Iterable<ArtifactId>,
  ): Promise<ReadonlyMap<ArtifactId, readonly BlobId[]>> {
    const ids = new Set(artifactIds);
    return new Map([...ids].map((id) => [id, this.#artifacts.blobIds(id)]));
  }

  async newestReading(): Promise<number | null> {
    return this.#known.label.lastRecordedAt;
  }

  refOf(id: string): number | null {
    return this.#shown.refOf(id);
  }

  close(): void {
    this.#ahead.close();
    this.#db.$client.close();
  }
}
