/**
 * How Walrus's Move structs lie in BCS (MystenLabs/walrus: contracts/walrus/sources/system/blob.move,
 * shared_blob.move, metadata.move, events.move). The SDK has the same and exports none of them.
 */
import { bcs } from '@mysten/sui/bcs';
import { deriveDynamicFieldID } from '@mysten/sui/utils';

export const blobLayout = bcs.struct('Blob', {
  id: bcs.Address,
  registered_epoch: bcs.u32(),
  blob_id: bcs.u256(),
  size: bcs.u64(),
  encoding_type: bcs.u8(),
  certified_epoch: bcs.option(bcs.u32()),
  storage: bcs.struct('Storage', {
    id: bcs.Address,
    start_epoch: bcs.u32(),
    end_epoch: bcs.u32(),
    storage_size: bcs.u64(),
  }),
  deletable: bcs.bool(),
});

export const sharedBlobLayout = bcs.struct('SharedBlob', {
  id: bcs.Address,
  blob: blobLayout,
  funds: bcs.u64(),
});

/** Attributes are the dynamic field `b"metadata"` of a Blob: a `Field<vector<u8>, Metadata>`. */
export const attributesLayout = bcs.struct('Field', {
  id: bcs.Address,
  name: bcs.byteVector(),
  value: bcs.vector(bcs.struct('Entry', { key: bcs.string(), value: bcs.string() })),
});

export const ATTRIBUTES_NAME = Buffer.from('metadata');

const attributesKey = bcs.byteVector().serialize(ATTRIBUTES_NAME).toBytes();

/** Where the attributes of a Blob stand, if it has any. @param blobObjectId of the Blob itself, not of a SharedBlob around it */
export function attributesId(blobObjectId: string): string {
  return deriveDynamicFieldID(blobObjectId, { vector: { u8: true } }, attributesKey);
}

export const blobRegisteredLayout = bcs.struct('BlobRegistered', {
  epoch: bcs.u32(),
  blob_id: bcs.u256(),
  size: bcs.u64(),
  encoding_type: bcs.u8(),
  end_epoch: bcs.u32(),
  deletable: bcs.bool(),
  object_id: bcs.Address,
});

export const blobCertifiedLayout = bcs.struct('BlobCertified', {
  epoch: bcs.u32(),
  blob_id: bcs.u256(),
  end_epoch: bcs.u32(),
  deletable: bcs.bool(),
  object_id: bcs.Address,
  is_extension: bcs.bool(),
});
