import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyValue } from '../../../src/ingest/otlp/span.ts';
import { listUnder } from '../../../src/ingest/spans/flattened.ts';
import { inferenceOf } from '../../../src/ingest/spans/inference.ts';
import { jsonOf } from '../../../src/ingest/spans/json.ts';
import { traceOf } from '../../../src/ingest/spans/trace.ts';
import { attributesOf, spanWith, traceIn } from './span.ts';

const chat = { 'gen_ai.operation.name': 'chat' };

describe('flattened names', () => {
  const list = (given: { [key: string]: AnyValue }) => listUnder(attributesOf(given), 'p');

  it.each<[string, { [key: string]: AnyValue }, unknown, boolean]>([
    ['in any order', { 'p.1.a': 2, 'p.0.a': 1 }, [{ a: 1 }, { a: 2 }], false],
    ['with gaps, which close', { 'p.2.a': 2, 'p.7.a': 7 }, [{ a: 2 }, { a: 7 }], true],
    ['with absurd indexes', { 'p.1000000000.a': 2, 'p.0.a': 1 }, [{ a: 1 }, { a: 2 }], true],
    ['with a value and names below it', { 'p.0.a': 1, 'p.0.a.b': 2 }, [{ a: 1 }], true],
    ['with names below it first', { 'p.0.a.b': 2, 'p.0.a': 1 }, [{ a: 1 }], true],
    ['with names that are no names', { 'p.0.': 1, 'p.0..': 2 }, [{ '': 1 }], true],
    [
      'with lists in them',
      { 'p.0.c.1.x': 'b', 'p.0.c.0.x': 'a' },
      [{ c: [{ x: 'a' }, { x: 'b' }] }],
      false,
    ],
    [
      'with an index among names',
      { 'p.0.c.0': 'a', 'p.0.c.x': 'b' },
      [{ c: { 0: 'a', x: 'b' } }],
      false,
    ],
  ])('are read %s', (_, given, value, lost) => {
    const found = list(given)!;
    expect(found.value).toEqual(value);
    expect(found.lost).toBe(lost);
  });

  it('that are no indexes are nobody’s', () => {
    const given = {
      'p.00.a': 1,
      'p.-1.a': 1,
      'p.1e3.a': 1,
      'p.x.a': 1,
      'p. 1.a': 1,
      'p.9999999999999999.a': 1,
      p: 1,
      'pp.0.a': 1,
    };
    expect(list(given)).toBeNull();
  });

  it('never reach a prototype', () => {
    const given = {
      'p.0.__proto__.polluted': 'yes',
      'p.0.constructor.prototype.polluted': 'yes',
      'p.0.role': 'user',
    };
    const { value } = list(given)!;
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
    expect(Object.keys((value as object[])[0]!).sort()).toEqual([
      '__proto__',
      'constructor',
      'role',
    ]);
    const { trace } = traceIn(
      spanWith({
        ...chat,
        'gen_ai.prompt.0.content': 'x',
        'gen_ai.prompt.0.__proto__.polluted': 'yes',
      }),
    );
    expect(trace.input).toContain('"__proto__":{"polluted":"yes"}');
  });

  it('that go too deep are left where they are', () => {
    const deep = `p.0${'.a'.repeat(10_000)}`;
    const found = list({ [deep]: 1, 'p.0.b': 2 })!;
    expect([found.value, found.keys, found.lost]).toEqual([[{ b: 2 }], ['p.0.b'], true]);
  });

  it('come back as they went in', () => {
    const leaf = fc.oneof(fc.string(), fc.boolean(), fc.integer());
    const name = fc.string({ minLength: 1 }).filter((key) => !/\.|^\d+$/.test(key));
    const message = fc.dictionary(
      name,
      fc.oneof(leaf, fc.array(fc.dictionary(name, leaf, { minKeys: 1 }), { minLength: 1 })),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 5 }), (messages) => {
        const given: [string, AnyValue][] = [];
        const flatten = (path: string, value: unknown): void => {
          if (typeof value !== 'object') given.push([path, value as AnyValue]);
          else for (const [key, part] of Object.entries(value!)) flatten(`${path}.${key}`, part);
        };
        flatten('p', messages);
        const attributes = Object.create(null);
        for (const [key, value] of given) attributes[key] = value;
        const found = listUnder(attributes, 'p')!;
        expect(JSON.parse(JSON.stringify(found.value))).toEqual(
          JSON.parse(JSON.stringify(messages)),
        );
        expect(found.lost).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

describe('values that plain JSON cannot say', () => {
  it.each<[AnyValue, unknown]>([
    [Number.NaN, { doubleValue: 'NaN' }],
    [Number.NEGATIVE_INFINITY, { doubleValue: '-Infinity' }],
    [9007199254740993n, { intValue: '9007199254740993' }],
    [Buffer.from('hi'), { bytesValue: 'aGk=' }],
    [attributesOf({ intValue: 'mine' }), { kvlistValue: { intValue: 'mine' } }],
    [attributesOf({ kvlistValue: 'mine' }), { kvlistValue: { kvlistValue: 'mine' } }],
    [attributesOf({ intValue: 1, b: 2 }), { intValue: 1, b: 2 }],
    ['\0\ud800', '\0\ud800'],
  ])('are written so that they can be told: %#', (value, json) => {
    expect(jsonOf(value)).toEqual(json);
    const { trace } = traceIn(spanWith({ ...chat, odd: value, nested: [value] }));
    expect(trace.attributes!.isWellFormed() && !trace.attributes!.includes('\0')).toBe(true);
    expect(JSON.parse(trace.attributes!)).toMatchObject({ odd: json, nested: [json] });
  });

  it('tell apart whatever differs', () => {
    const value: fc.Memo<AnyValue> = fc.memo(
      (n): fc.Arbitrary<AnyValue> =>
        n <= 1
          ? fc.oneof(
              fc.string(),
              fc.double({ noDefaultInfinity: false }),
              fc.bigInt({ min: 2n ** 53n, max: 2n ** 54n }),
              fc.uint8Array({ maxLength: 4 }),
              fc.constant(null),
              fc.boolean(),
            )
          : fc.oneof(
              fc.array(value(n - 1), { maxLength: 3 }),
              fc.dictionary(
                fc.constantFrom(
                  'intValue',
                  'doubleValue',
                  'bytesValue',
                  'kvlistValue',
                  '__proto__',
                  'a',
                ),
                value(n - 1),
                { maxKeys: 2 },
              ),
            ),
    );
    // Back from JSON, as OTLP's own JSON would be read.
    const back = (json: unknown): unknown => {
      if (Array.isArray(json)) return json.map(back);
      if (typeof json !== 'object' || json === null) return json;
      const entries = Object.entries(json);
      const [key, inner] = entries.length === 1 ? entries[0]! : [];
      if (key === 'doubleValue') return Number(inner);
      if (key === 'intValue') return BigInt(inner);
      if (key === 'bytesValue') return new Uint8Array(Buffer.from(inner, 'base64'));
      const map = key === 'kvlistValue' ? Object.entries(inner) : entries;
      return Object.fromEntries(map.map(([name, part]) => [name, back(part)]));
    };
    const plain = (given: AnyValue): unknown => {
      // JSON has one zero.
      if (typeof given === 'number') return given === 0 ? 0 : given;
      if (Array.isArray(given)) return given.map(plain);
      if (typeof given !== 'object' || given === null) return given;
      if (given instanceof Uint8Array) return new Uint8Array(given);
      return Object.fromEntries(Object.entries(given).map(([key, part]) => [key, plain(part)]));
    };
    fc.assert(
      fc.property(value(3), (given) => {
        expect(back(JSON.parse(JSON.stringify(jsonOf(given))))).toEqual(plain(given));
      }),
      { numRuns: 300 },
    );
  });
});

describe('hostile spans', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  it.each<[string, { [key: string]: AnyValue }]>([
    [
      'a million brackets',
      { 'gen_ai.input.messages': '['.repeat(1e6), 'gen_ai.output.messages': nested(5e5) },
    ],
    [
      'brackets in arguments',
      { 'gen_ai.prompt.0.tool_calls.0.arguments': nested(1e5), 'gen_ai.prompt.0.content': 'x' },
    ],
    [
      'the wrong types everywhere',
      {
        'gen_ai.input.messages': 7,
        'gen_ai.output.messages': [1, null, true, [2]],
        'gen_ai.request.model': [1],
        'gen_ai.usage.input_tokens': -1,
        'gen_ai.response.finish_reasons': [1, null],
        'llm.invocation_parameters': 'x',
        'underlabel.turn': 1.5,
      },
    ],
    [
      'messages that are lists',
      { 'gen_ai.input.messages': [[['x']]], 'gen_ai.completion': [[{}]] },
    ],
    [
      'lone surrogates and NUL',
      {
        'gen_ai.prompt.0.content': '\ud800\0',
        'gen_ai.conversation.id': '\ud800',
        'gen_ai.request.model': '\0',
        'underlabel.decision': 'a\0',
      },
    ],
    [
      'a flood of flattened names',
      Object.fromEntries(
        Array.from({ length: 5000 }, (_, i) => [`gen_ai.prompt.${i * 1e9}.content`, 'x']),
      ),
    ],
    ['a name of ours', { 'underlabel.span': 'x' }],
  ])('%s', (_, attributes) => {
    const { trace, attributes: kept } = traceIn(spanWith({ ...chat, ...attributes }));
    for (const text of [trace.input, trace.output, trace.attributes]) {
      expect(text === null || (text.isWellFormed() && !text.includes('\0'))).toBe(true);
    }
    expect(kept['underlabel.span']).toMatchObject({ name: 'chat gpt-4o' });
  });

  it('never throw, whatever their attributes hold, and give valid JSON', () => {
    const key = fc.constantFrom(
      'gen_ai.input.messages',
      'gen_ai.output.messages',
      'gen_ai.system_instructions',
      'gen_ai.prompt',
      'gen_ai.prompt.0',
      'gen_ai.prompt.0.content',
      'gen_ai.prompt.0.content.0.type',
      'gen_ai.prompt.1.tool_calls',
      'gen_ai.prompt.1.tool_calls.0.function',
      'llm.input_messages',
      'llm.input_messages.0.message',
      'llm.input_messages.0.message.contents.0.message_content.image',
      'llm.prompts.0.prompt',
      'input.value',
      'input.mime_type',
      'gen_ai.completion.0.tool_calls.0.id',
      'llm.invocation_parameters',
      'underlabel.blob_id',
      'underlabel.label',
      'content',
      'message',
      'gen_ai.event.content',
      'index',
    );
    const word = fc.constantFrom(
      'role',
      'parts',
      'content',
      'type',
      'text',
      'tool_call',
      'image_url',
      'function',
      'arguments',
      'id',
      'name',
      'message',
      'user',
      '[{"type":"text"}]',
      '{"role":"user"}',
      'application/json',
    );
    const { value } = fc.letrec<{ value: AnyValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        word,
        fc.double(),
        fc.constant(null),
        fc.bigInt(),
        fc.uint8Array(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(word, tie('value'), { maxKeys: 4 }),
        fc.json(),
      ),
    }));
    const attributes = fc.dictionary(key, value, { maxKeys: 8 });
    const event = fc.tuple(
      fc.constantFrom(
        'gen_ai.user.message',
        'gen_ai.tool.message',
        'gen_ai.choice',
        'gen_ai.content.prompt',
        'gen_ai.client.inference.operation.details',
      ),
      attributes,
    );
    fc.assert(
      fc.property(attributes, fc.array(event, { maxLength: 3 }), (given, told) => {
        const span = spanWith({ ...given, ...chat }, { told });
        const { trace } = traceOf(span, inferenceOf(span)!);
        for (const text of [trace.input, trace.output, trace.attributes]) {
          if (text !== null) JSON.parse(text.toString());
        }
        expect(trace.input === null).toBe(trace.inputHash === null);
      }),
      { numRuns: 500 },
    );
  });
});
