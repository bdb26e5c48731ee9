/** Reads blob objects with their attributes, in as few calls as they fit in. */
import {
  type BlobObject,
  type BlobTypes,
  decodeAttributes,
  decodeBlob,
  keptAttributes,
} from './blob-object.ts';
import { ChainError } from './chain-error.ts';
import { attributesId } from './move-layout.ts';
import { objectIdOf, type ReadObject } from './sui-object.ts';
import type { SuiObjects } from './sui-objects.ts';

export type BlobReading =
  /** `attributes` is {} where it has none, and null where it has more than are kept. */
  | { state: 'found'; blob: BlobObject; attributes: Record<string, string> | null }
  | { state: 'missing' }
  | { state: 'failed'; error: ChainError };

/**
 * @returns one result for each id, in their order
 * @throws the signal's reason where it is aborted
 */
export async function readBlobs(
  objectIds: readonly string[],
  types: BlobTypes,
  objects: SuiObjects,
  signal: AbortSignal,
): Promise<BlobReading[]> {
  // Most are plain Blobs, whose attributes stand where their own id says: all come in one go.
  const pairs = objectIds.map((text) => ({ text, fieldId: fieldIdOf(text) }));
  const first = await byId(
    pairs.flatMap(({ text, fieldId }) => (fieldId === null ? [text] : [text, fieldId])),
    objects,
    signal,
  );
  const blobs = objectIds.map((text) => decoded(first.get(text), types));
  const wrapped = blobs.flatMap((blob) =>
    'blobObjectId' in blob && blob.blobObjectId !== blob.objectId
      ? [attributesId(blob.blobObjectId)]
      : [],
  );
  const second = wrapped.length > 0 ? await byId(wrapped, objects, signal) : first;
  return blobs.map((blob): BlobReading => {
    if (!('blobObjectId' in blob)) return blob;
    const fieldId = attributesId(blob.blobObjectId);
    return withAttributes(blob, second.get(fieldId) ?? first.get(fieldId));
  });
}

function fieldIdOf(text: string): string | null {
  const objectId = objectIdOf(text);
  return objectId === null ? null : attributesId(objectId);
}

async function byId(
  texts: readonly string[],
  objects: SuiObjects,
  signal: AbortSignal,
): Promise<Map<string, ReadObject>> {
  const read = await objects.read(texts, signal);
  return new Map(read.flatMap((object, at) => [[texts[at] ?? '', object]]));
}

function decoded(object: ReadObject | undefined, types: BlobTypes): BlobObject | BlobReading {
  if (object?.state === 'failed') return object;
  if (object?.state !== 'found') return { state: 'missing' };
  return orFailed(() => decodeBlob(object, types));
}

function withAttributes(blob: BlobObject, field: ReadObject | undefined): BlobReading {
  if (field?.state === 'failed') return field;
  if (field?.state !== 'found') return { state: 'found', blob, attributes: {} };
  return orFailed(() => ({
    state: 'found',
    blob,
    attributes: keptAttributes(decodeAttributes(field)),
  }));
}

function orFailed<T>(decode: () => T): T | { state: 'failed'; error: ChainError } {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ChainError) return { state: 'failed', error };
    throw error;
  }
}
