import { describe, expect, it } from 'vitest';
import type { AnyValue } from '../../../src/ingest/otlp/span.ts';
import { spanWith, traceIn } from './span.ts';

const chat = { 'gen_ai.operation.name': 'chat' };
const text = (content: string) => ({ type: 'text', content });
const user = (content: string) => ({ role: 'user', parts: [text(content)] });

function inputOf(attributes: { [key: string]: AnyValue }) {
  return traceIn(spanWith({ ...chat, ...attributes })).input;
}

describe('an input that is not told', () => {
  it.each<[string, { [key: string]: AnyValue }]>([
    ['nothing', {}],
    ['an empty text', { 'input.value': '' }],
    ['a text that was withheld', { 'input.value': '__REDACTED__' }],
    ['JSON null', { 'input.value': 'null', 'input.mime_type': 'application/json' }],
    ['an empty list', { 'gen_ai.input.messages': [] }],
    ['an empty list as text', { 'gen_ai.input.messages': '[]' }],
    ['roles alone', { 'gen_ai.prompt.0.role': 'user', 'gen_ai.prompt.1.role': 'assistant' }],
    ['an empty message', { 'gen_ai.prompt.0.role': 'user', 'gen_ai.prompt.0.content': '' }],
    [
      'parts without content',
      { 'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text"}]}]' },
    ],
    [
      'calls without arguments',
      {
        'gen_ai.input.messages': [
          { role: 'user' },
          { role: 'assistant', tool_calls: [{ id: 'c', function: { name: 'f' } }] },
        ],
      },
    ],
    ['instructions alone', { 'gen_ai.system_instructions': 'Be brief.' }],
    [
      'instructions and roles',
      { 'gen_ai.system_instructions': 'Be brief.', 'gen_ai.input.messages': '[{"role":"user"}]' },
    ],
    [
      'the system, and a user whose words are withheld',
      {
        'gen_ai.input.messages': [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: '__REDACTED__' },
        ],
      },
    ],
  ])('is null, never an empty text: %s', (_, attributes) => {
    const { trace, attributes: kept } = traceIn(spanWith({ ...chat, ...attributes }));
    expect([trace.input, trace.inputHash, trace.inputExact]).toEqual([null, null, false]);
    for (const [key, value] of Object.entries(attributes)) expect(kept[key]).toEqual(value);
  });

  it('falls back to the next place that says something', () => {
    expect(inputOf({ 'gen_ai.prompt.0.role': 'user', 'input.value': 'Hello' })).toBe('Hello');
  });
});

describe('an input', () => {
  it('is a text where it is no JSON, and none is made of it', () => {
    expect(inputOf({ 'input.value': '{"a":1}' })).toBe('{"a":1}');
    expect(inputOf({ 'gen_ai.prompt': 'Once upon' })).toBe('Once upon');
    expect(inputOf({ 'gen_ai.input.messages': '[{"role":"user","parts":[{"ty' })).toMatch(/^\[/);
  });

  it('is the JSON that it says it is', () => {
    for (const type of [
      'application/json',
      'Application/JSON; charset=utf-8',
      'application/a+json',
    ]) {
      expect(inputOf({ 'input.value': '{"a": 1}', 'input.mime_type': type })).toEqual({ a: 1 });
    }
    expect(inputOf({ 'input.value': '{"a": 1', 'input.mime_type': 'application/json' })).toBe(
      '{"a": 1',
    );
    expect(inputOf({ 'input.value': ['a', 1] })).toEqual(['a', 1]);
  });

  it('stands as it came where its JSON says more than its value', () => {
    const raw = '[{"role":"user","parts":[{"type":"x","n":9007199254740993}]}]';
    const { trace } = traceIn(spanWith({ ...chat, 'gen_ai.input.messages': raw }));
    expect([trace.input, trace.inputExact]).toEqual([raw, true]);
    const twice = '[{"role":"user","role":"system","parts":["a"]}]';
    expect(traceIn(spanWith({ ...chat, 'gen_ai.input.messages': twice })).trace.input).toBe(twice);
  });

  it('of a completions API is said by nobody in particular', () => {
    const texts = { 'llm.prompts.1.prompt.text': 'b', 'llm.prompts.0.prompt.text': 'a' };
    expect(inputOf(texts)).toEqual([{ parts: [text('a')] }, { parts: [text('b')] }]);
  });

  it('may be a list of messages that are JSON texts each, or one message', () => {
    expect(inputOf({ 'gen_ai.input.messages': [JSON.stringify(user('a')), 'b'] })).toEqual([
      user('a'),
      { parts: [text('b')] },
    ]);
    expect(inputOf({ 'gen_ai.input.messages': user('a') })).toEqual([user('a')]);
  });

  it('has parts it does not know as they are, and leaves out what is null', () => {
    const parts = [
      { type: 'hologram', z: [1], a: null },
      { type: 'text', content: 'x', cached: true },
    ];
    expect(inputOf({ 'gen_ai.input.messages': [{ role: 'user', name: 'Ada', parts }] })).toEqual([
      {
        role: 'user',
        name: 'Ada',
        parts: [
          { type: 'hologram', z: [1] },
          { type: 'text', content: 'x', cached: true },
        ],
      },
    ]);
  });

  it('has images by address or as data, from every dialect', () => {
    const address = 'https://a.example/x.png';
    const data = 'data:image/png;base64,aGk=';
    const seen = [
      { type: 'uri', modality: 'image', uri: address },
      { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'aGk=' },
    ];
    const contents = [address, data].map((url) => ({ type: 'image_url', image_url: { url } }));
    expect(
      inputOf({
        'gen_ai.prompt.0.role': 'user',
        'gen_ai.prompt.0.content': JSON.stringify(contents),
      }),
    ).toEqual([{ role: 'user', parts: seen }]);
    const prefix = 'llm.input_messages.0.message.contents';
    expect(
      inputOf({
        'llm.input_messages.0.message.role': 'user',
        [`${prefix}.0.message_content.type`]: 'image',
        [`${prefix}.0.message_content.image.image.url`]: address,
        [`${prefix}.1.message_content.type`]: 'image',
        [`${prefix}.1.message_content.image.image.url`]: data,
      }),
    ).toEqual([{ role: 'user', parts: seen }]);
  });

  it('tells which answer belongs to which call, whatever their ids are', () => {
    const asked = (one: string, two: string, first: string) =>
      traceIn(
        spanWith({
          ...chat,
          'gen_ai.input.messages': [
            {
              role: 'assistant',
              parts: [one, two].map((id) => ({ type: 'tool_call', id, name: 'f', arguments: {} })),
            },
            { role: 'tool', parts: [{ type: 'tool_call_response', id: first, response: 'yes' }] },
          ],
        }),
      ).trace.inputHash!.toString('hex');
    expect(asked('a', 'b', 'a')).toBe(asked('x', 'y', 'x'));
    expect(asked('a', 'b', 'a')).not.toBe(asked('a', 'b', 'b'));
  });

  it('does not take a text for parts where texts are texts', () => {
    const typed = '[{"type":"text","text":"a"}]';
    expect(inputOf({ 'gen_ai.input.messages': [{ role: 'user', content: typed }] })).toEqual([
      user(typed),
    ]);
    expect(
      inputOf({
        'llm.input_messages.0.message.role': 'user',
        'llm.input_messages.0.message.content': typed,
      }),
    ).toEqual([user(typed)]);
  });

  it('is stored a second time, as it came, where the one form says less', () => {
    const args = '{ "city" : "Rome" }';
    const { input, attributes } = traceIn(
      spanWith({
        ...chat,
        'gen_ai.prompt.0.role': 'assistant',
        'gen_ai.prompt.0.tool_calls.0.name': 'f',
        'gen_ai.prompt.0.tool_calls.0.arguments': args,
      }),
    );
    expect(input[0].parts[0].arguments).toEqual({ city: 'Rome' });
    expect(attributes['gen_ai.prompt.0.tool_calls.0.arguments']).toBe(args);
  });
});

describe('an output', () => {
  it('has every choice, in the order of their indexes', () => {
    const told = [2, 0, 1].map((index): [string, { [key: string]: AnyValue }] => [
      'gen_ai.choice',
      { index, finish_reason: 'stop', message: JSON.stringify([{ text: `${index}` }]) },
    ]);
    const { output } = traceIn(spanWith(chat, { told }));
    expect(output).toEqual(
      ['0', '1', '2'].map((word) => {
        return { role: 'assistant', finish_reason: 'stop', parts: [text(word)] };
      }),
    );
  });

  it('is not told twice by an event that is kept: what else it says stays', () => {
    const told: [string, { [key: string]: AnyValue }][] = [
      ['gen_ai.user.message', { content: 'Hi', 'gen_ai.system': 'x' }],
      ['exception', { 'exception.type': 'E' }],
    ];
    const { attributes } = traceIn(spanWith(chat, { told }));
    expect(attributes['underlabel.span'].events).toEqual([
      { name: 'gen_ai.user.message', timeUnixNano: '0', attributes: { 'gen_ai.system': 'x' } },
      { name: 'exception', timeUnixNano: '1000000', attributes: { 'exception.type': 'E' } },
    ]);
  });
});
