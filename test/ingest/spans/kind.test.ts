import { describe, expect, it } from 'vitest';
import { inferenceOf } from '../../../src/ingest/spans/inference.ts';
import { spanWith } from './span.ts';

const model = { 'gen_ai.request.model': 'm' };

describe('an inference', () => {
  it.each([
    ['chat', { 'gen_ai.operation.name': 'chat' }, 'chat'],
    ['a completion', { 'gen_ai.operation.name': 'text_completion' }, 'text_completion'],
    ['content', { 'gen_ai.operation.name': 'generate_content' }, 'generate_content'],
    ['embeddings', { 'gen_ai.operation.name': 'embeddings' }, 'embeddings'],
    ['an LLM span', { 'openinference.span.kind': 'LLM' }, null],
    ['an embedding span', { 'openinference.span.kind': 'EMBEDDING' }, 'embeddings'],
    ['an older request', { 'llm.request.type': 'completion' }, 'text_completion'],
    ['a model without an operation', model, null],
    ['an operation of its own, with a model', { ...model, 'gen_ai.operation.name': 'x' }, 'x'],
  ])('is %s', (_, attributes: { [key: string]: string }, operation) => {
    expect(inferenceOf(spanWith(attributes))?.operation).toBe(operation);
  });

  it.each([
    ['a tool', { ...model, 'gen_ai.operation.name': 'execute_tool' }],
    ['an agent', { ...model, 'gen_ai.operation.name': 'invoke_agent' }],
    [
      'an agent that says LLM too',
      { 'gen_ai.operation.name': 'invoke_agent', 'openinference.span.kind': 'LLM' },
    ],
    ['a chain', { ...model, 'openinference.span.kind': 'CHAIN' }],
    ['a retriever', { 'openinference.span.kind': 'retriever', 'input.value': 'x' }],
    ['a step of a workflow', { ...model, 'traceloop.span.kind': 'task' }],
    ['an operation of its own without a model', { 'gen_ai.operation.name': 'x' }],
    ['a request for a page', { 'http.request.method': 'GET' }],
    ['a span that says nothing', {}],
  ])('is not %s', (_, attributes: { [key: string]: string }) => {
    expect(inferenceOf(spanWith(attributes))).toBeNull();
  });
});
