import { describe, expect, it } from 'vitest';
import type { OtlpSpan } from '../../../src/ingest/otlp/span.ts';
import { keptAttributes } from '../../../src/ingest/spans/kept-attributes.ts';
import { keptFacts } from '../../../src/ingest/spans/kept-facts.ts';
import { inferenceIn, spanWith } from './span.ts';

/** What is read again of a span that was kept. */
function readAgain(attributes: Parameters<typeof spanWith>[0], told: Partial<OtlpSpan> = {}) {
  const span = spanWith({ 'gen_ai.operation.name': 'chat', ...attributes }, told);
  return keptFacts(keptAttributes(span, inferenceIn(span)));
}

describe('what is read again of a kept span', () => {
  it.each([
    ['gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens'],
    ['gen_ai.usage.prompt_tokens', 'gen_ai.usage.completion_tokens'],
    ['llm.token_count.prompt', 'llm.token_count.completion'],
  ])('are its tokens, by %s and %s', (input, output) => {
    expect(readAgain({ [input]: 12, [output]: '34' })).toEqual({
      failed: false,
      inputTokens: 12,
      outputTokens: 34,
    });
  });

  it('is its error, by its status or by its type', () => {
    expect(readAgain({}, { status: { code: 2, message: 'no' } }).failed).toBe(true);
    expect(readAgain({ 'error.type': 'timeout' }).failed).toBe(true);
    expect(readAgain({}, { status: { code: 1, message: '' } }).failed).toBe(false);
  });
});

describe('attributes that came with a trace', () => {
  it.each([
    ['{}', { failed: false, inputTokens: null, outputTokens: null }],
    ['{"underlabel.span":null}', { failed: false, inputTokens: null, outputTokens: null }],
    [
      '{"underlabel.span":7,"error.type":""}',
      { failed: false, inputTokens: null, outputTokens: null },
    ],
    ['{"underlabel.span":{"status":2}}', { failed: false, inputTokens: null, outputTokens: null }],
    [
      '{"gen_ai.usage.input_tokens":-1,"gen_ai.usage.output_tokens":1.5}',
      { failed: false, inputTokens: null, outputTokens: null },
    ],
    [
      '{"error.type":"x","gen_ai.usage.input_tokens":0}',
      { failed: true, inputTokens: 0, outputTokens: null },
    ],
  ])('%s say no more than they do', (text, facts) => {
    expect(keptFacts(text)).toEqual(facts);
  });
});
