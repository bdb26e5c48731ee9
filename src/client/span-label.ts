/**
 * Which label a span has. What the span or its resource declares comes first, as it does in the
 * service, so that a stamp is never of another label than the one its trace goes to.
 */
import { LABEL_NAME } from './fields.ts';
import { quiet } from './guard.ts';
import { resourceAttribute, type SpanView } from './span-view.ts';

export const LABEL = 'underlabel.label';

/** One label for every inference; or, span by span, the label or undefined for none. */
export type LabelOption = string | ((span: SpanView) => string | undefined);

export interface SpanLabel {
  name: string;
  /** `model`: nobody said so; it counts where a label of that name is known to exist. */
  by: 'declared' | 'option' | 'model';
}

/** @throws whatever the span or the option throws */
export function labelOfSpan(span: SpanView, option: LabelOption | undefined): SpanLabel | null {
  const own = span.attributes[LABEL];
  if (own !== undefined) return named(own, 'declared');
  const inference = isInference(span.attributes);
  const shared = inference ? resourceAttribute(span, LABEL) : undefined;
  if (shared !== undefined) return named(shared, 'declared');
  if (typeof option === 'function') return named(option(span), 'option');
  if (!inference) return null;
  if (option !== undefined) return named(option, 'option');
  return named(requestedModel(span.attributes), 'model');
}

function named(name: unknown, by: SpanLabel['by']): SpanLabel | null {
  if (typeof name === 'string' && LABEL_NAME.test(name)) return { name, by };
  quiet(name);
  return null;
}

type Attributes = SpanView['attributes'];

function requestedModel(attributes: Attributes): unknown {
  return attributes['gen_ai.request.model'] ?? attributes['llm.request.model_name'];
}

const OPERATIONS: ReadonlySet<unknown> = new Set([
  'chat',
  'text_completion',
  'generate_content',
  'embeddings',
  'completion',
  'embedding',
]);
const KINDS: ReadonlySet<unknown> = new Set(['LLM', 'EMBEDDING']);

/** A model was asked: not a tool, an agent or a database. In short what the receiver goes by. */
function isInference(attributes: Attributes): boolean {
  const operation = attributes['gen_ai.operation.name'];
  if (operation !== undefined) return OPERATIONS.has(operation);
  const kind = attributes['openinference.span.kind'];
  if (kind !== undefined) return KINDS.has(kind);
  if (attributes['llm.request.type'] !== undefined) return true;
  if (attributes['traceloop.span.kind'] !== undefined) return false;
  return (
    attributes['gen_ai.request.model'] !== undefined ||
    attributes['gen_ai.response.model'] !== undefined
  );
}
