/** Stores on real files in folders of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { LabelInput } from '../../src/contract/label.ts';
import { type ArtifactId, artifactIdOf, type ManifestFile } from '../../src/lineage/manifest.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/index.ts';
import type { NewTrace } from '../../src/store/store.ts';

/** A wall clock that a test sets. */
export interface Clock {
  now: number;
}

export const START = Date.UTC(2026, 10, 17, 10);

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'underlabel-store-'));
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = newFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A store that is closed after the test; closing it earlier does no harm. */
export function opened(
  folder = temporaryFolder(),
  clock: Clock = { now: START },
): { store: SqliteStore; folder: string; clock: Clock } {
  const store = openSqliteStore(folder, () => clock.now);
  onTestFinished(() => store.close());
  return { store, folder, clock };
}

/** Properties ask what is stored, not whether it survives a power cut: without this they'd wait for the disk. */
export function unhurried(store: SqliteStore): SqliteStore {
  store.db.$client.pragma('synchronous = OFF');
  return store;
}

export const PUSHED: LabelInput = {
  source: { kind: 'push' },
  every: 30_000,
  clockSkew: 0,
  servingLag: 0,
};

/** A canonical Blob ID, one for each name. */
export function blob(name: string): string {
  return Buffer.alloc(32, name).toString('base64url');
}

/** The files of an artifact, told by the blobs it holds. */
export function files(...blobs: string[]): ManifestFile[] {
  return blobs.map((name, i) => ({ path: `part-${i}.onnx`, blobId: blob(name), size: null }));
}

export function artifact(...blobs: string[]): ArtifactId {
  return artifactIdOf(files(...blobs));
}

type Texts = 'input' | 'output' | 'attributes';
type Told = Partial<Omit<NewTrace, Texts>> &
  Partial<Record<Texts, string | null>> &
  Pick<NewTrace, 'id' | 'label'>;

/** As it comes in; its texts are told as strings. */
export function trace({ input, output, attributes, ...told }: Told): NewTrace {
  const bytes = (text: string | null | undefined) => (text == null ? null : Buffer.from(text));
  return {
    origin: null,
    startedAt: START,
    endedAt: START,
    decision: null,
    blobId: null,
    context: null,
    turn: null,
    inputHash: null,
    inputExact: false,
    outputHash: null,
    ...told,
    input: bytes(input),
    output: bytes(output),
    attributes: bytes(attributes),
  };
}
