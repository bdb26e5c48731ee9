/** One file of a release, as the Model Hub lists it. Its keys are not established, so every known one is read. */
import { isBlobId } from '../walrus/blob-id.ts';
import type { JsonObject } from './json.ts';
import type { StatedFile } from './stated-files.ts';

const NAME_KEYS = ['name', 'filename', 'path'] as const;
const ID_KEYS = ['ipfsCid', 'blobId', 'blob_id', 'cid', 'modelCid'] as const;

/** The name a file goes by; null where none is known. */
export function hubFileName(item: JsonObject): string | null {
  const key = nameKeyOf(item);
  return key === undefined ? null : (item[key] as string);
}

function nameKeyOf(item: JsonObject): string | undefined {
  return NAME_KEYS.find((key) => typeof item[key] === 'string');
}

/** @param item one that has a name; @param at where it stands in the answer. A string says what is not understood. */
export function hubFile(item: JsonObject, at: string): StatedFile | string {
  const nameKey = nameKeyOf(item)!;
  const ids = ID_KEYS.filter((key) => key in item);
  if (ids.length === 0) return `${at} has no id under ${ID_KEYS.join(', ')}`;
  const holding = ids.filter((key) => typeof item[key] === 'string' && isBlobId(item[key]));
  if (new Set(holding.map((key) => item[key])).size > 1) {
    return `${at} has different Blob IDs under ${holding.join(', ')}`;
  }
  // A legacy CID beside a Blob ID is no other claim. An id that is there but empty is foreign.
  const idKey = holding[0] ?? ids.find((key) => item[key]) ?? ids[0]!;
  return {
    path: item[nameKey],
    blobId: item[idKey],
    size: sizeOf(item.size),
    at: { path: `${at}.${nameKey}`, blobId: `${at}.${idKey}`, size: `${at}.size` },
  };
}

/** Never part of the artifact's identity: one that makes no sense is left out. */
function sizeOf(size: unknown): number | null {
  return Number.isSafeInteger(size) && (size as number) >= 0 ? (size as number) : null;
}
