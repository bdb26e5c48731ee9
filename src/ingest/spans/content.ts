/** What was said, as a trace stores it, and where in the span it stood. */
import { fingerprint, valueFingerprint } from '../../contract/fingerprint.ts';
import type { SpanEvent } from '../otlp/span.ts';
import { type Embedded, embeddedContainer } from './embedded-json.ts';
import type { Fields, Json } from './json.ts';
import { type Manner, messagesOf } from './message.ts';
import { newReading, standingOf } from './part.ts';

/** The places that are looked at, in this order; the first that says anything counts, and it alone. */
export type Carrier =
  | 'gen_ai messages'
  | 'gen_ai details event'
  | 'gen_ai message events'
  | 'gen_ai.prompt.N'
  | 'gen_ai.completion.N'
  | 'gen_ai.prompt'
  | 'gen_ai.completion'
  | 'openinference messages'
  | 'openinference prompts'
  | 'openinference choices'
  | 'input.value'
  | 'output.value';

export interface Content {
  carrier: Carrier;
  /** JSON. */
  text: string;
  /** SHA-256 of its RFC 8785 form, 32 bytes. */
  hash: Buffer;
  /** True: the hash is of the text, which lies outside I-JSON. */
  exact: boolean;
  /** The messages, where it consists of some. */
  messages: Fields[] | null;
  /** The real ids of the tool calls that it calls 1, 2, … */
  toolCallIds: string[];
  /** False where it says less than the attributes it was taken from. */
  whole: boolean;
  from: Places;
}

/** Where it stood. */
export interface Places {
  attributes: readonly string[];
  events: ReadonlyMap<SpanEvent, readonly string[]>;
}

const NO_EVENTS: Places['events'] = new Map();

export function placesOf(attributes: readonly string[], events = NO_EVENTS): Places {
  return { attributes, events };
}

/** Messages, where they say anything. @param lost true where not all of the places went into `value` */
export function saidIn(
  carrier: Carrier,
  value: Json,
  from: Places,
  manner: Manner & { lost?: boolean; side: 'input' | 'output' },
): Content | null {
  const reading = newReading();
  const messages = messagesOf(value, reading, manner);
  if (!isSaid(messages, manner.side)) return null;
  const text = JSON.stringify(messages);
  return {
    carrier,
    text,
    ...valueFingerprint(text, messages),
    messages,
    toolCallIds: [...reading.toolCallIds.keys()],
    whole: !reading.lost && manner.lost !== true,
    from,
  };
}

/** Anything that is no list of messages, as it stands. */
export function asItStands(carrier: Carrier, json: string, from: Places, value?: Json): Content {
  const print = value === undefined ? fingerprint(json) : fingerprint(json, value);
  const rest = { messages: null, toolCallIds: [], whole: true, from };
  return { carrier, text: json, ...print, ...rest };
}

/**
 * A place that holds messages or a text that is JSON of them. Other text stands as it is, and so does
 * JSON that says more than its value.
 */
export function readEither(
  carrier: Carrier,
  value: Json,
  from: Places,
  manner: Manner & { side: 'input' | 'output' },
): Content | null {
  if (typeof value !== 'string') return saidIn(carrier, value, from, manner);
  const embedded = embeddedContainer(value);
  if (embedded?.faithful && isMessages(embedded.value)) {
    return saidIn(carrier, embedded.value, from, manner);
  }
  if (embedded && isEmpty(embedded.value)) return null;
  return textOrJson(carrier, value, embedded, from);
}

function isEmpty(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

export function textOrJson(
  carrier: Carrier,
  text: string,
  embedded: Embedded | null,
  from: Places,
): Content | null {
  if (text === '' || text === '__REDACTED__') return null;
  if (!embedded) return asItStands(carrier, JSON.stringify(text), from, text);
  if (embedded.value === null) return null;
  return asItStands(carrier, text, from, embedded.value);
}

function isMessages(value: Json): boolean {
  const list = Array.isArray(value) ? value : [value];
  return list.length > 0 && list.every(isMessage);
}

function isMessage(value: Json): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return 'parts' in value || 'content' in value || 'role' in value || 'message' in value;
}

/**
 * Roles without texts are what instrumentations send that may not send content. Were they an input,
 * all of them would be the same one. So an input says nothing where only the model speaks in it.
 */
function isSaid(messages: readonly Fields[], side: 'input' | 'output'): boolean {
  const standings = messages.map((message) => ({
    isModel: message.role === 'assistant' || message.role === 'model',
    parts: (message.parts as Json[]).map(standingOf),
  }));
  if (!standings.some(({ parts }) => parts.includes('said'))) return false;
  if (side === 'output') return true;
  return standings.every(
    ({ isModel, parts }) => isModel || parts.some((standing) => standing !== 'withheld'),
  );
}
