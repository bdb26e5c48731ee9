/**
 * All that a span came with, as one JSON object: its attributes by their names, and under
 * `underlabel.span` the rest (name, kind, status, times in ns, resource, scope, events). What is the
 * trace's input or output already isn't stored twice, unless that says less than what was sent.
 */
import type { Attributes, OtlpSpan, SpanEvent } from '../otlp/span.ts';
import type { Content } from './content.ts';
import type { Inference } from './inference.ts';
import { jsonTextOf, membersText } from './json.ts';

export const SPAN = 'underlabel.span';

/** @returns JSON text of an object */
export function keptAttributes(span: OtlpSpan, { input, output }: Inference): string {
  const contents = [input, output].filter((content) => content?.whole === true) as Content[];
  const keys = new Set<string>();
  for (const { from } of contents) for (const key of from.attributes) keys.add(key);
  // A name that is ours: what came under it stands inside.
  const shadowed = span.attributes[SPAN];
  if (shadowed !== undefined) keys.add(SPAN);
  const attributes = membersText(span.attributes, keys);
  const events = span.events.map((event) => eventText(event, contents));
  const rest = [
    `"name":${JSON.stringify(span.name)}`,
    `"kind":${span.kind}`,
    ...(span.parentSpanId === null ? [] : [`"parentSpanId":"${span.parentSpanId}"`]),
    `"startTimeUnixNano":"${span.start}"`,
    `"endTimeUnixNano":"${span.end}"`,
    `"status":${JSON.stringify(span.status)}`,
    `"resource":${resourceText(span.resource)}`,
    `"scope":{"name":${JSON.stringify(span.scope.name)},"version":${JSON.stringify(span.scope.version)},"attributes":{${membersText(span.scope.attributes)}}}`,
    ...(events.length > 0 ? [`"events":[${events.join()}]`] : []),
    ...said('input', input),
    ...said('output', output),
    ...(shadowed === undefined ? [] : [`"shadowed":${jsonTextOf(shadowed)}`]),
  ];
  return `{${attributes}${attributes && ','}"${SPAN}":{${rest.join()}}}`;
}

/** Where the input or output was found, and the ids that it calls 1, 2, … */
function said(side: 'input' | 'output', content: Content | null): string[] {
  if (!content) return [];
  const { carrier, toolCallIds } = content;
  const from = [`"${side}From":${JSON.stringify(carrier)}`];
  return toolCallIds.length === 0
    ? from
    : [...from, `"${side}ToolCallIds":${JSON.stringify(toolCallIds)}`];
}

function eventText(event: SpanEvent, contents: Content[]): string {
  const keys = new Set(contents.flatMap(({ from }) => from.events.get(event) ?? []));
  return `{"name":${JSON.stringify(event.name)},"timeUnixNano":"${event.time}","attributes":{${membersText(event.attributes, keys)}}}`;
}

/** Spans share their resource: its text is made once. */
const resources = new WeakMap<Attributes, string>();

function resourceText(resource: Attributes): string {
  const known = resources.get(resource);
  if (known !== undefined) return known;
  const text = `{${membersText(resource)}}`;
  resources.set(resource, text);
  return text;
}
