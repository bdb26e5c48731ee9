/** Messages in one form, `{role, parts}`, whichever dialect they came in. */
import { embeddedContainer } from './embedded-json.ts';
import { type Fields, isFields, type Json } from './json.ts';
import {
  firstOf,
  inOrder,
  joined,
  partOf,
  type Reading,
  standingOf,
  textPart,
  toolAnswer,
} from './part.ts';

export interface Manner {
  /** The role where a message names none. */
  role?: string;
  /** Of dialects that write a list of parts as its text where a text would stand. */
  partsInText?: boolean;
}

/** A list of messages, or the only one. */
export function messagesOf(value: Json, reading: Reading, manner: Manner = {}): Fields[] {
  const messages: Fields[] = [];
  for (const one of Array.isArray(value) ? value : [value]) {
    const message = messageOf(one, reading, manner);
    if (message) messages.push(message);
  }
  return messages;
}

/** @returns null where it is none */
function messageOf(given: Json, reading: Reading, manner: Manner): Fields | null {
  if (typeof given === 'string') {
    const embedded = embeddedContainer(given);
    if (embedded?.faithful && isFields(embedded.value)) {
      return messageOf(embedded.value, reading, manner);
    }
    return inOrder({ parts: [textPart(given)], role: manner.role });
  }
  if (!isFields(given)) {
    if (given !== null) reading.lost = true;
    return null;
  }
  const plain = plainMessage(given, reading);
  if (plain) return plain;
  const { role: givenRole, finish_reason, ...rest } = unwrapped(given, reading);
  if (givenRole != null && typeof givenRole !== 'string') reading.lost = true;
  const role = typeof givenRole === 'string' && givenRole !== '' ? givenRole : manner.role;
  const { parts, others } = partsOf(rest, role, reading, manner);
  return inOrder({ ...others, finish_reason, parts, role });
}

/** The form itself, as most are sent: `{role, parts}` of somebody who is no tool, perhaps with a `finish_reason`. */
function plainMessage(given: Fields, reading: Reading): Fields | null {
  const { role, parts, finish_reason } = given;
  if (typeof role !== 'string' || role === '' || isTool(role) || !Array.isArray(parts)) return null;
  const isEnded = typeof finish_reason === 'string';
  let others = isEnded ? -3 : -2;
  for (const _ in given) others++;
  if (others !== 0) return null;
  const said = spoken(takenParts(parts, reading));
  return isEnded ? { finish_reason, parts: said, role } : { parts: said, role };
}

/** OpenInference's and a choice's `{"message": {…}}`; what stands beside it belongs to it. */
function unwrapped(given: Fields, reading: Reading): Fields {
  if (!isFields(given.message)) return given;
  const { message, ...beside } = withoutIndex(given);
  return joined(beside, message, reading);
}

/** A choice's place among others is told by its place in the list. */
export function withoutIndex(choice: Fields): Fields {
  const { index, ...rest } = choice;
  return typeof index === 'number' ? rest : choice;
}

function partsOf(given: Fields, role: string | undefined, reading: Reading, manner: Manner) {
  const { id, tool_call_id, parts, content, contents, tool_calls, ...rest } = given;
  const { called, others } = calledIn(rest, reading);
  // A tool's answer may have its call's id for its own; else a message's says nothing of what it says.
  const callId = isTool(role) ? firstOf(reading, tool_call_id, id) : undefined;
  if (callId === undefined && (id != null || tool_call_id != null)) reading.lost = true;
  const found: Json[] = [];
  const take = (list: readonly Json[]) => {
    for (const part of takenParts(list, reading)) found.push(part);
  };
  take(listOf(firstOf(reading, parts, contents) ?? null));
  if (content != null) take(contentParts(content, manner));
  if (tool_calls != null) take(calls(tool_calls, reading));
  if (isFields(called)) take([{ ...called, type: 'function' }]);
  else if (called !== undefined) reading.lost = true;
  return {
    parts: isTool(role) ? answers(found, callId, reading) : spoken(found),
    others,
  };
}

function takenParts(list: readonly Json[], reading: Reading): Json[] {
  const found: Json[] = [];
  for (const part of list) {
    const taken = partOf(part, reading);
    if (taken !== null) found.push(taken);
  }
  return found;
}

/** The one call that a message had before there were several. */
function calledIn(given: Fields, reading: Reading): { called: Json | undefined; others: Fields } {
  if (!Object.keys(given).some((key) => key.startsWith('function_call'))) {
    return { called: undefined, others: given };
  }
  const { function_call, function_call_name, function_call_arguments_json, ...others } = given;
  const flat = inOrder({ arguments: function_call_arguments_json, name: function_call_name });
  return { called: firstOf(reading, function_call, isEmpty(flat) ? null : flat), others };
}

function contentParts(content: Json, manner: Manner): Json[] {
  if (typeof content !== 'string' || !manner.partsInText) return listOf(content);
  const embedded = embeddedContainer(content);
  const list = embedded?.faithful && Array.isArray(embedded.value) ? embedded.value : [];
  return list.length > 0 && list.every(isPart) ? list : [content];
}

function isPart(value: Json): boolean {
  if (!isFields(value)) return false;
  const keys = Object.keys(value);
  return typeof value.type === 'string' || (keys.length === 1 && keys[0] === 'text');
}

function calls(given: Json, reading: Reading): Json[] {
  const embedded = typeof given === 'string' ? embeddedContainer(given) : null;
  const list = listOf(embedded?.faithful ? embedded.value : given);
  return list.map((call) => {
    if (!isFields(call) || isFields(call.tool_call)) return call;
    // Whatever its type says, in this place it is a call.
    if (call.type != null && call.type !== 'function') reading.lost = true;
    return { ...call, type: 'function' };
  });
}

function isTool(role: string | undefined): boolean {
  return role === 'tool' || role === 'function';
}

/** What a tool says is its answer to a call. */
function answers(parts: readonly Json[], id: Json | undefined, reading: Reading): Json[] {
  const answered = parts.map((part) =>
    isText(part) ? toolAnswer(part.content!, id, reading) : part,
  );
  if (id !== undefined && !parts.some(isText)) reading.lost = true;
  return answered;
}

/** A text and nothing else. */
function isText(part: Json): part is Fields {
  if (!isFields(part) || part.type !== 'text') return false;
  return part.content !== undefined && Object.keys(part).length === 2;
}

/** Some write an empty text beside a call, others none: it says nothing where something else is said. */
function spoken(parts: Json[]): Json[] {
  if (parts.length < 2 || !parts.some((part) => standingOf(part) === 'empty')) return parts;
  const said = parts.filter((part) => standingOf(part) !== 'empty');
  return said.length > 0 ? said : parts.slice(0, 1);
}

function listOf(value: Json): Json[] {
  if (value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function isEmpty(fields: Fields): boolean {
  return Object.keys(fields).length === 0;
}
