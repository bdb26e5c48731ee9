/** Traces as they are answered: as JSON text, in which input, output and attributes stand as they were received. */

import type { ContextSpanJson } from '../contract/context-span.ts';
import { SPAN_KINDS, SPAN_STATUSES } from '../contract/context-span.ts';
import type { OriginJson } from '../contract/origin.ts';
import { formatTime } from '../contract/time.ts';
import { type TraceJson, trace as traceSchema } from '../contract/trace.ts';
import type { ContextSpan } from '../store/context-span.ts';
import type { StoredTrace } from '../store/store.ts';
import { attributionJson } from './present.ts';
import { type FieldTree, partOf } from './trace-fields.ts';

/** To the letter; null: left out, for `null` would be a value. */
const TEXTS = {
  input: (trace) => trace.input,
  output: (trace) => trace.output,
  attributes: (trace) => trace.attributes ?? 'null',
} satisfies Record<string, (trace: StoredTrace) => string | null>;

type TextName = keyof typeof TEXTS;

const VALUES: { [K in Exclude<keyof TraceJson, TextName>]: (trace: StoredTrace) => TraceJson[K] } =
  {
    id: (trace) => trace.id,
    label: (trace) => trace.label,
    labelBy: (trace) => trace.labelBy,
    labelledAt: (trace) => formatTime(trace.labelledAt),
    origin: ({ origin }) => origin && originJson(origin),
    startedAt: (trace) => formatTime(trace.startedAt),
    endedAt: (trace) => formatTime(trace.endedAt),
    decision: (trace) => trace.decision,
    blobId: (trace) => trace.blobId,
    context: (trace) => trace.context,
    turn: (trace) => trace.turn,
    inputSha256: (trace) => trace.inputHash?.toString('hex') ?? null,
    inputExact: (trace) => trace.inputExact,
    outputSha256: (trace) => trace.outputHash?.toString('hex') ?? null,
    recordedAt: (trace) => formatTime(trace.recordedAt),
    attribution: (trace) => attributionJson(trace.attribution),
  };

const NAMES = Object.keys(traceSchema.shape) as (keyof TraceJson)[];
type ValueName = keyof typeof VALUES;

/** In the order of the answer: a text by itself, and the values up to the next text together. */
const GROUPS = NAMES.reduce<(TextName | ValueName[])[]>((groups, name) => {
  const last = groups.at(-1);
  if (isText(name)) groups.push(name);
  else if (Array.isArray(last)) last.push(name);
  else groups.push([name]);
  return groups;
}, []);

/** @param fields left out: all of them */
export function traceText(trace: StoredTrace, fields?: FieldTree): string {
  let members = '';
  for (const group of GROUPS) {
    const text = Array.isArray(group)
      ? valuesText(trace, group, fields)
      : fields === undefined || fields.has(group)
        ? textMember(trace, group)
        : '';
    if (text === '') continue;
    members = members === '' ? text : `${members},${text}`;
  }
  return `{${members}}`;
}

function textMember(trace: StoredTrace, name: TextName): string {
  const text = TEXTS[name](trace);
  return text === null ? '' : `"${name}":${text}`;
}

/** One call for several: each costs as much as a few values. */
function valuesText(trace: StoredTrace, names: readonly ValueName[], fields?: FieldTree): string {
  const values: Record<string, unknown> = {};
  for (const name of names) {
    if (!fields) {
      values[name] = VALUES[name](trace);
      continue;
    }
    const inner = fields.get(name);
    if (inner !== undefined) values[name] = partOf(VALUES[name](trace), inner);
  }
  return JSON.stringify(values).slice(1, -1);
}

/** On one line: in JSON, line ends stand between tokens only, and mean nothing there. */
export function traceLine(trace: StoredTrace, fields?: FieldTree): string {
  return traceText(trace, fields).replace(/[\r\n]/g, ' ');
}

function isText(name: keyof TraceJson): name is TextName {
  return Object.hasOwn(TEXTS, name);
}

export function originJson({ service, provider, requestModel, responseModel }: OriginJson) {
  return { service, provider, requestModel, responseModel };
}

export function contextSpanJson(span: ContextSpan): ContextSpanJson {
  return {
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    service: span.service,
    kind: SPAN_KINDS[span.kind] ?? 'unspecified',
    status: SPAN_STATUSES[span.status] ?? 'unset',
    startedAt: formatTime(span.startedAt),
    endedAt: formatTime(span.endedAt),
  };
}
