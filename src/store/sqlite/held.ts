/** Where artifacts were or are: under which labels, and beside which others. */
import { desc, eq, inArray, max, sql } from 'drizzle-orm';
import { artifactFiles, blobs, labels, runs } from '#schema';
import type { ArtifactId, BlobId } from '../../lineage/manifest.ts';
import { tenuresOf } from '../../lineage/timeline.ts';
import type { BlobState } from '../blob.ts';
import type { ArtifactBeside, ArtifactTenure } from '../store.ts';
import type { Db } from './open.ts';
import { stretchOfRow } from './readings.ts';

/** Labels of an artifact whose other artifacts are looked for. */
const MOST_LABELS = 50;

export class Held {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Of one artifact under all labels, the last seen first. */
  tenures(artifactId: ArtifactId, limit: number): ArtifactTenure[] {
    return this.#db
      .select({ run: runs, label: labels.name })
      .from(runs)
      .innerJoin(labels, eq(labels.id, runs.labelId))
      .where(eq(runs.artifactId, artifactId))
      .orderBy(desc(runs.firstReceivedAt), desc(runs.labelId), desc(runs.firstSeq))
      .limit(limit)
      .all()
      .flatMap(({ run: { after, until, ...row }, label }) => {
        const [tenure] = tenuresOf([{ ...stretchOfRow(row), after, until }]);
        return tenure ? [{ ...tenure, label }] : [];
      });
  }

  /** Other artifacts that the same labels held, those confirmed last first. */
  beside(artifactId: ArtifactId, limit: number): ArtifactBeside[] {
    const ofThese = this.#db
      .selectDistinct({ labelId: runs.labelId })
      .from(runs)
      .where(eq(runs.artifactId, artifactId))
      .limit(MOST_LABELS);
    const confirmedAt = max(runs.lastRequestedAt);
    return (
      this.#db
        // Of the row that has the maximum: SQLite takes bare columns from there.
        .select({ artifactId: runs.artifactId, label: labels.name, lastConfirmedAt: confirmedAt })
        .from(runs)
        .innerJoin(labels, eq(labels.id, runs.labelId))
        .where(sql`${inArray(runs.labelId, ofThese)} AND ${runs.artifactId} <> ${artifactId}`)
        .groupBy(runs.artifactId)
        .orderBy(desc(confirmedAt))
        .limit(limit)
        .all() as ArtifactBeside[]
    );
  }

  /** How the blob of each file stands, as far as is known now. */
  states(artifactId: ArtifactId): Map<BlobId, BlobState> {
    const found = this.#db
      .select({ blobId: blobs.blobId, state: blobs.state })
      .from(artifactFiles)
      .innerJoin(blobs, eq(blobs.blobId, artifactFiles.blobId))
      .where(eq(artifactFiles.artifactId, artifactId))
      .all();
    return new Map(found.map(({ blobId, state }) => [blobId, state as BlobState]));
  }
}
