/** Which spans are inferences: a model was asked, and answered or failed. */
import type { Attributes } from '../otlp/span.ts';
import { textAt } from './attribute.ts';

const OPERATIONS: ReadonlySet<string> = new Set([
  'chat',
  'text_completion',
  'generate_content',
  'embeddings',
  // Before they were given names of their own:
  'completion',
  'embedding',
]);

/** Operations that ask no model themselves: the spans inside them do. */
const OTHERS =
  /^(?:execute_tool|invoke_agent|create_agent|invoke_workflow|plan|retrieval|retrieve|rerank|(?:create|search|update|upsert|delete)_memory(?:_store)?)$/;

/** OpenInference's kinds, and the operation where the kind says it: LLM may be any of several. */
const KINDS: ReadonlyMap<string, string | null> = new Map([
  ['LLM', null],
  ['EMBEDDING', 'embeddings'],
]);
const OTHER_KINDS = /^(?:CHAIN|RETRIEVER|RERANKER|TOOL|AGENT|GUARDRAIL|EVALUATOR|PROMPT)$/;

/** `llm.request.type`, from before there were operations. */
const REQUEST_TYPES: ReadonlyMap<string, string> = new Map([
  ['chat', 'chat'],
  ['completion', 'text_completion'],
  ['embedding', 'embeddings'],
]);

export interface SpanKind {
  isInference: boolean;
  operation: string | null;
}

const NO: SpanKind = { isInference: false, operation: null };

/**
 * The operation decides where it is one of the known ones, then OpenInference's kind, then the older
 * names. A span of none of these is an inference where it names a model and is no step of an agent.
 */
export function kindOf(attributes: Attributes): SpanKind {
  const operation = textAt(attributes, 'gen_ai.operation.name');
  if (operation !== null && OPERATIONS.has(operation)) return { isInference: true, operation };
  if (operation !== null && OTHERS.test(operation)) return NO;
  const kind = textAt(attributes, 'openinference.span.kind')?.toUpperCase() ?? '';
  if (OTHER_KINDS.test(kind)) return NO;
  if (KINDS.has(kind)) return { isInference: true, operation: operation ?? KINDS.get(kind)! };
  const requestType = REQUEST_TYPES.get(textAt(attributes, 'llm.request.type') ?? '');
  if (requestType) return { isInference: true, operation: operation ?? requestType };
  if (attributes['traceloop.span.kind'] !== undefined) return NO;
  const model = textAt(attributes, 'gen_ai.request.model', 'gen_ai.response.model');
  return model === null ? NO : { isInference: true, operation };
}
