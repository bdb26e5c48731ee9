/** What a span says of one inference, whichever dialect it speaks. */
import type { Attributes, OtlpSpan } from '../otlp/span.ts';
import { countAt, textAt } from './attribute.ts';
import type { Content } from './content.ts';
import { embeddedContainer } from './embedded-json.ts';
import { listNames } from './flattened.ts';
import { type Fields, isFields, type Json, jsonOf } from './json.ts';
import { kindOf } from './kind.ts';
import { saidOf } from './said.ts';

export interface Inference {
  /** `chat`, `embeddings` and the like; null where the span doesn't say. */
  operation: string | null;
  provider: string | null;
  /** What was asked for. */
  requestModel: string | null;
  /** What says it answered. Another fact, though it may be the same name. */
  responseModel: string | null;
  responseId: string | null;
  /** Each null where it isn't said: a total is never added up here. */
  tokens: { input: number | null; output: number | null; total: number | null };
  conversationId: string | null;
  /** Temperature and the like, by the names of the dialect. */
  parameters: Fields | null;
  finishReasons: string[];
  error: { type: string | null; message: string | null } | null;
  input: Content | null;
  output: Content | null;
}

/** Of each fact the first name that has it counts: OpenTelemetry's, then older ones, then OpenInference's. */
export function inferenceOf(span: OtlpSpan): Inference | null {
  const { attributes } = span;
  const { isInference, operation } = kindOf(attributes);
  if (!isInference) return null;
  const lists = listNames(attributes);
  const input = saidOf(span, 'input', lists);
  const output = saidOf(span, 'output', lists);
  const invocation = invocationOf(attributes);
  return {
    operation,
    provider: textAt(
      attributes,
      'gen_ai.provider.name',
      'gen_ai.system',
      'llm.provider',
      'llm.system',
    ),
    ...modelsOf(attributes, invocation),
    responseId: textAt(attributes, 'gen_ai.response.id'),
    tokens: tokensOf(attributes),
    conversationId: textAt(attributes, 'gen_ai.conversation.id', 'session.id'),
    parameters: requestParameters(attributes) ?? invocation,
    finishReasons: finishReasonsOf(attributes, output),
    error: errorOf(span),
    input,
    output,
  };
}

function modelsOf(attributes: Attributes, invocation: Fields | null) {
  const sent = invocation?.model ?? invocation?.model_name;
  const requestModel =
    textAt(attributes, 'gen_ai.request.model', 'llm.request.model_name') ??
    (typeof sent === 'string' && sent !== '' ? sent : null);
  const answered = textAt(attributes, 'gen_ai.response.model', 'llm.response.model_name');
  return { requestModel, responseModel: answered ?? namedModel(attributes) };
}

/** OpenInference's one model is the one that answered, unless only the request is known: then it repeats that. */
function namedModel(attributes: Attributes): string | null {
  const model = textAt(attributes, 'llm.model_name', 'embedding.model_name');
  return model === textAt(attributes, 'llm.request.model_name') ? null : model;
}

export function tokensOf(attributes: Attributes): Inference['tokens'] {
  return {
    input: countAt(
      attributes,
      'gen_ai.usage.input_tokens',
      'gen_ai.usage.prompt_tokens',
      'llm.token_count.prompt',
    ),
    output: countAt(
      attributes,
      'gen_ai.usage.output_tokens',
      'gen_ai.usage.completion_tokens',
      'llm.token_count.completion',
    ),
    total: countAt(
      attributes,
      'gen_ai.usage.total_tokens',
      'llm.usage.total_tokens',
      'llm.token_count.total',
    ),
  };
}

const REQUEST = 'gen_ai.request.';

function requestParameters(attributes: Attributes): Fields | null {
  const entries: [string, Json][] = [];
  for (const key in attributes) {
    if (!key.startsWith(REQUEST) || key === 'gen_ai.request.model') continue;
    entries.push([key.slice(REQUEST.length), jsonOf(attributes[key]!)]);
  }
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

function invocationOf(attributes: Attributes): Fields | null {
  const given =
    attributes['llm.invocation_parameters'] ?? attributes['embedding.invocation_parameters'];
  if (given === undefined) return null;
  const value = typeof given === 'string' ? embeddedContainer(given)?.value : jsonOf(given);
  return isFields(value) ? value : null;
}

function finishReasonsOf(attributes: Attributes, output: Content | null): string[] {
  const given = attributes['gen_ai.response.finish_reasons'];
  const value = typeof given === 'string' ? (embeddedContainer(given)?.value ?? given) : given;
  const stated = (Array.isArray(value) ? value : [value]).filter(isName);
  if (stated.length > 0) return stated;
  const said = (output?.messages ?? []).map((message) => message.finish_reason).filter(isName);
  if (said.length > 0) return said;
  return [attributes['llm.finish_reason']].filter(isName);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function errorOf({ attributes, status }: OtlpSpan): Inference['error'] {
  const type = textAt(attributes, 'error.type');
  if (status.code !== 2 && type === null) return null;
  return { type, message: status.message === '' ? null : status.message };
}
