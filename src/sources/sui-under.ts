/** What one reading of a label's object finds under the label. */
import type { SourceSpec } from '../contract/label.ts';
import { moveType } from '../contract/move-type.ts';
import type { ManifestFile } from '../lineage/manifest.ts';
import { type BlobObject, decodeAttributes, decodeBlob } from '../walrus/chain/blob-object.ts';
import { ChainError } from '../walrus/chain/chain-error.ts';
import { attributesId } from '../walrus/chain/move-layout.ts';
import type { FoundObject } from '../walrus/chain/sui-object.ts';
import { isObject, quoted } from './json.ts';
import { checkedFiles, type StatedFile } from './stated-files.ts';
import { fieldId, isFieldNamed } from './sui-field.ts';
import { valueAt } from './sui-json.ts';
import type { SuiReader } from './sui-reader.ts';
import type { SuiReading } from './sui-reading.ts';
import { filesIn } from './sui-value.ts';

type SuiSpec = Extract<SourceSpec, { kind: 'sui-object' }>;

/** The path of a file that has none of its own. */
const PATH = 'blob';

export class Under {
  /** The object beside the label's own that was needed; null where none was. */
  second: string | null = null;
  readonly #spec: SuiSpec;
  readonly #sui: SuiReader;
  readonly #reading: SuiReading;
  readonly #signal: AbortSignal;

  constructor(spec: SuiSpec, sui: SuiReader, reading: SuiReading, signal: AbortSignal) {
    this.#spec = spec;
    this.#sui = sui;
    this.#reading = reading;
    this.#signal = signal;
  }

  /** Null: absent. */
  async files(): Promise<ManifestFile[] | null> {
    const { object: objectId, type, field, dynamicField, attribute } = this.#spec;
    const object = await this.#reading.find(objectId);
    if (object === null) return null;
    if (type !== undefined && moveType(object.type) !== type) {
      throw this.#failure(
        'wrong-type',
        objectId,
        `it is a ${quoted(object.type)}, not a ${type}`,
        "Check the object's id, and the label's type.",
      );
    }
    if (dynamicField) return this.#inDynamicField(object, dynamicField);
    if (field !== undefined) return this.#inJson(object, object.json, field);
    const blob = await this.#blob(object);
    if (attribute !== undefined) return this.#inAttribute(blob.blobObjectId, attribute);
    this.#sui.noteBlobObject?.(blob.blobId, objectId);
    return this.#one(object, blob.blobId, blob.size, 'blob_id');
  }

  async #blob(object: FoundObject): Promise<BlobObject> {
    const types = await this.#sui.blobTypes(this.#signal).catch(this.#rethrow);
    if (object.type !== types.blobType && object.type !== types.sharedBlobType) {
      throw this.#failure(
        'wrong-type',
        object.objectId,
        `it is a ${quoted(object.type)}, no Blob or SharedBlob of this network's Walrus`,
        'Check the id; for another object that holds a Blob ID, give its type and the field.',
      );
    }
    return this.#decoded(() => decodeBlob(object, types));
  }

  async #inAttribute(blobObjectId: string, key: string): Promise<ManifestFile[] | null> {
    this.second = attributesId(blobObjectId);
    const held = await this.#reading.find(this.second);
    if (held === null) return null;
    const attributes = this.#decoded(() => decodeAttributes(held));
    if (!Object.hasOwn(attributes, key)) return null;
    return this.#one(held, attributes[key], null, `attribute ${quoted(key)}`);
  }

  async #inDynamicField(
    object: FoundObject,
    name: NonNullable<SuiSpec['dynamicField']>,
  ): Promise<ManifestFile[] | null> {
    this.second = fieldId(this.#parentOf(object, name.in), name);
    const held = await this.#reading.find(this.second);
    if (held === null) return null;
    if (!isFieldNamed(name.type, held.type)) {
      throw this.#failure(
        'bad-answer',
        held.objectId,
        `it is a ${quoted(held.type)}, and by its id it is a dynamic field`,
        'Look at the full node.',
      );
    }
    const { field } = this.#spec;
    return this.#inJson(held, held.json, field === undefined ? 'value' : `value.${field}`);
  }

  /** Who has the dynamic field: the object itself, or a Table or Bag in it. */
  #parentOf({ objectId, json }: FoundObject, path: string | undefined): string {
    if (path === undefined) return objectId;
    const table = valueAt(json, path);
    const id = isObject(table) && Object.hasOwn(table, 'id') ? table.id : null;
    if (typeof id === 'string' && /^0x[0-9a-f]{64}$/.test(id)) return id;
    throw this.#failure(
      'unknown-shape',
      objectId,
      `${path} is ${quoted(table)}, not a Table or Bag with an id`,
      'Check dynamicField.in.',
    );
  }

  #inJson({ objectId }: FoundObject, json: unknown, path: string): ManifestFile[] {
    const value = valueAt(json, path);
    if (value === undefined) {
      const what =
        json === null ? 'the full node renders no JSON of it' : `it has no field ${path}`;
      throw this.#failure('unknown-shape', objectId, what, "Check the label's field.");
    }
    const stated = filesIn(value, path, this.#spec.path ?? PATH);
    if ('files' in stated) return this.#checked(stated.files, objectId);
    throw this.#failure(
      stated.empty ? 'no-files' : 'unknown-shape',
      objectId,
      stated.problem,
      stated.empty ? 'Put a Blob ID there.' : 'See docs/sources.md for the forms that are known.',
    );
  }

  /** One file, that has no path of its own. */
  #one({ objectId }: FoundObject, blobId: unknown, size: number | null, at: string) {
    const file = {
      path: this.#spec.path ?? PATH,
      blobId,
      size,
      at: { path: 'path', blobId: at, size: 'size' },
    };
    return this.#checked([file], objectId);
  }

  #checked(files: readonly StatedFile[], objectId: string): ManifestFile[] {
    return checkedFiles(files, `object ${objectId}`, this.#reading.transcript());
  }

  #decoded<T>(decode: () => T): T {
    try {
      return decode();
    } catch (error) {
      return this.#rethrow(error);
    }
  }

  #rethrow = (error: unknown): never => {
    throw error instanceof ChainError ? this.#reading.failed(error) : error;
  };

  #failure: SuiReading['failure'] = (...because) => this.#reading.failure(...because);
}
