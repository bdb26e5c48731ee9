import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyValue, OtlpSpan } from '../../../src/ingest/otlp/span.ts';
import { spanWith, traceIn } from './span.ts';

type Told =
  | { role: 'system' | 'user'; text: string }
  | { role: 'assistant'; text: string | null; calls: { id: number; name: string; args: object }[] }
  | { role: 'tool'; id: number; text: string };

const text = fc.oneof(
  fc.string({ minLength: 1, unit: 'binary' }),
  fc.constantFrom('{"a":1}', '[1]', 'null', '__proto__', ' '),
);
const args = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()));
const call = fc.record({ id: fc.nat(3), name: fc.constantFrom('f', 'g'), args });
const message: fc.Arbitrary<Told> = fc.oneof(
  fc.record({ role: fc.constantFrom('system', 'user'), text }),
  fc.record({
    role: fc.constant('assistant' as const),
    text,
    calls: fc.constant([] as { id: number; name: string; args: object }[]),
  }),
  fc.record({
    role: fc.constant('assistant' as const),
    text: fc.option(text),
    calls: fc.array(call, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ role: fc.constant('tool' as const), id: fc.nat(3), text }),
);
const conversation = fc.array(message, { minLength: 1, maxLength: 5 });

const chat = { 'gen_ai.operation.name': 'chat' };

/** As OpenTelemetry has it, in structured values. */
function structured(messages: Told[], id: (n: number) => string): OtlpSpan {
  const list = messages.map((told): AnyValue => {
    if (told.role === 'tool') {
      const parts = [{ type: 'tool_call_response', id: id(told.id), response: told.text }];
      return { role: 'tool', parts };
    }
    const words = told.text === null ? [] : [{ type: 'text', content: told.text }];
    const calls = told.role === 'assistant' ? told.calls : [];
    const asked = calls.map((one) => {
      return { type: 'tool_call', id: id(one.id), name: one.name, arguments: one.args as AnyValue };
    });
    return { parts: [...words, ...asked], role: told.role };
  });
  return spanWith({ ...chat, 'gen_ai.input.messages': list });
}

/** As the OpenAI API has it, one event a message. */
function events(messages: Told[], id: (n: number) => string): OtlpSpan {
  const told = messages.map((one): [string, { [key: string]: AnyValue }] => {
    const answered = one.role === 'tool' ? { id: id(one.id) } : {};
    const calls = (one.role === 'assistant' ? one.calls : []).map(({ id: n, name, args }) => {
      return { id: id(n), type: 'function', function: { name, arguments: JSON.stringify(args) } };
    });
    const body = { content: one.text, ...answered, ...(calls.length > 0 && { tool_calls: calls }) };
    return [`gen_ai.${one.role}.message`, { 'gen_ai.event.content': JSON.stringify(body) }];
  });
  return spanWith(chat, { told });
}

/** As names with indexes, of two kinds. */
function flattened(messages: Told[], id: (n: number) => string, kind: 'older' | 'llm'): OtlpSpan {
  const given: { [key: string]: AnyValue } = {};
  messages.forEach((told, i) => {
    const at = kind === 'older' ? `gen_ai.prompt.${i}` : `llm.input_messages.${i}.message`;
    given[`${at}.role`] = told.role;
    if (told.text !== null) given[`${at}.content`] = told.text;
    if (told.role === 'tool') given[`${at}.tool_call_id`] = id(told.id);
    if (told.role !== 'assistant') return;
    told.calls.forEach((one, j) => {
      const to = kind === 'older' ? `${at}.tool_calls.${j}` : `${at}.tool_calls.${j}.tool_call`;
      given[`${to}.id`] = id(one.id);
      const inner = kind === 'older' ? to : `${to}.function`;
      given[`${inner}.name`] = one.name;
      given[`${inner}.arguments`] = JSON.stringify(one.args);
    });
  });
  return spanWith({ ...chat, ...given });
}

describe('whatever the conversation', () => {
  it('its input is the same in every dialect, under other ids of calls', () => {
    fc.assert(
      fc.property(conversation, (messages) => {
        const spans = [
          structured(messages, (n) => `call_${n}`),
          events(messages, (n) => `c-${3 - n}`),
          flattened(messages, (n) => `${n}${n}`, 'older'),
          flattened(messages, (n) => `toolu_${n}`, 'llm'),
        ];
        const inputs = spans.map((span) => traceIn(span).trace);
        for (const { input, inputHash, inputExact } of inputs) {
          expect(input).not.toBeNull();
          expect(input).toBe(inputs[0]!.input);
          expect(inputHash).toEqual(inputs[0]!.inputHash);
          expect(inputExact).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('another conversation is another input', () => {
    const plain = fc.array(fc.record({ role: fc.constantFrom('system', 'user'), text }), {
      minLength: 1,
      maxLength: 3,
    }) as fc.Arbitrary<Told[]>;
    fc.assert(
      fc.property(plain, plain, (one, other) => {
        const [a, b] = [one, other].map((messages) => {
          return traceIn(flattened(messages, String, 'older')).trace.inputHash!;
        });
        expect(a!.equals(b!)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });
});
