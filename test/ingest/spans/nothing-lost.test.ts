import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyValue } from '../../../src/ingest/otlp/span.ts';
import { spanWith, traceIn } from './span.ts';

/** Words that decide how something is read; all others are what is said. */
const types = fc.constantFrom(
  'text',
  'input_text',
  'tool_call',
  'function',
  'tool_use',
  'tool_result',
  'reasoning',
  'image_url',
  'image',
  'tool',
  'else',
);
const roles = fc.constantFrom('user', 'assistant', 'tool', 'function', 'system');
const names = fc.constantFrom(
  'content',
  'text',
  'parts',
  'contents',
  'message',
  'tool_calls',
  'tool_call',
  'message_content',
  'function',
  'name',
  'arguments',
  'input',
  'response',
  'result',
  'output',
  'id',
  'call_id',
  'tool_call_id',
  'tool_use_id',
  'function_call',
  'function_call_name',
  'function_call_arguments_json',
  'image_url',
  'image',
  'url',
  'thinking',
  'finish_reason',
  'index',
  'other',
);

const { value } = fc.letrec<{ value: AnyValue; object: AnyValue }>((tie) => ({
  object: fc
    .tuple(fc.option(types), fc.option(roles), fc.dictionary(names, tie('value'), { maxKeys: 4 }))
    .map(([type, role, rest]) => ({ ...rest, ...(type && { type }), ...(role && { role }) })),
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constant('#'),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
    tie('object'),
  ),
}));

/** Each of the texts another one, so that it can be looked for. */
function marked(given: AnyValue, marks: string[], asJson: () => boolean): AnyValue {
  if (given === '#') {
    marks.push(`#${marks.length}#`);
    return marks.at(-1)!;
  }
  if (Array.isArray(given)) return given.map((part) => marked(part, marks, asJson));
  if (typeof given !== 'object' || given === null) return given;
  const entries = Object.entries(given).map(([key, part]) => {
    const inner = marked(part, marks, asJson);
    const isNested = typeof inner === 'object' && inner !== null;
    return [key, isNested && asJson() ? JSON.stringify(inner) : inner] as const;
  });
  return Object.fromEntries(entries);
}

describe('whatever a span says', () => {
  it('is in its trace: in the input, the output or the attributes', () => {
    const attribute = fc.constantFrom(
      'gen_ai.input.messages',
      'gen_ai.output.messages',
      'gen_ai.system_instructions',
      'gen_ai.prompt',
      'gen_ai.prompt.0',
      'gen_ai.prompt.1.content',
      'gen_ai.prompt.1.tool_calls.0',
      'gen_ai.prompt.1.tool_call_id',
      'gen_ai.completion.0.message',
      'llm.input_messages.0.message',
      'llm.input_messages.0.message.tool_calls.0',
      'llm.prompts.0.prompt',
      'input.value',
    );
    const eventAttribute = fc.constantFrom(
      'content',
      'message',
      'message.content',
      'role',
      'tool_calls',
      'id',
      'gen_ai.event.content',
      'gen_ai.prompt',
      'gen_ai.input.messages',
      'mine',
    );
    const name = fc.constantFrom(
      'gen_ai.user.message',
      'gen_ai.tool.message',
      'gen_ai.choice',
      'gen_ai.content.prompt',
      'gen_ai.client.inference.operation.details',
    );
    const event = fc.tuple(name, fc.dictionary(eventAttribute, value, { maxKeys: 4 }));
    const told = fc.array(event, { maxLength: 2 });
    const flips = fc.infiniteStream(fc.boolean());
    fc.assert(
      fc.property(
        fc.dictionary(attribute, value, { maxKeys: 3 }),
        told,
        flips,
        (given, events, coins) => {
          const marks: string[] = [];
          const asJson = () => coins.next().value === true;
          const mark = (attributes: { [key: string]: AnyValue }) =>
            marked(attributes, marks, asJson) as { [key: string]: AnyValue };
          const span = spanWith(
            { ...mark(given), 'gen_ai.operation.name': 'chat' },
            { told: events.map(([one, attributes]) => [one, mark(attributes)]) },
          );
          const { trace } = traceIn(span);
          const all = `${trace.input}${trace.output}${trace.attributes}`;
          expect(marks.filter((one) => !all.includes(one))).toEqual([]);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
