/**
 * Protobuf off the wire, with every length held to that of what it stands in.
 *
 * https://protobuf.dev/programming-guides/encoding/
 */
import { isUtf8 } from 'node:buffer';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { KnownKeys } from './known-keys.ts';
import { OtlpError } from './otlp-error.ts';

const LONGEST_VARINT = 10;
const REPLACEMENT = '\ufffd';
/** From here on a TextDecoder takes less time than a Buffer, in the end a quarter of it. */
const LONG_TEXT = 200;
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** Its methods throw OtlpError not-protobuf where there is not what they read, or else `hasMore` does. */
export class WireReader {
  readonly #reader: BinaryReader;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #onMended: () => void;
  readonly #keys = new KnownKeys();

  /** @param onMended called for each text that was no UTF-8 */
  constructor(bytes: Uint8Array, onMended: () => void) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#reader = new BinaryReader(this.#bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#onMended = onMended;
  }

  get size(): number {
    return this.#bytes.length;
  }

  /** Whether a message that ends at `end` has a field more. What it read so far must lie in it. */
  hasMore(end: number): boolean {
    const { pos } = this.#reader;
    if (pos > end) throw malformed('a field goes past the end of what it stands in');
    return pos < end;
  }

  /** A field's number and wire type: `number << 3 | wire type`. */
  tag(): number {
    const reader = this.#reader;
    const byte = this.#bytes[reader.pos]!;
    // The numbers 1 to 15 take one byte, with all wire types that there are.
    if (byte < 0x80 && byte > 7 && (byte & 7) <= WireType.Bit32) {
      reader.pos++;
      return byte;
    }
    const [number, wire] = attempt(() => reader.tag());
    return ((number << 3) | wire) >>> 0;
  }

  /** Steps into a field with a length, that stands in what ends at `end`. @returns its own end */
  enter(end: number): number {
    const reader = this.#reader;
    const start = reader.pos;
    const byte = this.#bytes[start]!;
    let length = byte;
    if (byte < 0x80) reader.pos++;
    else {
      length = attempt(() => reader.uint32());
      const taken = reader.pos - start;
      // `uint32()` drops what is past 32 bits.
      if (taken > 5 || (taken === 5 && this.#bytes[reader.pos - 1]! > 0x0f)) {
        throw malformed('a length is past 32 bits');
      }
    }
    const own = reader.pos + length;
    if (own <= end) return own;
    throw malformed('a length goes past the end of what it stands in');
  }

  /** Steps over what is left of what ends at `end`. */
  leave(end: number): void {
    this.#reader.pos = end;
  }

  /** Steps over a field's value. */
  skip(tag: number, end: number): void {
    const reader = this.#reader;
    const wire = tag & 7;
    if (wire === WireType.LengthDelimited) this.leave(this.enter(end));
    else if (wire === WireType.Varint) this.#skipVarint();
    else if (wire === WireType.Bit64) reader.pos += 8;
    else if (wire === WireType.Bit32) reader.pos += 4;
    else attempt(() => reader.skip(wire, tag >>> 3));
  }

  /** What is no UTF-8 in it comes as U+FFFD. */
  text(end: number): string {
    const own = this.enter(end);
    const start = this.#reader.pos;
    this.#reader.pos = own;
    return this.#decoded(start, own);
  }

  /** A text that is likely to have come before. */
  key(end: number): string {
    const own = this.enter(end);
    const start = this.#reader.pos;
    this.#reader.pos = own;
    return this.#keys.at(this.#bytes, start, own, () => this.#decoded(start, own));
  }

  /** A copy: a view would keep the whole body in memory, and take it along between threads. */
  bytes(end: number): Uint8Array {
    const own = this.enter(end);
    const start = this.#reader.pos;
    this.#reader.pos = own;
    return new Uint8Array(this.#bytes.subarray(start, own));
  }

  /** As lower-case hex; null where it isn't of that length. '' where it is empty. */
  hex(end: number, length: number): string | null {
    const own = this.enter(end);
    const start = this.#reader.pos;
    this.#reader.pos = own;
    if (own === start) return '';
    return own - start === length ? this.#bytes.toString('hex', start, own) : null;
  }

  /** An unsigned integer of 8 bytes. */
  fixed64(): bigint {
    return this.#view.getBigUint64(this.#eight(), true);
  }

  double(): number {
    return this.#view.getFloat64(this.#eight(), true);
  }

  /** A signed integer; a bigint where it isn't exact as a number. */
  integer(): number | bigint {
    const reader = this.#reader;
    const { pos } = reader;
    for (let i = 0; i < 4; i++) if (this.#bytes[pos + i]! < 0x80) return reader.uint32();
    const value = BigInt(attempt(() => reader.int64()));
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  bool(): boolean {
    return attempt(() => this.#reader.bool());
  }

  #skipVarint(): void {
    const { pos } = this.#reader;
    let at = pos;
    while (this.#bytes[at++]! >= 0x80) {
      if (at - pos === LONGEST_VARINT) throw malformed('a number has no end');
    }
    this.#reader.pos = at;
  }

  #decoded(start: number, end: number): string {
    const text =
      end - start < LONG_TEXT
        ? this.#bytes.toString('utf8', start, end)
        : DECODER.decode(this.#bytes.subarray(start, end));
    if (text.includes(REPLACEMENT) && !isUtf8(this.#bytes.subarray(start, end))) this.#onMended();
    return text;
  }

  #eight(): number {
    const { pos } = this.#reader;
    if (pos + 8 > this.#bytes.length) throw malformed('it breaks off in a number');
    this.#reader.pos = pos + 8;
    return pos;
  }
}

/** The library throws plain errors at what is no protobuf. */
function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw malformed((cause as Error).message, cause);
  }
}

function malformed(problem: string, cause?: unknown): OtlpError {
  return new OtlpError('not-protobuf', `the body is not protobuf: ${problem}`, { cause });
}
