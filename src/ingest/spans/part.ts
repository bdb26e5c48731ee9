/**
 * The parts of a message in one form, whichever dialect they came in: the one that OpenTelemetry's
 * `gen_ai.input.messages` has. What a part says is kept; its spelling is what becomes the same.
 */
import { embeddedContainer } from './embedded-json.ts';
import { type Fields, isFields, type Json } from './json.ts';

/** What is found out on the way through one input or output. */
export interface Reading {
  /** Ids of tool calls, by first appearance. They differ from run to run, so their places stand in for them. */
  toolCallIds: Map<string, string>;
  /** True once something was left out that the result doesn't say in another form. */
  lost: boolean;
}

export function newReading(): Reading {
  return { toolCallIds: new Map(), lost: false };
}

/** How OpenInference writes a text that was withheld. */
const WITHHELD = '__REDACTED__';

type Kind = 'text' | 'reasoning' | 'call' | 'response' | 'image' | 'other';

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['text', 'text'],
  ['input_text', 'text'],
  ['output_text', 'text'],
  ['reasoning', 'reasoning'],
  ['thinking', 'reasoning'],
  ['tool_call', 'call'],
  ['function', 'call'],
  ['function_call', 'call'],
  ['tool_use', 'call'],
  ['tool_call_response', 'response'],
  ['tool_result', 'response'],
  ['function_call_output', 'response'],
  ['image_url', 'image'],
  ['image', 'image'],
]);

/** @returns null for what says nothing */
export function partOf(given: Json, reading: Reading): Json | null {
  if (typeof given === 'string') return textPart(given);
  if (!isFields(given)) return given;
  const part = unwrapped(given);
  switch (kindOf(part)) {
    case 'text':
      return said('text', part, reading);
    case 'reasoning':
      return said('reasoning', part, reading);
    case 'call':
      return callPart(part, reading);
    case 'response':
      return responsePart(part, reading);
    case 'image':
      return imagePart(part, reading);
    case 'other':
      return inOrder(part);
  }
}

export function textPart(content: string): Fields {
  return { content, type: 'text' };
}

/** A tool's answer, as the message of role `tool` has it that carries the id itself. */
export function toolAnswer(response: Json, id: Json | undefined, reading: Reading): Fields {
  return inOrder({ id: placeOf(id, reading), response, type: 'tool_call_response' });
}

/** Whether a part says something, says it with no words, or was named without its content. */
export function standingOf(part: Json): 'said' | 'empty' | 'withheld' {
  if (!isFields(part)) return 'said';
  const { type, content } = part;
  switch (type) {
    case 'text':
    case 'reasoning':
      if (content === undefined || content === WITHHELD) return 'withheld';
      return content === '' ? 'empty' : 'said';
    case 'tool_call':
      return part.arguments === undefined ? 'withheld' : 'said';
    case 'tool_call_response':
      return part.response === undefined || part.response === WITHHELD ? 'withheld' : 'said';
    default:
      return Object.keys(part).some((key) => !DESCRIPTIVE.has(key)) ? 'said' : 'withheld';
  }
}

const DESCRIPTIVE: ReadonlySet<string> = new Set(['type', 'modality', 'mime_type']);

/** Members that are null are ones that aren't there; the rest in the order of RFC 8785. */
export function inOrder(fields: { [key: string]: Json | undefined }): Fields {
  const keys = Object.keys(fields).filter((key) => fields[key] != null);
  // Not by assignment: `__proto__` is a key like any other.
  return Object.fromEntries(keys.sort().map((key) => [key, fields[key]!]));
}

/** OpenInference names the kind of an element a second time: `{"tool_call": {…}}`. */
function unwrapped(part: Fields): Fields {
  if (!hasMembers(part, 1)) return part;
  const inner = part.tool_call ?? part.message_content;
  return isFields(inner) ? inner : part;
}

function hasMembers(fields: Fields, count: number): boolean {
  let left = count;
  for (const _ in fields) left--;
  return left === 0;
}

function kindOf(part: Fields): Kind {
  const { type } = part;
  if (typeof type === 'string') return KINDS.get(type) ?? 'other';
  if (isFields(part.function)) return 'call';
  if (typeof part.name === 'string' && part.arguments !== undefined) return 'call';
  return typeof part.text === 'string' ? 'text' : 'other';
}

function said(type: 'text' | 'reasoning', part: Fields, reading: Reading): Fields {
  // As most are.
  if (part.type !== undefined && typeof part.content === 'string' && hasMembers(part, 2)) {
    return { content: part.content, type };
  }
  const { type: _, ...rest } = part;
  for (const name of ['content', 'text', 'thinking']) {
    if (typeof rest[name] !== 'string') continue;
    const { [name]: content, ...others } = rest;
    return inOrder(joined({ ...others, type }, { content: content! }, reading));
  }
  return inOrder({ ...rest, type });
}

function callPart(part: Fields, reading: Reading): Fields {
  const { type: _, function: inner, ...outer } = part;
  const { name, arguments: given, input, ...rest } = joined(outer, inner, reading);
  const { id, ...others } = linked(rest, reading);
  const args = firstOf(reading, given, input);
  return inOrder({
    ...others,
    arguments: typeof args === 'string' ? argumentsIn(args, reading) : args,
    id,
    name,
    type: 'tool_call',
  });
}

/** One of what may be told under several names. */
export function firstOf(reading: Reading, ...values: (Json | undefined)[]): Json | undefined {
  const told = values.filter((value) => value != null);
  if (told.length > 1) reading.lost = true;
  return told[0];
}

/** An object and the one inside it that says more of the same thing. */
export function joined(outer: Fields, inner: Json | undefined, reading: Reading): Fields {
  if (!isFields(inner)) {
    if (inner != null) reading.lost = true;
    return outer;
  }
  if (Object.keys(inner).some((key) => outer[key] != null && outer[key] !== inner[key])) {
    reading.lost = true;
  }
  return { ...outer, ...inner };
}

/** Arguments are JSON; some send them as text. */
function argumentsIn(text: string, reading: Reading): Json {
  const embedded = embeddedContainer(text);
  if (!embedded?.faithful) return text;
  if (JSON.stringify(embedded.value) !== text) reading.lost = true;
  return embedded.value;
}

function responsePart(part: Fields, reading: Reading): Fields {
  const { type: _, response, result, content, output, ...rest } = part;
  const { id, ...others } = linked(rest, reading);
  const answer = firstOf(reading, response, result, content, output);
  return inOrder({ ...others, id, response: answer, type: 'tool_call_response' });
}

/** The id that a call and its response share, by its place; other ids of theirs are left out. */
function linked(part: Fields, reading: Reading): { [key: string]: Json | undefined } {
  const { id, call_id, tool_call_id, tool_use_id, ...rest } = part;
  const ids = [call_id, tool_call_id, tool_use_id, id].filter((one) => one != null && one !== '');
  if (ids.some((one) => one !== ids[0])) reading.lost = true;
  return { ...rest, id: placeOf(ids[0], reading) };
}

function placeOf(id: Json | undefined, { toolCallIds }: Reading): Json | undefined {
  if (typeof id !== 'string' || id === '') return id === '' ? undefined : id;
  const known = toolCallIds.get(id);
  if (known) return known;
  const place = String(toolCallIds.size + 1);
  toolCallIds.set(id, place);
  return place;
}

/** An image given by its URL; data in the URL is data. */
function imagePart(part: Fields, reading: Reading): Fields {
  const { type: _, image_url, image, ...rest } = part;
  const { url, ...about } = urlIn(image_url ?? image);
  if (typeof url !== 'string') return inOrder(part);
  const head = /^data:([^;,]{1,100});base64,/.exec(url.slice(0, 200));
  const found = head
    ? { content: url.slice(head[0].length), mime_type: head[1]!, type: 'blob' }
    : { type: 'uri', uri: url };
  if (image_url != null && image != null) reading.lost = true;
  const described = joined(rest, inOrder(about), reading);
  return inOrder(joined(described, { ...found, modality: 'image' }, reading));
}

/** `"https:…"`, `{"url": …}`, and OpenInference's `{"image": {"url": …}}`. */
function urlIn(value: Json | undefined): { [key: string]: Json | undefined } {
  if (typeof value === 'string') return { url: value };
  if (!isFields(value)) return {};
  const isWrapped = isFields(value.image) && Object.keys(value).length === 1;
  return isWrapped ? (value.image as Fields) : value;
}
