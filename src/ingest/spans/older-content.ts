/** Content as it was sent before OpenTelemetry had its own form, and by those who still do. */
import type { OtlpSpan } from '../otlp/span.ts';
import { type Content, placesOf, readEither, saidIn } from './content.ts';
import { choiceEvents, inputEvents } from './events.ts';
import { type ListNames, listUnder } from './flattened.ts';
import { jsonOf } from './json.ts';

export type Side = 'input' | 'output';

/** The role of what comes out goes without saying. */
const MANNER = {
  input: { side: 'input', partsInText: true },
  output: { side: 'output', partsInText: true, role: 'assistant' },
} as const;

const NAME = { input: 'gen_ai.prompt', output: 'gen_ai.completion' } as const;
const LIST = { input: 'gen_ai.prompt.N', output: 'gen_ai.completion.N' } as const;
const EVENT = { input: 'gen_ai.content.prompt', output: 'gen_ai.content.completion' } as const;

/** `gen_ai.user.message`, `gen_ai.choice` and the like. */
export function messageEvents(span: OtlpSpan, side: Side): Content | null {
  const found = side === 'input' ? inputEvents(span) : choiceEvents(span);
  if (!found) return null;
  const { messages, places, lost } = found;
  const manner = { ...MANNER[side], lost };
  return saidIn('gen_ai message events', messages, placesOf([], places), manner);
}

/** `gen_ai.prompt.0.content`. */
export function promptList({ attributes }: OtlpSpan, side: Side, lists: ListNames): Content | null {
  const list = listUnder(attributes, NAME[side], lists);
  if (!list) return null;
  const manner = { ...MANNER[side], lost: list.lost };
  return saidIn(LIST[side], list.value, placesOf(list.keys), manner);
}

/** `gen_ai.prompt`: one attribute for all, on the span or on the event named for it. */
export function promptWhole(span: OtlpSpan, side: Side): Content | null {
  const name = NAME[side];
  const own = span.attributes[name];
  const found = own == null ? null : readEither(name, jsonOf(own), placesOf([name]), MANNER[side]);
  if (found) return found;
  for (const event of span.events) {
    const given = event.name === EVENT[side] ? event.attributes[name] : undefined;
    if (given == null) continue;
    const places = placesOf([], new Map([[event, [name]]]));
    const told = readEither(name, jsonOf(given), places, MANNER[side]);
    if (told) return told;
  }
  return null;
}
