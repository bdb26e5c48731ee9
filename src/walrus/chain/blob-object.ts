/** The object on Sui that stands for a blob: a Blob, or a SharedBlob around one. */
import { blobIdFromInt } from '@mysten/walrus';
import type { BlobId } from '../../lineage/manifest.ts';
import { ChainError, quotedShort } from './chain-error.ts';
import { attributesLayout, blobLayout, sharedBlobLayout } from './move-layout.ts';
import type { FoundObject } from './sui-object.ts';

export interface BlobObject {
  /** Of the object that was read. */
  objectId: string;
  /** Of the Blob itself: another one where it is in a SharedBlob. Its attributes hang on this one. */
  blobObjectId: string;
  blobId: BlobId;
  /** Unencoded, bytes. */
  size: number;
  registeredEpoch: number;
  certifiedEpoch: number | null;
  /** Exclusive. */
  endEpoch: number;
  deletable: boolean;
}

/** The types of one Walrus: others may look the same, and stand for nothing. */
export interface BlobTypes {
  blobType: string;
  sharedBlobType: string;
}

/** @throws ChainError `wrong-type` where it is no blob object of this Walrus, `bad-answer` where it can't be one */
export function decodeBlob(object: FoundObject, types: BlobTypes): BlobObject {
  const { objectId, type, content } = object;
  if (type !== types.blobType && type !== types.sharedBlobType) throw wrongType(object, types);
  try {
    const blob =
      type === types.blobType ? blobLayout.parse(content) : sharedBlobLayout.parse(content).blob;
    const size = Number(blob.size);
    if (!Number.isSafeInteger(size)) throw new RangeError(`a blob of ${blob.size} bytes`);
    return {
      objectId,
      blobObjectId: blob.id,
      blobId: blobIdFromInt(blob.blob_id),
      size,
      registeredEpoch: blob.registered_epoch,
      certifiedEpoch: blob.certified_epoch,
      endEpoch: blob.storage.end_epoch,
      deletable: blob.deletable,
    };
  } catch (cause) {
    throw unreadable(objectId, cause);
  }
}

/** Its owner may put 250 kB there, and change them at every moment; each change would be kept. */
const MOST_ATTRIBUTES = 100;
const MOST_ATTRIBUTE_CHARACTERS = 16 * 1024;

/**
 * All attributes, in their order.
 * @param object the dynamic field under `attributesId`
 * @throws ChainError `bad-answer`
 */
export function decodeAttributes({ objectId, type, content }: FoundObject): Record<string, string> {
  try {
    if (!type.endsWith('::metadata::Metadata>')) throw new TypeError(`a field of type ${type}`);
    const held = attributesLayout.parse(content).value;
    // Own properties whatever they are called: fromEntries sets no prototype.
    return Object.fromEntries(held.map(({ key, value }) => [key, value]));
  } catch (cause) {
    throw unreadable(objectId, cause);
  }
}

/** Null where there are more than are kept of a blob: a part of them would pass for all. */
export function keptAttributes(attributes: Record<string, string>): Record<string, string> | null {
  const texts = Object.entries(attributes).flat();
  const characters = texts.reduce((sum, { length }) => sum + length, 0);
  const isMuch = texts.length > 2 * MOST_ATTRIBUTES || characters > MOST_ATTRIBUTE_CHARACTERS;
  return isMuch ? null : attributes;
}

function wrongType({ objectId, type }: FoundObject, { blobType }: BlobTypes): ChainError {
  const pooled = type.endsWith('::PooledBlob')
    ? ' A blob in a storage pool ends with its pool; leave its object out to ask the storage nodes.'
    : '';
  return new ChainError('wrong-type', {
    happened: `${objectId} is a ${quotedShort(type)}, not a ${blobType}`,
    toDo: `Check the object id and the network.${pooled}`,
  });
}

function unreadable(objectId: string, cause: unknown): ChainError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ChainError(
    'bad-answer',
    {
      happened: `the content of ${objectId} could not be read: ${quotedShort(reason)}`,
      toDo: 'Look at the full node; a newer Walrus may need a newer release of this service.',
    },
    { cause },
  );
}
