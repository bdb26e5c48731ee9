/** The files of two artifacts, matched by path, and what is left of them by blob. */
import { type BlobId, inOrder, type ManifestFile } from '../lineage/manifest.ts';

export interface Matched {
  /** Same path, same blob. */
  unchanged: ManifestFile[];
  /** Same path, another blob. */
  changed: { path: string; before: ManifestFile; after: ManifestFile }[];
  /** Same blob, a path that only one side has. */
  renamed: { before: ManifestFile; after: ManifestFile }[];
  added: ManifestFile[];
  removed: ManifestFile[];
}

/** Each list in order of (the earlier) path. @param before paths are unique, as in `after` */
export function matchFiles(
  before: readonly ManifestFile[],
  after: readonly ManifestFile[],
): Matched {
  const [earlier, later] = [byPath(before), byPath(after)];
  const unchanged: ManifestFile[] = [];
  const changed: Matched['changed'] = [];
  for (const file of inOrder(before)) {
    const other = later.get(file.path);
    if (other?.blobId === file.blobId) unchanged.push(file);
    else if (other) changed.push({ path: file.path, before: file, after: other });
  }
  const gone = inOrder(before).filter(({ path }) => !later.has(path));
  const come = inOrder(after).filter(({ path }) => !earlier.has(path));
  const renamed = pairsByBlob(gone, come);
  const paired = new Set(renamed.flatMap((pair) => [pair.before, pair.after]));
  return {
    unchanged,
    changed,
    renamed,
    removed: gone.filter((file) => !paired.has(file)),
    added: come.filter((file) => !paired.has(file)),
  };
}

/** Where one blob has several paths on a side, they pair in order; those too many stay without a pair. */
function pairsByBlob(gone: readonly ManifestFile[], come: readonly ManifestFile[]) {
  const waiting = Map.groupBy(come, ({ blobId }): BlobId => blobId);
  return gone.flatMap((before) => {
    const after = waiting.get(before.blobId)?.shift();
    return after ? [{ before, after }] : [];
  });
}

function byPath(files: readonly ManifestFile[]): Map<string, ManifestFile> {
  return new Map(files.map((file) => [file.path, file]));
}
