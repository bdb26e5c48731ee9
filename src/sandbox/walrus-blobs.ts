/**
 * Blobs on a stand-in Sui: what registering, certifying, extending, deleting and burning do to the
 * objects, and what the storage nodes then say. They differ where the real ones do: who burns the
 * object of a blob takes nothing away from the storage nodes.
 */
import { blobIdToInt } from '@mysten/walrus';
import type { BlobId } from '../lineage/manifest.ts';
import {
  ATTRIBUTES_NAME,
  attributesId,
  attributesLayout,
  blobCertifiedLayout,
  blobLayout,
  blobRegisteredLayout,
  sharedBlobLayout,
} from '../walrus/chain/move-layout.ts';
import type { SuiEvent, SuiLedger } from './sui-ledger.ts';

export interface Registration {
  blobId: BlobId;
  /** Unencoded, bytes. */
  size: number;
  deletable?: boolean;
  /** Exclusive. */
  endEpoch: number;
  /** Whether it is certified at once; true by default. */
  certified?: boolean;
  attributes?: Record<string, string>;
  /** In a SharedBlob, which anybody may extend. */
  shared?: boolean;
}

interface Held {
  blobId: BlobId;
  size: number;
  deletable: boolean;
  endEpoch: number;
  registeredEpoch: number;
  certifiedEpoch: number | null;
  /** Of the Blob itself. */
  blobObjectId: string;
  /** Of the object that can be read: the Blob, or the SharedBlob around it. */
  objectId: string;
  storageId: string;
  /** The transaction of the event that the storage nodes last heard. */
  transaction: string;
}

/** As a storage node says it (MystenLabs/walrus: crates/walrus-storage-node-client, api.rs). */
export type NodeStatus =
  | 'nonexistent'
  | { invalid: { event: { txDigest: string; eventSeq: string } } }
  | {
      permanent: {
        endEpoch: number;
        isCertified: boolean;
        statusEvent: { txDigest: string; eventSeq: string };
        deletableCounts: DeletableCounts;
        initialCertifiedEpoch: number | null;
      };
    }
  | { deletable: { initialCertifiedEpoch: number | null; deletableCounts: DeletableCounts } };

interface DeletableCounts {
  count_deletable_total: number;
  count_deletable_certified: number;
}

const RS2 = 1;

export class WalrusBlobs {
  readonly #ledger: SuiLedger;
  readonly #packageId: string;
  readonly #epoch: () => number;
  readonly #held = new Map<string, Held>();
  readonly #invalid = new Map<BlobId, string>();

  constructor(ledger: SuiLedger, packageId: string, epoch: () => number) {
    this.#ledger = ledger;
    this.#packageId = packageId;
    this.#epoch = epoch;
  }

  get blobType(): string {
    return `${this.#packageId}::blob::Blob`;
  }

  get sharedBlobType(): string {
    return `${this.#packageId}::shared_blob::SharedBlob`;
  }

  /** @returns the id of the object: a Blob, or a SharedBlob */
  register({ shared = false, certified = true, attributes, ...asked }: Registration): string {
    const blobObjectId = this.#ledger.newId();
    const held: Held = {
      ...asked,
      deletable: asked.deletable ?? false,
      registeredEpoch: this.#epoch(),
      certifiedEpoch: null,
      blobObjectId,
      objectId: shared ? this.#ledger.newId() : blobObjectId,
      storageId: this.#ledger.newId(),
      transaction: '',
    };
    held.transaction = this.#ledger.record([this.#registered(held)]);
    this.#held.set(held.objectId, held);
    this.#write(held);
    if (certified) this.certify(held.objectId);
    if (attributes) this.setAttributes(held.objectId, attributes);
    return held.objectId;
  }

  certify(objectId: string): void {
    const held = this.#holding(objectId);
    held.certifiedEpoch = this.#epoch();
    held.transaction = this.#ledger.record([this.#certified(held, false)]);
    this.#write(held);
  }

  extend(objectId: string, endEpoch: number): void {
    const held = this.#holding(objectId);
    held.endEpoch = endEpoch;
    held.transaction = this.#ledger.record([this.#certified(held, true)]);
    this.#write(held);
  }

  /** @param attributes null takes the dynamic field away: never the same as having none */
  setAttributes(objectId: string, attributes: Record<string, string> | null): void {
    const { blobObjectId } = this.#holding(objectId);
    const fieldId = attributesId(blobObjectId);
    if (attributes === null) {
      this.#ledger.remove(fieldId);
      return;
    }
    const contents = Object.entries(attributes).map(([key, value]) => ({ key, value }));
    const field = attributesLayout.serialize({
      id: fieldId,
      name: ATTRIBUTES_NAME,
      value: contents,
    });
    this.#ledger.put({
      objectId: fieldId,
      owner: { object: blobObjectId },
      type: `0x2::dynamic_field::Field<vector<u8>, ${this.#packageId}::metadata::Metadata>`,
      content: field.toBytes(),
      json: { id: fieldId, name: ATTRIBUTES_NAME.toString('base64'), value: { contents } },
    });
  }

  /** @throws Error where the blob isn't deletable: then Walrus refuses */
  delete(objectId: string): void {
    const held = this.#holding(objectId);
    if (!held.deletable) throw new Error(`${objectId} is not deletable`);
    this.#held.delete(objectId);
    this.#ledger.remove(objectId);
  }

  /** Destroys the object alone: no event tells of it, and the storage nodes keep the blob. */
  burn(objectId: string): void {
    this.#holding(objectId);
    this.#ledger.remove(objectId);
  }

  /** As though the storage nodes had proved that it is encoded wrongly. */
  invalidate(blobId: BlobId): void {
    this.#invalid.set(blobId, this.#ledger.record([]));
  }

  statusOf(blobId: BlobId): NodeStatus {
    const invalid = this.#invalid.get(blobId);
    if (invalid) return { invalid: { event: { txDigest: invalid, eventSeq: '0' } } };
    const lasting = [...this.#held.values()].filter(
      (held) => held.blobId === blobId && held.endEpoch > this.#epoch(),
    );
    const deletable = lasting.filter((held) => held.deletable);
    const deletableCounts = {
      count_deletable_total: deletable.length,
      count_deletable_certified: deletable.filter(isCertified).length,
    };
    const certifiedEpochs = lasting.filter(isCertified).map((held) => held.certifiedEpoch ?? 0);
    const initialCertifiedEpoch = certifiedEpochs.length ? Math.min(...certifiedEpochs) : null;
    const [longest] = lasting
      .filter((held) => !held.deletable)
      .sort((a, b) => +isCertified(b) - +isCertified(a) || b.endEpoch - a.endEpoch);
    if (longest) {
      const { endEpoch, transaction } = longest;
      const statusEvent = { txDigest: transaction, eventSeq: '0' };
      const isCertifiedNow = isCertified(longest);
      return {
        permanent: {
          endEpoch,
          isCertified: isCertifiedNow,
          statusEvent,
          deletableCounts,
          initialCertifiedEpoch,
        },
      };
    }
    if (deletable.length > 0) return { deletable: { initialCertifiedEpoch, deletableCounts } };
    return 'nonexistent';
  }

  #holding(objectId: string): Held {
    const held = this.#held.get(objectId);
    if (held) return held;
    throw new Error(`there is no blob object ${objectId}`);
  }

  #write(held: Held): void {
    const blob = {
      id: held.blobObjectId,
      registered_epoch: held.registeredEpoch,
      blob_id: `${blobIdToInt(held.blobId)}`,
      size: `${held.size}`,
      encoding_type: RS2,
      certified_epoch: held.certifiedEpoch,
      storage: {
        id: held.storageId,
        start_epoch: held.registeredEpoch,
        end_epoch: held.endEpoch,
        storage_size: `${held.size * 5}`,
      },
      deletable: held.deletable,
    };
    if (held.objectId === held.blobObjectId) {
      const content = blobLayout.serialize(blob).toBytes();
      this.#ledger.put({ objectId: held.objectId, type: this.blobType, content, json: blob });
      return;
    }
    const shared = { id: held.objectId, blob, funds: '0' };
    this.#ledger.put({
      objectId: held.objectId,
      type: this.sharedBlobType,
      content: sharedBlobLayout.serialize(shared).toBytes(),
      json: shared,
      owner: 'shared',
    });
  }

  #registered(held: Held): SuiEvent {
    const event = {
      epoch: held.registeredEpoch,
      blob_id: blobIdToInt(held.blobId),
      size: held.size,
      encoding_type: RS2,
      end_epoch: held.endEpoch,
      deletable: held.deletable,
      object_id: held.blobObjectId,
    };
    const content = blobRegisteredLayout.serialize(event).toBytes();
    return { type: `${this.#packageId}::events::BlobRegistered`, content };
  }

  #certified(held: Held, isExtension: boolean): SuiEvent {
    const event = {
      epoch: held.certifiedEpoch ?? this.#epoch(),
      blob_id: blobIdToInt(held.blobId),
      end_epoch: held.endEpoch,
      deletable: held.deletable,
      object_id: held.blobObjectId,
      is_extension: isExtension,
    };
    const content = blobCertifiedLayout.serialize(event).toBytes();
    return { type: `${this.#packageId}::events::BlobCertified`, content };
  }
}

function isCertified({ certifiedEpoch }: Held): boolean {
  return certifiedEpoch !== null;
}
