/**
 * Which files a value in an object's JSON states. The shapes that are understood are few and told
 * apart by their form alone; every other one is refused.
 *
 * - one Blob ID: its 43 characters, a u256 (a decimal text), or 32 bytes (base64, or 32 numbers)
 * - a list of Blob IDs
 * - a `VecMap`, a list of `{key, value}`, or an object: from paths to Blob IDs
 * - a list of objects with `path`, `blob_id` and perhaps `size`
 */
import { canonicalBlobId } from '../walrus/blob-id.ts';
import { isObject, type JsonObject, quoted } from './json.ts';
import type { StatedFile } from './stated-files.ts';

/** The files, or what is wrong with the value; `empty` where it is understood and holds none. */
export type Stated = { files: StatedFile[] } | { problem: string; empty: boolean };

/** @param at where the value stands @param path of a Blob ID that has none of its own; in a list a number follows it */
export function filesIn(value: unknown, at: string, path: string): Stated {
  const one = blobIdIn(value);
  if (one !== null) return { files: [file(path, one, at)] };
  if (Array.isArray(value)) return filesInList(value, at, path);
  if (!isObject(value)) return unknown(`${at} is ${quoted(value)}, not a Blob ID or several`);
  const { contents } = value;
  // A VecMap, as full nodes render it.
  if (Array.isArray(contents) && Object.keys(value).length === 1) {
    return contents.length === 0 ? none(`${at} is empty`) : each(contents, `${at}.contents`, entry);
  }
  if (Object.hasOwn(value, 'blob_id')) {
    return unknown(`${at} is an object that has a blob_id; give ${at}.blob_id as the field`);
  }
  const members = Object.entries(value);
  if (members.length === 0) return none(`${at} is empty`);
  return each(
    members,
    at,
    ([key, inner], where) => {
      const blobId = blobIdIn(inner);
      return blobId === null ? null : file(key, blobId, `${where}.${key}`);
    },
    () => at,
  );
}

function filesInList(list: readonly unknown[], at: string, path: string): Stated {
  if (list.length === 0) return none(`${at} is empty`);
  const [first] = list;
  if (!isObject(first)) {
    return each(list, at, (item, where, index) => {
      const blobId = blobIdIn(item);
      return blobId === null ? null : file(`${path}/${index}`, blobId, where);
    });
  }
  return each(list, at, Object.hasOwn(first, 'key') ? entry : struct);
}

/** Each of them as a file; null is one that is none. */
function each<Item>(
  items: readonly Item[],
  at: string,
  fileIn: (item: Item, where: string, index: number) => StatedFile | null,
  whereIs = (index: number) => `${at}[${index}]`,
): Stated {
  const files: StatedFile[] = [];
  for (const [index, item] of items.entries()) {
    const where = whereIs(index);
    const stated = fileIn(item, where, index);
    if (stated === null) return unknown(`${where} is ${quoted(item)}, which is no known form`);
    files.push(stated);
  }
  return { files };
}

/** `{key, value}`: a path and its Blob ID. */
function entry(item: unknown, where: string): StatedFile | null {
  if (!isObject(item) || Object.keys(item).sort().join() !== 'key,value') return null;
  const blobId = blobIdIn(item.value);
  if (typeof item.key !== 'string' || blobId === null) return null;
  const at = { path: `${where}.key`, blobId: `${where}.value`, size: where };
  return { path: item.key, blobId, size: null, at };
}

/** `{path, blob_id, size?}`; what else it holds is its own business. */
function struct(item: unknown, where: string): StatedFile | null {
  if (!isObject(item) || !Object.hasOwn(item, 'path')) return null;
  const blobId = Object.hasOwn(item, 'blob_id') ? blobIdIn(item.blob_id) : null;
  if (typeof item.path !== 'string' || blobId === null) return null;
  const at = { path: `${where}.path`, blobId: `${where}.blob_id`, size: `${where}.size` };
  return { path: item.path, blobId, size: sizeIn(item), at };
}

/** A u64 is a decimal text. What is no size stays what it is, and is refused as one. */
function sizeIn(item: JsonObject): unknown {
  if (!Object.hasOwn(item, 'size')) return null;
  const { size } = item;
  return typeof size === 'string' && /^(0|[1-9]\d{0,15})$/.test(size) ? Number(size) : size;
}

function file(path: string, blobId: string, at: string): StatedFile {
  return { path, blobId, size: null, at: { path: `the path of ${at}`, blobId: at, size: at } };
}

/** A text that is no Blob ID in its canonical form stays what it is, and is refused as one. Null: not the form of one at all. */
function blobIdIn(value: unknown): string | null {
  if (typeof value === 'string') return fromU256(value) ?? fromBase64(value) ?? value;
  const isBytes =
    Array.isArray(value) && value.length === 32 && value.every((item) => isByte(item));
  return isBytes ? Buffer.from(value as number[]).toString('base64url') : null;
}

function isByte(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 256;
}

/** The hash that a Blob ID is has no less than 44 digits, but for one in 10³⁴. */
function fromU256(text: string): string | null {
  return /^[1-9]\d{43,77}$/.test(text) ? canonicalBlobId(text) : null;
}

/** 32 bytes in the standard alphabet, padded: how full nodes write a vector<u8>. */
function fromBase64(text: string): string | null {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes.toString('base64url') : null;
}

function unknown(problem: string): Stated {
  return { problem, empty: false };
}

function none(problem: string): Stated {
  return { problem, empty: true };
}
