/**
 * ExportTraceServiceRequest in protobuf → spans. The cases are tags (`number << 3 | wire type`) of
 * opentelemetry-proto 1.11; a field that is not known, or known in another wire type, is passed over.
 *
 * https://github.com/open-telemetry/opentelemetry-proto/tree/v1.11.0/opentelemetry/proto
 */
import { newAttributes } from './attributes.ts';
import { type Decoded, Intake, parentOf } from './intake.ts';
import { MAX_ATTRIBUTES, MAX_EVENTS, MAX_VALUE_DEPTH } from './limits.ts';
import { OtlpError } from './otlp-error.ts';
import type { AnyValue, Attributes, OtlpSpan, SpanEvent } from './span.ts';
import { WireReader } from './wire-reader.ts';

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

/**
 * @param bytes an empty body is an empty request
 * @throws OtlpError not-protobuf, too-deep, too-many; bad-shape for a resource's attributes
 */
export function decodeProtobuf(bytes: Uint8Array): Decoded {
  return new RequestReader(bytes).read();
}

class RequestReader {
  readonly #intake = new Intake();
  readonly #wire: WireReader;

  constructor(bytes: Uint8Array) {
    this.#wire = new WireReader(bytes, () => this.#intake.countMended());
  }

  /** ExportTraceServiceRequest. */
  read(): Decoded {
    const wire = this.#wire;
    const end = wire.size;
    while (wire.hasMore(end)) {
      const tag = wire.tag();
      if (tag === 0x0a) this.#resourceSpans(wire.enter(end));
      else wire.skip(tag, end);
    }
    return this.#intake.decoded();
  }

  /** ResourceSpans. The resource may stand after its spans, which is why they share an object. */
  #resourceSpans(end: number): void {
    const wire = this.#wire;
    const resource = newAttributes();
    this.#intake.resourceAt++;
    this.#intake.countPart();
    this.#intake.scopeAt = -1;
    while (wire.hasMore(end)) {
      const tag = wire.tag();
      if (tag === 0x0a) this.#resource(wire.enter(end), resource);
      else if (tag === 0x12) this.#scopeSpans(wire.enter(end), resource);
      else wire.skip(tag, end);
    }
  }

  /** Resource. */
  #resource(end: number, attributes: Attributes): void {
    const wire = this.#wire;
    for (let count = 0; wire.hasMore(end); ) {
      const tag = wire.tag();
      if (tag === 0x0a) this.#attribute(wire.enter(end), attributes, ++count);
      else wire.skip(tag, end);
    }
    this.#intake.expectNoProblem('the resource');
  }

  /** ScopeSpans. */
  #scopeSpans(end: number, resource: Attributes): void {
    const wire = this.#wire;
    const scope = { name: '', version: '', attributes: newAttributes() };
    this.#intake.scopeAt++;
    this.#intake.countPart();
    this.#intake.spanAt = -1;
    while (wire.hasMore(end)) {
      const tag = wire.tag();
      if (tag === 0x0a) this.#scope(wire.enter(end), scope);
      else if (tag === 0x12) this.#span(wire.enter(end), resource, scope);
      else wire.skip(tag, end);
    }
  }

  /** InstrumentationScope. */
  #scope(end: number, scope: OtlpSpan['scope']): void {
    const wire = this.#wire;
    for (let count = 0; wire.hasMore(end); ) {
      const tag = wire.tag();
      if (tag === 0x0a) scope.name = wire.text(end);
      else if (tag === 0x12) scope.version = wire.text(end);
      else if (tag === 0x1a) this.#attribute(wire.enter(end), scope.attributes, ++count);
      else wire.skip(tag, end);
    }
    this.#intake.expectNoProblem('a scope');
  }

  /** Span. */
  #span(end: number, resource: Attributes, scope: OtlpSpan['scope']): void {
    const wire = this.#wire;
    const span: OtlpSpan = {
      traceId: '',
      spanId: '',
      parentSpanId: null,
      name: '',
      kind: 0,
      start: 0n,
      end: 0n,
      attributes: newAttributes(),
      events: [],
      status: { code: 0, message: '' },
      resource,
      scope,
    };
    this.#intake.spanAt++;
    this.#intake.countPart();
    let count = 0;
    while (wire.hasMore(end)) {
      const tag = wire.tag();
      switch (tag) {
        case 0x0a:
          span.traceId = this.#id('traceId', end, TRACE_ID_BYTES);
          break;
        case 0x12:
          span.spanId = this.#id('spanId', end, SPAN_ID_BYTES);
          break;
        case 0x22:
          span.parentSpanId = parentOf(this.#id('parentSpanId', end, SPAN_ID_BYTES));
          break;
        case 0x2a:
          span.name = wire.text(end);
          break;
        case 0x30:
          span.kind = this.#choice(5);
          break;
        case 0x39:
          span.start = wire.fixed64();
          break;
        case 0x41:
          span.end = wire.fixed64();
          break;
        case 0x4a:
          this.#attribute(wire.enter(end), span.attributes, ++count);
          break;
        case 0x5a:
          this.#event(wire.enter(end), span.events);
          break;
        case 0x7a:
          this.#status(wire.enter(end), span.status);
          break;
        default:
          wire.skip(tag, end);
      }
    }
    this.#intake.add(span);
  }

  #id(name: string, end: number, bytes: number): string {
    const id = this.#wire.hex(end, bytes);
    if (id === null) this.#intake.report(`${name} does not have ${bytes} bytes`);
    return id ?? '';
  }

  /** An enum's number; 0 stands for one that isn't known yet. */
  #choice(last: number): number {
    const value = this.#wire.integer();
    return typeof value === 'number' && value >= 0 && value <= last ? value : 0;
  }

  /** Span.Event. */
  #event(end: number, events: SpanEvent[]): void {
    const wire = this.#wire;
    if (events.length === MAX_EVENTS) {
      this.#intake.report(`it has more than ${MAX_EVENTS} events`);
      wire.leave(end);
      return;
    }
    this.#intake.countPart();
    const event: SpanEvent = { name: '', time: 0n, attributes: newAttributes() };
    for (let count = 0; wire.hasMore(end); ) {
      const tag = wire.tag();
      if (tag === 0x09) event.time = wire.fixed64();
      else if (tag === 0x12) event.name = wire.text(end);
      else if (tag === 0x1a) this.#attribute(wire.enter(end), event.attributes, ++count);
      else wire.skip(tag, end);
    }
    events.push(event);
  }

  /** Status. */
  #status(end: number, status: OtlpSpan['status']): void {
    const wire = this.#wire;
    while (wire.hasMore(end)) {
      const tag = wire.tag();
      if (tag === 0x12) status.message = wire.text(end);
      else if (tag === 0x18) status.code = this.#choice(2);
      else wire.skip(tag, end);
    }
  }

  /** KeyValue, of a set of attributes that must not grow too large. */
  #attribute(end: number, into: Attributes, count: number): void {
    if (count <= MAX_ATTRIBUTES) {
      this.#keyValue(end, into, 1);
      return;
    }
    this.#intake.report(`it has more than ${MAX_ATTRIBUTES} attributes in one place`);
    this.#wire.leave(end);
  }

  /** KeyValue. Of a key that comes several times the first counts. */
  #keyValue(end: number, into: Attributes, depth: number): void {
    const wire = this.#wire;
    let key = '';
    let value: AnyValue = null;
    this.#intake.countPart();
    while (wire.hasMore(end)) {
      const tag = wire.tag();
      if (tag === 0x0a) key = wire.key(end);
      else if (tag === 0x12) value = this.#value(wire.enter(end), depth);
      else wire.skip(tag, end);
    }
    if (!(key in into)) into[key] = value;
  }

  /** AnyValue. */
  #value(end: number, depth: number): AnyValue {
    const wire = this.#wire;
    if (depth > MAX_VALUE_DEPTH) {
      const problem = `an attribute's value nests more than ${MAX_VALUE_DEPTH} deep`;
      throw new OtlpError('too-deep', problem);
    }
    let value: AnyValue = null;
    while (wire.hasMore(end)) {
      const tag = wire.tag();
      switch (tag) {
        case 0x0a:
          value = wire.text(end);
          break;
        case 0x10:
          value = wire.bool();
          break;
        case 0x18:
          value = wire.integer();
          break;
        case 0x21:
          value = wire.double();
          break;
        case 0x2a:
          value = this.#list(wire.enter(end), depth + 1);
          break;
        case 0x32:
          value = this.#map(wire.enter(end), depth + 1);
          break;
        case 0x3a:
          value = wire.bytes(end);
          break;
        default:
          wire.skip(tag, end);
      }
    }
    return value;
  }

  /** ArrayValue. */
  #list(end: number, depth: number): AnyValue[] {
    const wire = this.#wire;
    const list: AnyValue[] = [];
    while (wire.hasMore(end)) {
      const tag = wire.tag();
      if (tag === 0x0a) {
        this.#intake.countPart();
        list.push(this.#value(wire.enter(end), depth));
      } else wire.skip(tag, end);
    }
    return list;
  }

  /** KeyValueList. */
  #map(end: number, depth: number): Attributes {
    const wire = this.#wire;
    const map = newAttributes();
    while (wire.hasMore(end)) {
      const tag = wire.tag();
      if (tag === 0x0a) this.#keyValue(wire.enter(end), map, depth);
      else wire.skip(tag, end);
    }
    return map;
  }
}
