/** Content as OpenInference has it. */
import type { OtlpSpan } from '../otlp/span.ts';
import { type Content, placesOf, readEither, saidIn, textOrJson } from './content.ts';
import { embeddedJson } from './embedded-json.ts';
import { type ListNames, listUnder } from './flattened.ts';
import { isFields, type Json, jsonOf } from './json.ts';
import type { Side } from './older-content.ts';

const MESSAGES = { input: 'llm.input_messages', output: 'llm.output_messages' } as const;
const JSON_TYPE = /^\s*application\/(?:[\w.-]+\+)?json\b/i;

/** `llm.input_messages.0.message.content`. */
export function llmMessages(
  { attributes }: OtlpSpan,
  side: Side,
  lists: ListNames,
): Content | null {
  const prefix = MESSAGES[side];
  const carrier = 'openinference messages';
  const manner = side === 'input' ? { side } : { side, role: 'assistant' };
  const list = listUnder(attributes, prefix, lists);
  if (!list) {
    const given = attributes[prefix];
    return given == null ? null : readEither(carrier, jsonOf(given), placesOf([prefix]), manner);
  }
  // The reason stands beside the messages, and belongs to the one there is.
  const reason = side === 'output' ? attributes['llm.finish_reason'] : undefined;
  const value = typeof reason === 'string' ? withReason(list.value, reason) : list.value;
  return saidIn(carrier, value, placesOf(list.keys), { ...manner, lost: list.lost });
}

function withReason(list: Json, reason: string): Json {
  if (!Array.isArray(list) || list.length !== 1) return list;
  return list.map((only) => (isFields(only) ? { ...only, finish_reason: reason } : only));
}

/** `llm.prompts.0.prompt.text`, of a completions API: texts that nobody in particular says. */
export function llmTexts({ attributes }: OtlpSpan, side: Side, lists: ListNames): Content | null {
  const [prefix, wrapper, carrier] =
    side === 'input'
      ? (['llm.prompts', 'prompt', 'openinference prompts'] as const)
      : (['llm.choices', 'completion', 'openinference choices'] as const);
  const list = listUnder(attributes, prefix, lists);
  if (!list || !Array.isArray(list.value)) return null;
  const messages = list.value.map((item): Json => {
    const text = onlyOf(onlyOf(item, wrapper), 'text');
    return typeof text === 'string' ? { parts: [text] } : item;
  });
  return saidIn(carrier, messages, placesOf(list.keys), { side, lost: list.lost });
}

/** The one member of an object that has no other. */
function onlyOf(value: Json | undefined, key: string): Json | undefined {
  return isFields(value) && Object.keys(value).length === 1 ? value[key] : undefined;
}

/** `input.value`: JSON where its type says so, else a text, as it stands. */
export function plainValue({ attributes }: OtlpSpan, side: Side): Content | null {
  const name = `${side}.value` as const;
  const given = attributes[name];
  if (given == null) return null;
  const from = placesOf([name]);
  if (typeof given !== 'string') {
    const value = jsonOf(given);
    return textOrJson(name, JSON.stringify(value), { value, faithful: true }, from);
  }
  const type = attributes[`${side}.mime_type`];
  const isJson = typeof type === 'string' && JSON_TYPE.test(type);
  return textOrJson(name, given, isJson ? embeddedJson(given) : null, from);
}
