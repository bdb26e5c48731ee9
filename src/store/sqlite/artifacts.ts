/** Artifacts and the files that make them. */
import { and, asc, eq, getTableColumns, inArray, isNull, sql } from 'drizzle-orm';
import { artifactFiles, artifacts, labels, runs } from '#schema';
import {
  type ArtifactId,
  artifactIdOf,
  type BlobId,
  inOrder,
  type ManifestFile,
} from '../../lineage/manifest.ts';
import type { StoredArtifact } from '../store.ts';
import type { Blobs } from './blobs.ts';
import { givenFor } from './bound.ts';
import type { Db } from './open.ts';

/** How many artifacts are remembered; what is forgotten is just read again. */
const MOST_REMEMBERED = 20_000;
/** Ones with more files than this aren't. */
const MOST_FILES = 64;

export class Artifacts {
  readonly #db: Db;
  readonly #all: Blobs;
  /** A source that answers the same again gives the same list: its id need not be computed anew. */
  readonly #ids = new WeakMap<readonly ManifestFile[], ArtifactId>();
  /** An id stands for its paths and Blob IDs, so these never change. */
  readonly #blobIds = new Map<ArtifactId, BlobId[]>();
  /** Those whose sizes are all known: there is nothing to fill in. */
  readonly #complete = new Set<ArtifactId>();
  readonly #insert;
  readonly #insertFile;
  readonly #exists;
  readonly #files;

  constructor(db: Db, all: Blobs) {
    this.#db = db;
    this.#all = all;
    this.#insert = db
      .insert(artifacts)
      .values(givenFor(getTableColumns(artifacts)))
      .prepare();
    const ofFile = givenFor(getTableColumns(artifactFiles));
    this.#insertFile = db.insert(artifactFiles).values(ofFile).prepare();
    const given = sql.placeholder('artifactId');
    this.#exists = db.select().from(artifacts).where(eq(artifacts.artifactId, given)).prepare();
    // Of 10,000 files, whatever stands between the rows and the page is felt.
    this.#files = db.$client.prepare<[ArtifactId], ManifestFile>(
      'SELECT path, blob_id AS blobId, size FROM artifact_files WHERE artifact_id = ?',
    );
  }

  /** The id of this set of files, stored where it is new. Sizes not known before are filled in. */
  intern(files: readonly ManifestFile[], recordedAt: number): ArtifactId {
    const artifactId = this.#ids.get(files) ?? artifactIdOf(files);
    this.#ids.set(files, artifactId);
    if (this.#exists.get({ artifactId })) {
      this.#fillSizes(artifactId, files);
      return artifactId;
    }
    this.#insert.run({ artifactId, recordedAt });
    for (const { path, blobId, size } of inOrder(files)) {
      this.#insertFile.run({ artifactId, path, blobId, size });
      this.#all.intern(blobId);
    }
    return artifactId;
  }

  #fillSizes(artifactId: ArtifactId, files: readonly ManifestFile[]): void {
    if (this.#complete.has(artifactId)) return;
    if (this.files(artifactId).every((file) => file.size !== null)) {
      if (this.#complete.size < MOST_REMEMBERED) this.#complete.add(artifactId);
      return;
    }
    for (const { path, size } of files) {
      if (size === null) continue;
      const ofFile = and(
        eq(artifactFiles.artifactId, artifactId),
        eq(artifactFiles.path, path),
        isNull(artifactFiles.size),
      );
      this.#db.update(artifactFiles).set({ size }).where(ofFile).run();
    }
  }

  /** In order of path; none for null ("absent"). */
  files(artifactId: ArtifactId | null): ManifestFile[] {
    return artifactId === null ? [] : inOrder(this.#files.all(artifactId));
  }

  blobIds(artifactId: ArtifactId | null): BlobId[] {
    if (artifactId === null) return [];
    const known = this.#blobIds.get(artifactId);
    if (known) return known;
    const blobIds = this.files(artifactId).map((file) => file.blobId);
    if (blobIds.length > 0 && blobIds.length <= MOST_FILES) {
      if (this.#blobIds.size >= MOST_REMEMBERED) this.#blobIds.clear();
      this.#blobIds.set(artifactId, blobIds);
    }
    return blobIds;
  }

  get(artifactId: ArtifactId): StoredArtifact | null {
    if (!this.#exists.get({ artifactId })) return null;
    const holders = this.#db
      .selectDistinct({ name: labels.name })
      .from(runs)
      .innerJoin(labels, eq(labels.id, runs.labelId))
      .where(eq(runs.artifactId, artifactId))
      .orderBy(asc(labels.name))
      .all();
    return { artifactId, files: this.files(artifactId), labels: holders.map(({ name }) => name) };
  }

  /** All artifacts that hold a blob, whichever label they were under. */
  with(blobId: BlobId, limit?: number): StoredArtifact[] {
    const holding = this.#db
      .selectDistinct({ artifactId: artifactFiles.artifactId })
      .from(artifactFiles)
      .where(eq(artifactFiles.blobId, blobId))
      .orderBy(asc(artifactFiles.artifactId));
    const found = limit === undefined ? holding.all() : holding.limit(limit).all();
    return found.flatMap(({ artifactId }) => this.get(artifactId) ?? []);
  }

  /** One of those that artifacts give it. */
  pathOf(blobId: BlobId): string | null {
    const held = eq(artifactFiles.blobId, blobId);
    return this.#db.select().from(artifactFiles).where(held).get()?.path ?? null;
  }

  /** Those of the given artifacts that hold the blob. */
  holding(blobId: BlobId, among: Iterable<ArtifactId | null>): ArtifactId[] {
    const ids = [...new Set(among)].filter((id) => id !== null);
    if (ids.length === 0) return [];
    return this.#db
      .selectDistinct({ artifactId: artifactFiles.artifactId })
      .from(artifactFiles)
      .where(and(eq(artifactFiles.blobId, blobId), inArray(artifactFiles.artifactId, ids)))
      .all()
      .map(({ artifactId }) => artifactId);
  }

  /** The artifacts of a label's history that hold the blob. */
  holdingUnder(labelId: number, blobId: BlobId): ArtifactId[] {
    return this.#db
      .selectDistinct({ artifactId: artifactFiles.artifactId })
      .from(artifactFiles)
      .innerJoin(runs, eq(runs.artifactId, artifactFiles.artifactId))
      .where(and(eq(artifactFiles.blobId, blobId), eq(runs.labelId, labelId)))
      .all()
      .map(({ artifactId }) => artifactId);
  }
}
