/** What is looked into, and under which name: the name's ending says what it claims to be. */
import type { BlobId, ManifestFile } from '../lineage/manifest.ts';

export interface InspectedFile {
  /** Path on this machine. It may hold only the beginning. */
  file: string;
  /** As the artifact names it. */
  name: string;
  /** Whole length in bytes. */
  size: number;
  signal: AbortSignal;
}

/** The first name a blob goes by; '' where no artifact holds it. */
export function nameToInspect(
  artifacts: readonly { files: readonly ManifestFile[] }[],
  blobId: BlobId,
): string {
  const files = artifacts.flatMap(({ files: all }) => all);
  return files.find((file) => file.blobId === blobId)?.path ?? '';
}
