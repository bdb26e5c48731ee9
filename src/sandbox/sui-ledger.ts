/**
 * What a stand-in Sui holds: objects of any Move type, and the events of transactions. As on the
 * real one, each change gives an object a new version and digest, and one that is gone stays gone.
 */
import { createHash, randomBytes } from 'node:crypto';
import { normalizeStructTag, normalizeSuiObjectId, toBase58 } from '@mysten/sui/utils';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type SuiOwner = { address: string } | { object: string } | 'shared' | 'immutable';

export interface SuiObject {
  objectId: string;
  version: bigint;
  digest: string;
  /** Move type, normalized. */
  type: string;
  /** BCS of the Move struct, its UID included. */
  content: Uint8Array;
  json: Json;
  owner: SuiOwner;
  previousTransaction: string;
}

export interface NewSuiObject {
  /** A new one where left out. */
  objectId?: string;
  type: string;
  content: Uint8Array;
  json?: Json;
  owner?: SuiOwner;
}

export interface SuiEvent {
  type: string;
  content: Uint8Array;
  json?: Json;
}

export interface SuiObjectRef {
  objectId: string;
  version: string;
  digest: string;
}

const SOMEBODY: SuiOwner = { address: normalizeSuiObjectId('0xa11ce') };

export class SuiLedger {
  readonly #objects = new Map<string, SuiObject>();
  readonly #events = new Map<string, readonly SuiEvent[]>();
  #version = 0n;

  newId(): string {
    return `0x${randomBytes(32).toString('hex')}`;
  }

  /** Creates an object, or replaces the one under this id. */
  put({ objectId = this.newId(), type, content, json = null, owner = SOMEBODY }: NewSuiObject) {
    return this.#write({
      objectId: normalizeSuiObjectId(objectId),
      type: normalizeStructTag(type),
      content,
      json,
      owner,
      previousTransaction: this.record([]),
    });
  }

  /** @throws Error where there is no such object */
  update(
    objectId: string,
    changes: Partial<Pick<SuiObject, 'type' | 'content' | 'json' | 'owner'>>,
  ) {
    const before = this.get(objectId);
    if (!before) throw new Error(`there is no object ${objectId} to change`);
    return this.#write({ ...before, ...changes, previousTransaction: this.record([]) });
  }

  /** Deletes it; the objects it owns (dynamic fields) stay, as on the real one, out of reach of Move. */
  remove(objectId: string): void {
    this.#objects.delete(normalizeSuiObjectId(objectId));
  }

  get(objectId: string): SuiObject | undefined {
    return this.#objects.get(normalizeSuiObjectId(objectId));
  }

  ownedBy(parentId: string): SuiObject[] {
    const parent = normalizeSuiObjectId(parentId);
    return [...this.#objects.values()].filter(
      ({ owner }) => typeof owner === 'object' && 'object' in owner && owner.object === parent,
    );
  }

  /** Keeps a transaction's events. @returns its digest */
  record(events: readonly SuiEvent[]): string {
    const digest = toBase58(randomBytes(32));
    this.#events.set(digest, events);
    return digest;
  }

  /** Undefined where there is no such transaction. */
  eventsOf(transactionDigest: string): readonly SuiEvent[] | undefined {
    return this.#events.get(transactionDigest);
  }

  #write(object: Omit<SuiObject, 'version' | 'digest'>): SuiObjectRef {
    this.#version++;
    const { objectId, type, content } = object;
    const hash = createHash('sha256').update(`${objectId}\n${this.#version}\n${type}\n`);
    const written = {
      ...object,
      version: this.#version,
      digest: toBase58(hash.update(content).digest()),
    };
    this.#objects.set(objectId, written);
    return { objectId, version: `${written.version}`, digest: written.digest };
  }
}
