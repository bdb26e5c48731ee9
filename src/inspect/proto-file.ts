/**
 * Protobuf in a file, field by field, without a schema and without loading what isn't asked for:
 * a field with a length is stepped over, however long it is.
 *
 * https://protobuf.dev/programming-guides/encoding/
 */
import { createHash } from 'node:crypto';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { FileWindow } from './file-window.ts';
import { InspectionError, malformed, tooMuch } from './inspection-error.ts';
import { cutText, keptText, START_BYTES } from './kept-text.ts';
import { MAX_DEPTH, MAX_NAME_BYTES, MAX_TEXT_BYTES } from './limits.ts';

const LONGEST_VARINT = 10;
const UTF8 = { fatal: true, ignoreBOM: true } as const;

/** Where a message stands. `end` is exclusive. */
export interface Message {
  start: number;
  end: number;
  depth: number;
}

export interface Field {
  number: number;
  wire: WireType;
  /** Of its value, without tag and length. */
  start: number;
  end: number;
  /** Of the message that it stands in. */
  depth: number;
}

export class ProtoFile {
  readonly window: FileWindow;
  #reader = new BinaryReader(new Uint8Array());
  #read: Buffer | null = null;
  #textBytes = 0;

  constructor(window: FileWindow) {
    this.window = window;
  }

  whole(): Message {
    return { start: 0, end: this.window.size, depth: 0 };
  }

  /** Calls `visit` with each field, in the order of the file; what stands in groups is passed over. */
  eachField({ start, end, depth }: Message, visit: (field: Field) => void): void {
    const groups: number[] = [];
    for (let at = start; at < end; ) {
      const field = this.#fieldAt(at, end, depth);
      at = field.end;
      if (field.wire === WireType.StartGroup) {
        if (depth + groups.push(field.number) > MAX_DEPTH) throw tooDeep();
      } else if (field.wire === WireType.EndGroup) {
        if (groups.pop() !== field.number) throw malformed('a group ends that did not begin');
      } else if (groups.length === 0) visit(field);
    }
    if (groups.length > 0) throw malformed('a group has no end');
  }

  /** @throws InspectionError where the field is no message, or too deep */
  message(field: Field): Message {
    expect(field, WireType.LengthDelimited);
    if (field.depth >= MAX_DEPTH) throw tooDeep();
    return { start: field.start, end: field.end, depth: field.depth + 1 };
  }

  /** A short text. */
  name(field: Field): string {
    expect(field, WireType.LengthDelimited);
    const bytes = field.end - field.start;
    if (bytes > MAX_NAME_BYTES) throw tooMuch(`it has a name of ${bytes} bytes`);
    this.#count(bytes);
    return decoded(this.#bytes(field.start, bytes));
  }

  /** A text of any length, see `keptText`. */
  text(field: Field): string {
    expect(field, WireType.LengthDelimited);
    const bytes = field.end - field.start;
    const start = this.#bytes(field.start, Math.min(bytes, START_BYTES));
    this.#count(start.byteLength);
    if (bytes <= START_BYTES) return keptText(decoded(start));
    // A character may be cut in two at the end of the start.
    const begun = new TextDecoder('utf-8', { ignoreBOM: true }).decode(start, { stream: true });
    const hash = createHash('sha256');
    this.window.eachPiece(field.start, field.end, (piece) => hash.update(piece));
    return cutText(begun, bytes, hash.digest('hex'));
  }

  /** A signed integer. @throws InspectionError where it isn't exact as a number */
  integer(field: Field): number {
    expect(field, WireType.Varint);
    return this.#integerAt(field.start).value;
  }

  /** Of a repeated field of integers: those that this occurrence holds, packed or not. */
  integers(field: Field, most: number): number[] {
    if (field.wire !== WireType.LengthDelimited) return [this.integer(field)];
    const found: number[] = [];
    for (let at = field.start; at < field.end; ) {
      if (found.length === most) throw tooMuch(`it has a list of more than ${most} numbers`);
      const { value, end } = this.#integerAt(at);
      if (end > field.end) throw malformed('a number goes past the end of its list');
      found.push(value);
      at = end;
    }
    return found;
  }

  #integerAt(at: number): { value: number; end: number } {
    const reader = this.#readerAt(at, LONGEST_VARINT);
    const begun = reader.pos;
    const value = Number(attempt(() => reader.int64()));
    if (!Number.isSafeInteger(value)) throw malformed('it has a number past 2^53');
    return { value, end: at + reader.pos - begun };
  }

  #fieldAt(at: number, end: number, depth: number): Field {
    const reader = this.#readerAt(at, 2 * LONGEST_VARINT);
    const base = at - reader.pos;
    const [number, wire] = attempt(() => reader.tag());
    let start = base + reader.pos;
    let after = start;
    if (wire === WireType.LengthDelimited) {
      const length = attempt(() => this.#lengthIn(reader));
      start = base + reader.pos;
      after = start + length;
    } else if (wire !== WireType.StartGroup && wire !== WireType.EndGroup) {
      attempt(() => reader.skip(wire));
      after = base + reader.pos;
      if (after - start > LONGEST_VARINT) throw malformed('a number has no end');
    }
    if (after > end) throw malformed('a field goes past the end of what it stands in');
    return { number, wire, start, end: after, depth };
  }

  #lengthIn(reader: BinaryReader): number {
    const start = reader.pos;
    const length = reader.uint32();
    const taken = reader.pos - start;
    // `uint32()` drops what is past 32 bits.
    if (taken > 5 || (taken === 5 && this.#read![reader.pos - 1]! > 0x0f)) {
      throw malformed('a length is past 32 bits');
    }
    return length;
  }

  #readerAt(at: number, least: number): BinaryReader {
    const { bytes, offset } = this.window.around(at, least);
    if (bytes !== this.#read) {
      this.#read = bytes;
      this.#reader = new BinaryReader(bytes);
    }
    this.#reader.pos = offset;
    return this.#reader;
  }

  #bytes(at: number, length: number): Buffer {
    return this.window.from(at, length);
  }

  #count(bytes: number): void {
    this.#textBytes += bytes;
    if (this.#textBytes > MAX_TEXT_BYTES) throw tooMuch('its names and texts are too long in all');
  }
}

/** @throws InspectionError where the field's value is of another kind */
export function expect(field: Field, wire: WireType): void {
  if (field.wire !== wire) throw malformed(`field ${field.number} is not of the kind it should be`);
}

function decoded(bytes: Buffer): string {
  return attempt(() => new TextDecoder('utf-8', UTF8).decode(bytes));
}

/** The reader throws plain errors at what is no protobuf. */
function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof InspectionError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw malformed(`it is not protobuf: ${reason}`, cause);
  }
}

function tooDeep(): InspectionError {
  return tooMuch(`it nests more than ${MAX_DEPTH} deep`);
}
