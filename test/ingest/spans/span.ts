/** Spans by hand. */
import type { AnyValue, Attributes, OtlpSpan, SpanEvent } from '../../../src/ingest/otlp/span.ts';
import { inferenceOf } from '../../../src/ingest/spans/inference.ts';
import { traceOf } from '../../../src/ingest/spans/trace.ts';

export function attributesOf(given: { [key: string]: AnyValue }): Attributes {
  return Object.assign(Object.create(null), given) as Attributes;
}

export function spanWith(
  given: { [key: string]: AnyValue },
  rest: Partial<OtlpSpan> & { told?: [string, { [key: string]: AnyValue }][] } = {},
): OtlpSpan {
  const { told = [], ...fields } = rest;
  const events = told.map(([name, attributes], i): SpanEvent => {
    return { name, time: 1_000_000n * BigInt(i), attributes: attributesOf(attributes) };
  });
  return {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    parentSpanId: null,
    name: 'chat gpt-4o',
    kind: 3,
    start: 1_795_000_000_123_456_789n,
    end: 1_795_000_001_123_456_789n,
    attributes: attributesOf(given),
    events,
    status: { code: 0, message: '' },
    resource: attributesOf({ 'service.name': 'desk' }),
    scope: { name: 'by hand', version: '1', attributes: attributesOf({}) },
    ...fields,
  };
}

/** The inference in a span that has one. */
export function inferenceIn(span: OtlpSpan) {
  const inference = inferenceOf(span);
  if (!inference) throw new Error('no inference');
  return inference;
}

/** The trace of a span that is an inference, its texts as texts, and parsed. */
export function traceIn(span: OtlpSpan) {
  const { trace: stored, facts, problems } = traceOf(span, inferenceIn(span));
  const textOf = (bytes: Buffer | null) => bytes?.toString() ?? null;
  const trace = {
    ...stored,
    input: textOf(stored.input),
    output: textOf(stored.output),
    attributes: textOf(stored.attributes),
  };
  const parsed = (text: string | null) => (text === null ? null : JSON.parse(text));
  return {
    trace,
    facts,
    problems,
    input: parsed(trace.input),
    output: parsed(trace.output),
    attributes: parsed(trace.attributes) as { [key: string]: never } & {
      'underlabel.span': { [key: string]: unknown };
    },
  };
}
