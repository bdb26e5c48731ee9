/** Requests written by hand in both encodings, so that tests can write what no SDK would. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { AnyValue, Attributes, OtlpSpan } from '../../../src/ingest/otlp/span.ts';

const { LengthDelimited, Varint, Bit64 } = WireType;

export const TRACE_ID = '5b8efff798038103d269b633813fc60c';
export const SPAN_ID = 'eee19b7ec3c1b174';

/** 2026-11-17T10:00:00Z */
export const START = 1_794_909_600_000_000_000n;

export function spanWith(more: Partial<OtlpSpan> = {}): OtlpSpan {
  return {
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    parentSpanId: null,
    name: 'chat',
    kind: 3,
    start: START,
    end: START + 1n,
    attributes: {},
    events: [],
    status: { code: 0, message: '' },
    resource: { 'service.name': 'desk' },
    scope: { name: 'tests', version: '1', attributes: {} },
    ...more,
  };
}

type Write = (writer: BinaryWriter) => void;

export function message(writer: BinaryWriter, number: number, write: Write): void {
  writer.tag(number, LengthDelimited).fork();
  write(writer);
  writer.join();
}

export function protobuf(write: Write): Uint8Array {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
}

/** A request with one resource and one scope around what `write` writes: its fields 2 are spans. */
export function aroundSpans(write: Write): Uint8Array {
  return protobuf((request) =>
    message(request, 1, (resourceSpans) => message(resourceSpans, 2, write)),
  );
}

/** Each span under a resource and a scope of its own. */
export function asProtobuf(spans: readonly OtlpSpan[]): Uint8Array {
  return protobuf((request) => {
    for (const span of spans) {
      message(request, 1, (resourceSpans) => {
        message(resourceSpans, 1, (resource) => writeAttributes(resource, 1, span.resource));
        message(resourceSpans, 2, (scopeSpans) => {
          message(scopeSpans, 1, (scope) => {
            scope.tag(1, LengthDelimited).string(span.scope.name);
            scope.tag(2, LengthDelimited).string(span.scope.version);
            writeAttributes(scope, 3, span.scope.attributes);
          });
          message(scopeSpans, 2, (writer) => writeSpan(writer, span));
        });
      });
    }
  });
}

export function writeSpan(writer: BinaryWriter, span: OtlpSpan): void {
  writer.tag(1, LengthDelimited).bytes(Buffer.from(span.traceId, 'hex'));
  writer.tag(2, LengthDelimited).bytes(Buffer.from(span.spanId, 'hex'));
  if (span.parentSpanId !== null) {
    writer.tag(4, LengthDelimited).bytes(Buffer.from(span.parentSpanId, 'hex'));
  }
  writer.tag(5, LengthDelimited).string(span.name);
  writer.tag(6, Varint).int32(span.kind);
  writer.tag(7, Bit64).fixed64(span.start);
  writer.tag(8, Bit64).fixed64(span.end);
  writeAttributes(writer, 9, span.attributes);
  for (const event of span.events) {
    message(writer, 11, (inner) => {
      inner.tag(1, Bit64).fixed64(event.time);
      inner.tag(2, LengthDelimited).string(event.name);
      writeAttributes(inner, 3, event.attributes);
    });
  }
  message(writer, 15, (status) => {
    status.tag(2, LengthDelimited).string(span.status.message);
    status.tag(3, Varint).int32(span.status.code);
  });
}

function writeAttributes(writer: BinaryWriter, number: number, attributes: Attributes): void {
  for (const [key, value] of Object.entries(attributes)) {
    message(writer, number, (inner) => {
      inner.tag(1, LengthDelimited).string(key);
      message(inner, 2, (any) => writeValue(any, value));
    });
  }
}

export function writeValue(writer: BinaryWriter, value: AnyValue): void {
  if (value === null) return;
  if (typeof value === 'string') writer.tag(1, LengthDelimited).string(value);
  else if (typeof value === 'boolean') writer.tag(2, Varint).bool(value);
  else if (typeof value === 'bigint') writer.tag(3, Varint).int64(value);
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) writer.tag(3, Varint).int64(value);
    else writer.tag(4, Bit64).double(value);
  } else if (value instanceof Uint8Array) writer.tag(7, LengthDelimited).bytes(value);
  else if (Array.isArray(value)) {
    message(writer, 5, (list) => {
      for (const item of value) message(list, 1, (any) => writeValue(any, item));
    });
  } else message(writer, 6, (map) => writeAttributes(map, 1, value));
}

export function asJson(spans: readonly OtlpSpan[]): Uint8Array {
  const resourceSpans = spans.map((span) => ({
    resource: { attributes: jsonAttributes(span.resource) },
    scopeSpans: [
      {
        scope: { ...span.scope, attributes: jsonAttributes(span.scope.attributes) },
        spans: [jsonSpan(span)],
      },
    ],
  }));
  return jsonBytes({ resourceSpans });
}

export function jsonSpan({ start, end, resource: _, scope: __, ...span }: OtlpSpan): object {
  return {
    ...span,
    parentSpanId: span.parentSpanId ?? '',
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end),
    attributes: jsonAttributes(span.attributes),
    events: span.events.map(({ name, time, attributes }) => ({
      name,
      timeUnixNano: String(time),
      attributes: jsonAttributes(attributes),
    })),
  };
}

function jsonAttributes(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: jsonValue(value) }));
}

function jsonValue(value: AnyValue): object {
  if (value === null) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: String(value) };
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return { intValue: value };
    return { doubleValue: Number.isFinite(value) ? value : String(value) };
  }
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(jsonValue) } };
  return { kvlistValue: { values: jsonAttributes(value) } };
}

/** A request with these spans, whatever they are, under one resource and one scope. */
export function jsonRequest(...spans: unknown[]): Uint8Array {
  return jsonBytes({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
}
