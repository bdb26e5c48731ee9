import { describe, expect, it } from 'vitest';
import { DIALECTS, INPUT, OUTPUT } from './dialects.ts';
import { inferenceIn, spanWith, traceIn } from './span.ts';

const each = Object.entries(DIALECTS);

describe.each(each)('%s', (_, span) => {
  it('says what went in and what came out, in the one form', () => {
    const { input, output } = traceIn(span);
    expect(input).toEqual(INPUT);
    expect(output).toEqual(OUTPUT);
  });

  it('keeps the model that was asked for and the one that answered apart', () => {
    const { requestModel, responseModel } = inferenceIn(span);
    expect([requestModel, responseModel]).toEqual(['gpt-4o', 'gpt-4o-2024-08-06']);
  });

  it('has provider, tokens, finish reasons', () => {
    const { provider, tokens, finishReasons } = inferenceIn(span);
    expect(provider).toBe('openai');
    expect(tokens).toMatchObject({ input: 52, output: 47 });
    expect(finishReasons).toEqual(['stop']);
  });
});

describe('across dialects', () => {
  it('the same prompt is the same input, and the same words the same output', () => {
    const traces = each.map(([, span]) => traceIn(span).trace);
    expect(new Set(traces.map(({ inputHash }) => inputHash!.toString('hex'))).size).toBe(1);
    expect(new Set(traces.map(({ outputHash }) => outputHash!.toString('hex'))).size).toBe(1);
    expect(traces.every(({ inputExact }) => !inputExact)).toBe(true);
  });

  it('totals are only what is said, parameters and conversations what the dialect has', () => {
    const of = (name: string) => inferenceIn(DIALECTS[name]!);
    expect(of('structured messages').tokens.total).toBeNull();
    expect(of('OpenInference').tokens.total).toBe(99);
    expect(of('structured messages').parameters).toEqual({ temperature: 0.5 });
    expect(of('OpenInference').parameters).toEqual({ model: 'gpt-4o', temperature: 0.5 });
    expect(of('flattened prompts').parameters).toBeNull();
    expect(of('structured messages').conversationId).toBe('conv-7');
    expect(of('OpenInference').conversationId).toBe('conv-7');
    expect(of('structured messages').operation).toBe('chat');
    expect(of('OpenInference').operation).toBeNull();
  });

  it('nothing is stored twice that is told whole, and ids of calls stay', () => {
    for (const [name, span] of each) {
      const { trace, attributes } = traceIn(span);
      // OpenInference tells it twice itself, and only one of them is the input.
      if (name !== 'OpenInference') expect(trace.attributes).not.toContain('clerk');
      expect(trace.attributes).not.toContain('It rains.');
      const { inputToolCallIds } = attributes['underlabel.span'];
      expect(inputToolCallIds).toEqual([expect.stringMatching(/^call_\w$/)]);
    }
  });
});

describe('a span that speaks several dialects', () => {
  const mixed = spanWith({
    'openinference.span.kind': 'LLM',
    'gen_ai.operation.name': 'chat',
    'gen_ai.system': 'old',
    'llm.system': 'oldest',
    'gen_ai.request.model': 'asked',
    'llm.model_name': 'answered',
    'gen_ai.usage.input_tokens': '7',
    'llm.token_count.prompt': 8,
    'llm.token_count.completion': 9,
    'gen_ai.prompt.0.role': 'user',
    'gen_ai.prompt.0.content': 'from prompts',
    'llm.input_messages.0.message.role': 'user',
    'llm.input_messages.0.message.content': 'from messages',
    'output.value': 'only here',
  });

  it('takes each fact from the first dialect that has it', () => {
    const inference = inferenceIn(mixed);
    expect(inference).toMatchObject({
      provider: 'old',
      requestModel: 'asked',
      responseModel: 'answered',
      tokens: { input: 7, output: 9, total: null },
    });
  });

  it('takes the input from one place whole, and keeps the other as it came', () => {
    const { input, output, attributes } = traceIn(mixed);
    expect(input).toEqual([{ role: 'user', parts: [{ type: 'text', content: 'from prompts' }] }]);
    expect(output).toBe('only here');
    expect(attributes['llm.input_messages.0.message.content']).toBe('from messages');
    expect(attributes).not.toHaveProperty(['gen_ai.prompt.0.content']);
    expect(attributes['underlabel.span']).toMatchObject({
      inputFrom: 'gen_ai.prompt.N',
      outputFrom: 'output.value',
    });
  });

  it("does not take OpenInference's repeated request for the model that answered", () => {
    const span = spanWith({
      'openinference.span.kind': 'LLM',
      'llm.request.model_name': 'a',
      'llm.model_name': 'a',
    });
    expect(inferenceIn(span)).toMatchObject({ requestModel: 'a', responseModel: null });
  });
});
