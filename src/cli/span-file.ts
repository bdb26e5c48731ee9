/**
 * Spans as a person has them at hand: an OTLP/JSON request, one a line as collectors write files, a span
 * out of one, or a span whose attributes are a plain object, as SDKs print it; alone or in a list.
 */
import { decodeJson } from '../ingest/otlp/decode-json.ts';
import { OtlpError } from '../ingest/otlp/otlp-error.ts';
import type { OtlpSpan } from '../ingest/otlp/span.ts';

export interface SpanFile {
  spans: OtlpSpan[];
  /** Of spans that could not be read, what is wrong with them. */
  rejected: string[];
}

type Fields = { [key: string]: unknown };

/** The file holds no spans in any of these forms. */
export class SpanFileError extends Error {
  override name = 'SpanFileError';
}

const FORMS =
  'accepted: {"resourceSpans": […]}, a span with "attributes", a list of either, or one a line';

/** @throws SpanFileError */
export function spansIn(text: string): SpanFile {
  const found: SpanFile = { spans: [], rejected: [] };
  for (const value of valuesIn(text)) {
    try {
      const { spans, rejected } = decodeJson(Buffer.from(JSON.stringify(requestOf(value))));
      found.spans.push(...spans);
      found.rejected.push(...rejected.messages);
    } catch (cause) {
      if (!(cause instanceof OtlpError)) throw cause;
      throw new SpanFileError(`it is no OTLP/JSON: ${cause.message}; ${FORMS}`, { cause });
    }
  }
  return found;
}

function valuesIn(text: string): unknown[] {
  const whole = parsed(text);
  if (whole !== undefined) return Array.isArray(whole) ? whole : [whole];
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, i) => {
      const value = parsed(line);
      if (value !== undefined) return value;
      throw new SpanFileError(`it is not JSON, and neither is line ${i + 1} of it; ${FORMS}`);
    });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function requestOf(value: unknown): Fields {
  if (!isFields(value)) throw new SpanFileError(`it holds something that is no object; ${FORMS}`);
  if ('resourceSpans' in value) return value;
  if ('attribution' in value) {
    throw new SpanFileError(
      `it holds traces as the service gives them, which are no spans; ${FORMS}`,
    );
  }
  if (!('attributes' in value)) {
    throw new SpanFileError(`it has neither "resourceSpans" nor "attributes"; ${FORMS}`);
  }
  const resource = isFields(value.resource) ? value.resource : {};
  return {
    resourceSpans: [
      {
        resource: { attributes: keyValues(resource.attributes) },
        scopeSpans: [{ spans: [spanOf(value)] }],
      },
    ],
  };
}

/** Ids and times decide nothing about labels: a span may be without, or have them in some other form. */
function spanOf(given: Fields): Fields {
  const events = Array.isArray(given.events) ? given.events.filter(isFields) : [];
  return {
    traceId: '1'.repeat(32),
    spanId: '1'.repeat(16),
    startTimeUnixNano: '1',
    endTimeUnixNano: '1',
    name: typeof given.name === 'string' ? given.name : '',
    attributes: keyValues(given.attributes),
    events: events.map(({ name, attributes }) => ({
      name: typeof name === 'string' ? name : '',
      attributes: keyValues(attributes),
    })),
  };
}

/** OTLP's list of keys and values; made of a plain object where it is one. */
function keyValues(given: unknown): unknown {
  if (!isFields(given)) return given;
  return Object.entries(given).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: unknown): Fields {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? { intValue: value } : { doubleValue: value };
  }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return isFields(value) ? { kvlistValue: { values: keyValues(value) } } : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
