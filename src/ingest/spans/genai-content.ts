/** Content as OpenTelemetry has it now: `gen_ai.*.messages`, on the span or on its details event. */
import type { AnyValue, Attributes, OtlpSpan, SpanEvent } from '../otlp/span.ts';
import { type Carrier, type Content, placesOf, readEither, saidIn } from './content.ts';
import { embeddedContainer } from './embedded-json.ts';
import { type Json, jsonOf } from './json.ts';

const DETAILS = 'gen_ai.client.inference.operation.details';
const INPUT = 'gen_ai.input.messages';
const OUTPUT = 'gen_ai.output.messages';
const INSTRUCTIONS = 'gen_ai.system_instructions';

/** Where attributes are looked at. */
interface Place {
  carrier: Carrier;
  attributes: Attributes;
  /** Null: on the span itself. */
  event: SpanEvent | null;
}

export function genAiInput(span: OtlpSpan): Content | null {
  return firstSaid(span, (place) => inputAt(place, span));
}

export function genAiOutput(span: OtlpSpan): Content | null {
  return firstSaid(span, (place) => {
    const given = place.attributes[OUTPUT];
    if (given == null) return null;
    const manner = { side: 'output', role: 'assistant' } as const;
    return readEither(place.carrier, jsonOf(given), taken(place, [OUTPUT]), manner);
  });
}

function firstSaid(span: OtlpSpan, read: (place: Place) => Content | null): Content | null {
  const { attributes } = span;
  const found = read({ carrier: 'gen_ai messages', attributes, event: null });
  if (found) return found;
  for (const event of span.events) {
    if (event.name !== DETAILS) continue;
    const carrier = 'gen_ai details event';
    const told = read({ carrier, attributes: event.attributes, event });
    if (told) return told;
  }
  return null;
}

/**
 * Instructions come before the messages, as a message of the system. Alone they are no input: with
 * content off some send them all the same, and then every request would be the same one.
 */
function inputAt(place: Place, span: OtlpSpan): Content | null {
  const given = place.attributes[INPUT];
  if (given == null) return null;
  const side = { side: 'input' } as const;
  const alone = () => readEither(place.carrier, jsonOf(given), taken(place, [INPUT]), side);
  const own = place.attributes[INSTRUCTIONS];
  const instructions = own ?? span.attributes[INSTRUCTIONS];
  if (instructions == null) return alone();
  const messages = opened(given);
  const parts = opened(instructions);
  if (messages === null || parts === null) return alone();
  const from =
    own != null || place.event === null
      ? taken(place, [INPUT, INSTRUCTIONS])
      : placesOf([INSTRUCTIONS], new Map([[place.event, [INPUT]]]));
  if (!saidIn(place.carrier, messages, from, side)) return null;
  const system: Json = { role: 'system', parts: listOf(parts) };
  return saidIn(place.carrier, [system, ...listOf(messages)], from, side);
}

function taken({ event }: Place, keys: string[]) {
  return event === null ? placesOf(keys) : placesOf([], new Map([[event, keys]]));
}

/** @returns null for text whose JSON says more than its value */
function opened(given: AnyValue): Json {
  const value = jsonOf(given);
  const embedded = typeof value === 'string' ? embeddedContainer(value) : null;
  if (!embedded) return value;
  return embedded.faithful ? embedded.value : null;
}

function listOf(value: Json): Json[] {
  return Array.isArray(value) ? value : [value];
}
