/** Spans as an exporter sends them in OTLP/JSON, each told by the few facts that a test is about. */

export interface SentSpan {
  /** Of its span id, from 1 to 255. */
  n: number;
  /** Of its trace id; by default the same for all. */
  trace?: number;
  parent?: number;
  name?: string;
  /** ms since 1970. */
  startedAt: number;
  endedAt?: number;
  service?: string;
  /** Of an inference; without a requested or answering model it is none. */
  provider?: string;
  requestModel?: string;
  responseModel?: string;
  status?: number;
  attributes?: Record<string, string>;
}

export const traceIdOf = (n = 1) => n.toString(16).padStart(32, '0');
export const spanIdOf = (n: number) => n.toString(16).padStart(16, '0');
/** Of the trace that comes of it. */
export const idOf = ({ n, trace }: Pick<SentSpan, 'n' | 'trace'>) =>
  `${traceIdOf(trace)}-${spanIdOf(n)}`;

/** An ExportTraceServiceRequest. */
export function requestOf(...spans: SentSpan[]): string {
  return JSON.stringify({
    resourceSpans: spans.map((span) => ({
      resource: { attributes: attributesOf({ 'service.name': span.service }) },
      scopeSpans: [{ spans: [jsonOf(span)] }],
    })),
  });
}

/** @throws where the service refuses it */
export async function sendSpans(url: string, ...spans: SentSpan[]): Promise<void> {
  const answer = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: requestOf(...spans),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}

function jsonOf(span: SentSpan): object {
  const { n, trace, parent, startedAt, endedAt = startedAt + 10, status = 0 } = span;
  return {
    traceId: traceIdOf(trace),
    spanId: spanIdOf(n),
    ...(parent === undefined ? {} : { parentSpanId: spanIdOf(parent) }),
    name: span.name ?? `span ${n}`,
    kind: 3,
    startTimeUnixNano: `${startedAt}000000`,
    endTimeUnixNano: `${endedAt}000000`,
    status: { code: status },
    attributes: attributesOf({
      'gen_ai.provider.name': span.provider,
      'gen_ai.request.model': span.requestModel,
      'gen_ai.response.model': span.responseModel,
      ...span.attributes,
    }),
  };
}

function attributesOf(given: Record<string, string | undefined>): object[] {
  return Object.entries(given).flatMap(([key, stringValue]) =>
    stringValue === undefined ? [] : [{ key, value: { stringValue } }],
  );
}
