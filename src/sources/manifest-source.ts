/**
 * A manifest: a JSON document that says `{files: [{path, blobId, size?}, …]}` or `{absent: true}`.
 * Its other keys are its own business.
 */
import type { SourceSpec } from '../contract/label.ts';
import { shownUrl } from '../fetch/address.ts';
import type { ManifestFile } from '../lineage/manifest.ts';
import { readAllowedFile } from './allowed-file.ts';
import { Inquiry } from './inquiry.ts';
import { isObject, type JsonObject, parseJson } from './json.ts';
import type { Means } from './means.ts';
import type { Source } from './source.ts';
import { checkedFiles, type StatedFile } from './stated-files.ts';
import type { Transcript } from './transcript.ts';

type ManifestSpec = Extract<SourceSpec, { kind: 'manifest' }>;

export function manifestSource(spec: ManifestSpec, means: Means): Source {
  const { fetcher, allowFiles, lastReadings } = means;
  const url = new URL(spec.url);
  const shown = shownUrl(url);
  const owner = {};
  return {
    host: url.host || url.protocol,
    async read(signal) {
      const inquiry = new Inquiry({ fetcher, lastReadings, owner, signal });
      const understand = (body: Buffer) => filesIn(body, shown, inquiry.transcript);
      if (url.protocol !== 'file:') return inquiry.answer(await inquiry.ask(url, understand));
      signal.throwIfAborted();
      const body = await readAllowedFile(url, allowFiles);
      return inquiry.answer(inquiry.hear(url, body, understand));
    },
  };
}

/** Null: absent. */
function filesIn(body: Buffer, shown: string, transcript: Transcript): ManifestFile[] | null {
  const stated = statedIn(parseJson(body, shown, transcript), shown, transcript);
  return stated && checkedFiles(stated, shown, transcript);
}

/** Null: absent. */
function statedIn(manifest: unknown, shown: string, transcript: Transcript): StatedFile[] | null {
  const expected = 'expected {"files": [{"path", "blobId"}, …]} or {"absent": true}';
  const fail = (code: 'unknown-shape' | 'bad-manifest' | 'no-files', what: string) =>
    transcript.failure(
      code,
      `${shown}: ${what}; so this reading says nothing about the label. Correct it at the source.`,
    );
  if (!isObject(manifest)) throw fail('unknown-shape', expected);
  const { files, absent } = manifest;
  if (absent === true && files !== undefined) {
    throw fail('bad-manifest', 'it states files and says {"absent": true} at once');
  }
  if (absent === true) return null;
  if (!Array.isArray(files)) throw fail('unknown-shape', expected);
  if (files.length === 0) {
    throw fail(
      'no-files',
      'files is empty; where nothing is under the label, {"absent": true} says so',
    );
  }
  return files.map((file: unknown, index) => {
    if (!isObject(file)) throw fail('bad-manifest', `files[${index}] is not an object`);
    return statedFile(file, index);
  });
}

function statedFile({ path, blobId, size }: JsonObject, index: number): StatedFile {
  const at = (field: string) => `files[${index}].${field}`;
  return { path, blobId, size, at: { path: at('path'), blobId: at('blobId'), size: at('size') } };
}
