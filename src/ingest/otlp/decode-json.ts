/** ExportTraceServiceRequest in JSON → spans, the same as from protobuf. */
import { BodyError, parseJsonBody } from '../json-body.ts';
import { newAttributes } from './attributes.ts';
import { type Decoded, Intake, parentOf } from './intake.ts';
import { expectFewMarks } from './json-marks.ts';
import { InexactNumber, parseExactly } from './json-number.ts';
import { isObject, type JsonObject, JsonValues } from './json-value.ts';
import { MAX_EVENTS } from './limits.ts';
import { OtlpError } from './otlp-error.ts';
import type { Attributes, OtlpSpan, SpanEvent } from './span.ts';

const TRACE_ID_DIGITS = 32;
const SPAN_ID_DIGITS = 16;

/**
 * @param bytes an empty body is an empty request
 * @throws OtlpError not-json, too-deep, too-many; bad-shape for what is around the spans
 */
export function decodeJson(bytes: Uint8Array): Decoded {
  if (bytes.length === 0) return new Intake().decoded();
  const { text, value } = parsed(bytes);
  try {
    return new RequestReader(false).read(value);
  } catch (cause) {
    if (!(cause instanceof InexactNumber)) throw cause;
    return new RequestReader(true).read(parseExactly(text));
  }
}

function parsed(bytes: Uint8Array): { text: string; value: unknown } {
  expectFewMarks(bytes);
  try {
    return parseJsonBody(bytes);
  } catch (cause) {
    if (!(cause instanceof BodyError)) throw cause;
    throw new OtlpError(cause.code, cause.message, { cause });
  }
}

class RequestReader {
  readonly #intake = new Intake();
  readonly #values: JsonValues;

  constructor(exact: boolean) {
    this.#values = new JsonValues(this.#intake, exact);
  }

  read(body: unknown): Decoded {
    if (!isObject(body)) throw new OtlpError('bad-shape', 'the body is not a JSON object');
    this.#noteOtherNames(body);
    for (const item of this.#around(body.resourceSpans, 'resourceSpans')) {
      this.#resourceSpans(item);
    }
    return this.#intake.decoded();
  }

  #resourceSpans(item: JsonObject): void {
    this.#intake.resourceAt++;
    this.#intake.countPart();
    this.#intake.scopeAt = -1;
    const resource = this.#values.object(item.resource, 'resource');
    const attributes = this.#values.attributes(resource?.attributes);
    this.#intake.expectNoProblem('the resource');
    for (const scopeSpans of this.#around(item.scopeSpans, 'scopeSpans')) {
      this.#scopeSpans(scopeSpans, attributes);
    }
  }

  #scopeSpans(item: JsonObject, resource: Attributes): void {
    const values = this.#values;
    this.#intake.scopeAt++;
    this.#intake.countPart();
    this.#intake.spanAt = -1;
    const given = values.object(item.scope, 'scope');
    const scope = {
      name: values.text(given?.name, 'name'),
      version: values.text(given?.version, 'version'),
      attributes: values.attributes(given?.attributes),
    };
    this.#intake.expectNoProblem('a scope');
    const spans = values.list(item.spans, 'spans');
    this.#intake.expectNoProblem('a scopeSpans');
    for (const span of spans) {
      this.#intake.spanAt++;
      this.#intake.countPart();
      if (isObject(span)) this.#intake.add(this.#span(span, resource, scope));
      else this.#intake.reject('it is not an object');
    }
  }

  #span(item: JsonObject, resource: Attributes, scope: OtlpSpan['scope']): OtlpSpan {
    const values = this.#values;
    const status = values.object(item.status, 'status');
    return {
      traceId: values.hex(item.traceId, 'traceId', TRACE_ID_DIGITS),
      spanId: values.hex(item.spanId, 'spanId', SPAN_ID_DIGITS),
      parentSpanId: parentOf(values.hex(item.parentSpanId, 'parentSpanId', SPAN_ID_DIGITS)),
      name: values.text(item.name, 'name'),
      kind: values.choice(item.kind, 'kind', 5),
      start: values.time(item.startTimeUnixNano, 'startTimeUnixNano'),
      end: values.time(item.endTimeUnixNano, 'endTimeUnixNano'),
      attributes: values.attributes(item.attributes),
      events: this.#events(item.events),
      status: {
        code: values.choice(status?.code, "the status's code", 2),
        message: values.text(status?.message, "the status's message"),
      },
      resource,
      scope,
    };
  }

  #events(value: unknown): SpanEvent[] {
    const list = this.#values.list(value, 'events');
    if (list.length <= MAX_EVENTS) return list.map((item) => this.#event(item));
    this.#intake.report(`it has more than ${MAX_EVENTS} events`);
    return [];
  }

  #event(value: unknown): SpanEvent {
    const values = this.#values;
    this.#intake.countPart();
    if (!isObject(value)) {
      this.#intake.report('an event is not an object');
      return { name: '', time: 0n, attributes: newAttributes() };
    }
    const name = values.text(value.name, "an event's name");
    const time = values.time(value.timeUnixNano, 'timeUnixNano');
    return { name, time, attributes: values.attributes(value.attributes) };
  }

  /** The objects of a list that is no span's, so that no span can answer for what is wrong there. */
  #around(value: unknown, name: string): JsonObject[] {
    const list = this.#values.list(value, name);
    if (this.#intake.problem !== null) throw new OtlpError('bad-shape', this.#intake.problem);
    return list.map((item) => {
      if (isObject(item)) return item;
      throw new OtlpError('bad-shape', `${name} holds something that is not an object`);
    });
  }

  /** Unknown names are to be passed over, but a sender of other names only should learn of it. */
  #noteOtherNames(body: JsonObject): void {
    if ('resourceSpans' in body || !('resource_spans' in body)) return;
    const problem = "the request has 'resource_spans', which OTLP/JSON spells 'resourceSpans'";
    this.#intake.note(`${problem}, so no spans were found in it`);
  }
}
