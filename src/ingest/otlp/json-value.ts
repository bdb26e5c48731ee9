/**
 * What stands in OTLP/JSON under a name: texts, numbers, AnyValue. Names that are not known are
 * passed over, and null is as good as nothing, as ProtoJSON has it.
 *
 * https://github.com/open-telemetry/opentelemetry-proto/blob/v1.11.0/docs/specification.md#json-protobuf-encoding
 */
import { newAttributes } from './attributes.ts';
import type { Intake } from './intake.ts';
import { doubleIn, InexactNumber, integerIn, isInexact } from './json-number.ts';
import { MAX_ATTRIBUTES, MAX_VALUE_DEPTH } from './limits.ts';
import { OtlpError } from './otlp-error.ts';
import type { AnyValue, Attributes } from './span.ts';

export type JsonObject = { [key: string]: unknown };

const NONE: readonly unknown[] = [];
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads values; what is not as it should be is reported to the intake, and something harmless given. */
export class JsonValues {
  readonly #intake: Intake;
  /** Whether integers past 2^53 came as bigints. */
  readonly #exact: boolean;

  constructor(intake: Intake, exact: boolean) {
    this.#intake = intake;
    this.#exact = exact;
  }

  text(value: unknown, name: string): string {
    if (typeof value === 'string') return this.#mended(value);
    return this.#none(value, '', `${name} is not a text`);
  }

  list(value: unknown, name: string): readonly unknown[] {
    if (Array.isArray(value)) return value;
    return this.#none(value, NONE, `${name} is not a list`);
  }

  object(value: unknown, name: string): JsonObject | null {
    return isObject(value) ? value : this.#none(value, null, `${name} is not an object`);
  }

  /** Lower-case hex; '' where there is none. */
  hex(value: unknown, name: string, digits: number): string {
    if (typeof value !== 'string') return this.#none(value, '', `${name} is not a text`);
    if (value === '') return '';
    if (value.length === digits && /^[0-9a-f]+$/i.test(value)) return value.toLowerCase();
    return this.#none(value, '', `${name} is not ${digits} digits of hex`);
  }

  /** ns since 1970; 0 where there is none. */
  time(value: unknown, name: string): bigint {
    const time = typeof value === 'string' ? integerIn(value) : this.#integer(value);
    if (time !== undefined && time >= 0n && time <= UINT64_MAX) return time;
    return this.#none(value, 0n, `${name} is not a number of ns since 1970 in 64 bits`);
  }

  /** An enum's number; 0 stands for one that isn't known yet. */
  choice(value: unknown, name: string, last: number): number {
    if (typeof value === 'number' && Number.isInteger(value)) {
      return value >= 0 && value <= last ? value + 0 : 0;
    }
    if (typeof value === 'bigint') return 0;
    return this.#none(value, 0, `${name} is not an integer, as which OTLP/JSON writes enums`);
  }

  /** A list of KeyValue. Of a key that comes several times the first counts. */
  attributes(value: unknown): Attributes {
    const list = this.list(value, 'attributes');
    if (list.length <= MAX_ATTRIBUTES) return this.#keyValues(list, 1);
    this.#intake.report(`it has more than ${MAX_ATTRIBUTES} attributes in one place`);
    return newAttributes();
  }

  #keyValues(list: readonly unknown[], depth: number): Attributes {
    const into = newAttributes();
    for (const item of list) {
      this.#intake.countPart();
      if (!isObject(item)) this.#intake.report('an attribute is not an object');
      else {
        const key = this.text(item.key, 'the key of an attribute');
        const value = this.#value(item.value, depth);
        if (!(key in into)) into[key] = value;
      }
    }
    return into;
  }

  /** AnyValue. */
  #value(value: unknown, depth: number): AnyValue {
    if (depth > MAX_VALUE_DEPTH) {
      const problem = `an attribute's value nests more than ${MAX_VALUE_DEPTH} deep`;
      throw new OtlpError('too-deep', problem);
    }
    if (!isObject(value)) return this.#none(value, null, 'a value is not an object');
    if (value.stringValue != null) return this.text(value.stringValue, 'stringValue');
    if (value.intValue != null) return this.#int(value.intValue);
    if (value.boolValue != null) return this.#bool(value.boolValue);
    if (value.doubleValue != null) return this.#double(value.doubleValue);
    if (value.arrayValue != null) return this.#array(value.arrayValue, depth + 1);
    if (value.kvlistValue != null) {
      const map = this.object(value.kvlistValue, 'kvlistValue');
      return this.#keyValues(this.list(map?.values, 'values'), depth + 1);
    }
    return value.bytesValue != null ? this.#bytes(value.bytesValue) : null;
  }

  #array(value: unknown, depth: number): AnyValue[] {
    const list = this.list(this.object(value, 'arrayValue')?.values, 'values');
    return list.map((item) => {
      this.#intake.countPart();
      return this.#value(item, depth);
    });
  }

  #int(value: unknown): number | bigint | null {
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value + 0;
    const integer = typeof value === 'string' ? integerIn(value) : this.#integer(value);
    if (integer !== undefined && integer >= INT64_MIN && integer <= INT64_MAX) {
      const number = Number(integer);
      return Number.isSafeInteger(number) ? number : integer;
    }
    // The JavaScript SDK writes every double without a fraction, 1e300 too, as an intValue.
    if (integer !== undefined && typeof value !== 'string') return Number(value);
    return this.#none(value, null, 'an intValue is not an integer of 64 bits');
  }

  #bool(value: unknown): boolean | null {
    return typeof value === 'boolean'
      ? value
      : this.#none(value, null, 'a boolValue is not a boolean');
  }

  #double(value: unknown): number | null {
    // `JSON.parse` gives Infinity for 1e999 only, which is past what a double can be.
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (typeof value === 'bigint') return Number(value);
    const double = typeof value === 'string' ? doubleIn(value) : undefined;
    return double ?? this.#none(value, null, 'a doubleValue is not a double');
  }

  #bytes(value: unknown): Uint8Array | null {
    if (typeof value !== 'string' || !BASE64.test(value)) {
      return this.#none(value, null, 'a bytesValue is not base64');
    }
    // A copy where it is short: those share a buffer with others.
    const bytes = Buffer.from(value, 'base64');
    const isAlone = bytes.buffer.byteLength === bytes.length;
    return isAlone ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes);
  }

  /** An integer from a JSON number. */
  #integer(value: unknown): bigint | undefined {
    if (typeof value === 'bigint') return value;
    if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
    if (!this.#exact && isInexact(value)) throw new InexactNumber();
    return BigInt(value);
  }

  #mended(text: string): string {
    if (text.isWellFormed()) return text;
    this.#intake.countMended();
    return text.toWellFormed();
  }

  #none<T>(value: unknown, instead: T, problem: string): T {
    if (value !== undefined && value !== null) this.#intake.report(problem);
    return instead;
  }
}
