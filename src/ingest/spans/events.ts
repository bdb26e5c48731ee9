/** Messages sent as events of a span: one event a message, its body in the event's attributes. */
import type { OtlpSpan, SpanEvent } from '../otlp/span.ts';
import { embeddedContainer } from './embedded-json.ts';
import { rebuilt } from './flattened.ts';
import { type Fields, isFields, type Json } from './json.ts';
import { withoutIndex } from './message.ts';

const ROLES: ReadonlyMap<string, string> = new Map([
  ['gen_ai.system.message', 'system'],
  ['gen_ai.user.message', 'user'],
  ['gen_ai.assistant.message', 'assistant'],
  ['gen_ai.tool.message', 'tool'],
]);
const CHOICE = 'gen_ai.choice';
/** The whole body as JSON text, which some send in place of its fields. */
const BODY = 'gen_ai.event.content';
const FIELDS =
  /^(?:role|content|parts|message|tool_calls|name|id|tool_call_id|finish_reason|index)(?:\.|$)/;

export interface EventMessages {
  messages: Json[];
  places: Map<SpanEvent, readonly string[]>;
  lost: boolean;
}

/** What went in: system, user, assistant and tool messages, in the order they were sent. */
export function inputEvents(span: OtlpSpan): EventMessages | null {
  return messagesIn(span, (event) => ROLES.get(event.name) ?? null);
}

/** What came out: the choices, in the order of their indexes. */
export function choiceEvents(span: OtlpSpan): EventMessages | null {
  const found = messagesIn(span, (event) => (event.name === CHOICE ? 'assistant' : null));
  if (!found) return null;
  const messages = found.messages
    .sort((a, b) => indexOf(a) - indexOf(b))
    .map((message) => (isFields(message) ? withoutIndex(message) : message));
  return { ...found, messages };
}

function messagesIn(
  span: OtlpSpan,
  roleOf: (event: SpanEvent) => string | null,
): EventMessages | null {
  const found: EventMessages = { messages: [], places: new Map(), lost: false };
  for (const event of span.events) {
    const role = roleOf(event);
    if (role === null) continue;
    const { body, keys, lost } = bodyOf(event);
    found.messages.push(isFields(body) ? { role, ...body } : body);
    found.places.set(event, keys);
    found.lost ||= lost;
  }
  return found.messages.length > 0 ? found : null;
}

function bodyOf({ attributes }: SpanEvent): { body: Json; keys: string[]; lost: boolean } {
  const whole = attributes[BODY];
  if (typeof whole === 'string') {
    const embedded = embeddedContainer(whole);
    const body = embedded?.faithful && isFields(embedded.value) ? embedded.value : null;
    return { body: opened(body ?? { content: whole }), keys: [BODY], lost: false };
  }
  const keys = Object.keys(attributes).filter((key) => FIELDS.test(key));
  const { value, keys: used, lost } = rebuilt(attributes, keys, 0);
  return { body: opened(isFields(value) ? value : {}), keys: used, lost };
}

/** A choice's message may be JSON text: of a message, or of its content. */
function opened(body: Fields): Fields {
  const { message, ...rest } = body;
  if (typeof message !== 'string' || rest.content !== undefined) return body;
  const embedded = embeddedContainer(message);
  const inner = embedded?.faithful && isFields(embedded.value) ? embedded.value : null;
  return inner ? { ...rest, message: inner } : { ...rest, content: message };
}

function indexOf(message: Json): number {
  const index = isFields(message) ? message.index : null;
  return typeof index === 'number' ? index : 0;
}
