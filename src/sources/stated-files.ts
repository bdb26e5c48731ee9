/** The files a source states, checked all or nothing: no file is dropped in silence. */
import { manifestFiles } from '../contract/manifest.ts';
import type { ManifestFile } from '../lineage/manifest.ts';
import { quoted } from './json.ts';
import type { Transcript } from './transcript.ts';

type Field = 'path' | 'blobId' | 'size';

export interface StatedFile extends Record<Field, unknown> {
  /** Where each stood in the answer, for error texts. */
  at: Record<Field, string>;
}

/** @throws SourceError `foreign-id` where an id is not a canonical Blob ID, else `bad-manifest` */
export function checkedFiles(
  stated: readonly StatedFile[],
  shown: string,
  transcript: Transcript,
): ManifestFile[] {
  const parsed = manifestFiles.safeParse(
    stated.map(({ path, blobId, size }) => ({ path, blobId, size })),
  );
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const file = stated[issue.path[0] as number];
  const field = issue.path[1] as Field | undefined;
  const where = file && field ? `${file.at[field]} (${quoted(file[field])})` : 'files';
  const code = field === 'blobId' && file?.blobId !== undefined ? 'foreign-id' : 'bad-manifest';
  throw transcript.failure(
    code,
    `${shown}: ${where}: ${issue.message}; so this reading says nothing about the label. Correct it at the source.`,
  );
}
