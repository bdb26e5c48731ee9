/**
 * safetensors: 8 bytes with the length of a header, the header (JSON: each tensor's type, shape and
 * place), then the values of the tensors without a gap. The header says all there is to say, so the
 * first bytes of a file are enough.
 *
 * https://huggingface.co/docs/safetensors
 */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { HeaderText } from './header-text.ts';
import type { SafetensorsInspection, TensorShape } from './inspection.ts';
import { InspectionError, malformed, quoted, tooMuch } from './inspection-error.ts';
import { keptText } from './kept-text.ts';
import {
  FORMAT_HEADER_BYTES,
  MAX_HEADER_BYTES,
  MAX_METADATA,
  MAX_NAME_BYTES,
  MAX_RANK,
  MAX_TENSORS,
} from './limits.ts';

/** Bytes of the length in front of the header. */
export const LENGTH_BYTES = 8;

/** Bits of one number. */
const BITS: ReadonlyMap<string, bigint> = new Map(
  Object.entries({
    F4: 4n,
    F6_E2M3: 6n,
    F6_E3M2: 6n,
    ...{ BOOL: 8n, U8: 8n, I8: 8n },
    ...{ F8_E5M2: 8n, F8_E4M3: 8n, F8_E8M0: 8n, F8_E4M3FNUZ: 8n, F8_E5M2FNUZ: 8n },
    ...{ I16: 16n, U16: 16n, F16: 16n, BF16: 16n },
    ...{ I32: 32n, U32: 32n, F32: 32n },
    ...{ I64: 64n, U64: 64n, F64: 64n, C64: 64n },
  }),
);

interface PlacedTensor extends TensorShape {
  name: string;
  numbers: bigint;
  /** In bytes from the end of the header; `to` is exclusive. */
  from: bigint;
  to: bigint;
}

/**
 * Where the header ends: how many bytes of the file `readSafetensors` needs.
 * @param start the file's first 8 bytes, or more
 * @param size of the whole file in bytes
 * @throws InspectionError
 */
export function headerEnd(start: Uint8Array, size: number): number {
  if (size < LENGTH_BYTES || start.byteLength < LENGTH_BYTES) {
    throw malformed(`${Math.min(size, start.byteLength)} bytes are too few for a header's length`);
  }
  const length = Buffer.from(start.buffer, start.byteOffset, LENGTH_BYTES).readBigUInt64LE();
  if (length > BigInt(size - LENGTH_BYTES)) {
    throw malformed(`its header says it is ${length} bytes long, in a file of ${size}`);
  }
  if (length > FORMAT_HEADER_BYTES) {
    throw malformed(
      `its header is ${length} bytes long; the format ends at ${FORMAT_HEADER_BYTES}`,
    );
  }
  if (length > MAX_HEADER_BYTES) {
    throw tooMuch(`its header is ${length} bytes long; ${MAX_HEADER_BYTES} are looked at here`);
  }
  return LENGTH_BYTES + Number(length);
}

/**
 * @param prefix the file's first bytes: `headerEnd` of them, or more
 * @param size of the whole file in bytes
 * @throws InspectionError
 */
export function readSafetensors(prefix: Uint8Array, size: number): SafetensorsInspection {
  const end = headerEnd(prefix, size);
  if (prefix.byteLength < end) {
    throw tooMuch(`its header ends after ${end} bytes, and only ${prefix.byteLength} are here`);
  }
  const header = prefix.subarray(LENGTH_BYTES, end);
  const { tensors, metadata } = membersOf(header);
  checkPlaces(tensors, BigInt(size - end));
  return {
    format: 'safetensors',
    tensors: Object.fromEntries(
      tensors.map(({ name, dtype, shape }): [string, TensorShape] => [name, { dtype, shape }]),
    ),
    parameters: Number(tensors.reduce((sum, { numbers }) => sum + numbers, 0n)),
    metadata: Object.fromEntries(metadata),
    structure: createHash('sha256').update(header).digest('hex'),
  };
}

function membersOf(header: Uint8Array): { tensors: PlacedTensor[]; metadata: [string, string][] } {
  // Mended text could give two different names one spelling.
  if (!isUtf8(header)) throw malformed('its header is not UTF-8');
  if (header[0] !== 0x7b) throw malformed("its header doesn't begin with '{'");
  const text = new HeaderText(Buffer.from(header).toString('utf8'));
  const tensors: PlacedTensor[] = [];
  let metadata: [string, string][] = [];
  text.eachMember('its header', (key) => {
    if (key === '__metadata__') metadata = metadataIn(text);
    else if (tensors.length === MAX_TENSORS)
      throw tooMuch(`it has more than ${MAX_TENSORS} tensors`);
    else tensors.push(tensorIn(text, key));
  });
  text.end('its header');
  return { tensors, metadata };
}

function metadataIn(text: HeaderText): [string, string][] {
  const found: [string, string][] = [];
  if (text.tryNull()) return found;
  text.eachMember('its __metadata__', (key) => {
    if (found.length === MAX_METADATA) throw tooMuch(`it has more than ${MAX_METADATA} metadata`);
    checkLength(key, 'a key of its __metadata__');
    found.push([key, keptText(text.string('a value of its __metadata__'))]);
  });
  return found;
}

function tensorIn(text: HeaderText, name: string): PlacedTensor {
  checkLength(name, 'the name of a tensor');
  const what = `the tensor ${quoted(name)}`;
  let dtype: string | undefined;
  let dims: bigint[] | undefined;
  let places: bigint[] | undefined;
  text.eachMember(what, (key) => {
    if (key === 'dtype') dtype = text.string(`the dtype of ${what}`, MAX_NAME_BYTES);
    else if (key === 'shape') dims = text.integers(`the shape of ${what}`, MAX_RANK);
    else if (key === 'data_offsets') places = text.integers(`the data_offsets of ${what}`, 2);
    else throw malformed(`${what} has a field ${quoted(key)}, which the format doesn't know`);
  });
  if (dtype === undefined || dims === undefined || places?.length !== 2) {
    throw malformed(`${what} lacks its dtype, its shape or its two data_offsets`);
  }
  const bits = BITS.get(dtype);
  if (bits === undefined) throw malformed(`${what} is of a dtype unknown here: ${quoted(dtype)}`);
  return { ...placed(what, dims, bits, places as [bigint, bigint]), name, dtype };
}

/** @throws InspectionError where the place isn't as long as shape and type make it */
function placed(what: string, dims: bigint[], bits: bigint, [from, to]: [bigint, bigint]) {
  const numbers = dims.reduce((product, dim) => product * dim, 1n);
  if (to < from) throw malformed(`${what} ends before it begins`);
  if (numbers * bits !== (to - from) * 8n) {
    throw malformed(`${what} has ${to - from} bytes, which its shape and dtype don't fill exactly`);
  }
  const shape = dims.map(Number);
  if (!shape.every(Number.isSafeInteger)) throw tooMuch(`${what} has a dimension past 2^53`);
  return { shape, numbers, from, to };
}

/** Each tensor begins where the one before ends, and the last one ends with the file. */
function checkPlaces(tensors: readonly PlacedTensor[], bytes: bigint): void {
  const inOrder = [...tensors].sort((a, b) => Number(a.from - b.from) || Number(a.to - b.to));
  let at = 0n;
  for (const { name, from, to } of inOrder) {
    if (from !== at) {
      const what = from > at ? 'a hole before' : 'an overlap with';
      throw malformed(`there is ${what} the tensor ${quoted(name)}`);
    }
    at = to;
  }
  if (at !== bytes) throw malformed(`its tensors end after ${at} bytes of ${bytes}`);
}

function checkLength(name: string, what: string): void {
  const bytes = Buffer.byteLength(name);
  if (bytes <= MAX_NAME_BYTES) return;
  throw new InspectionError('too-much', `${what} is ${bytes} bytes long`);
}
