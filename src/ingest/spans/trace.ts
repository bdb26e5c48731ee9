/** A span → a trace to be stored: its id, its times, what was said, and all that it came with. */
import { decision as decisionText } from '../../contract/trace.ts';
import type { ContextSpan } from '../../store/context-span.ts';
import type { LabelFacts } from '../../store/mapping.ts';
import type { NewTrace } from '../../store/store.ts';
import type { OtlpSpan } from '../otlp/span.ts';
import { countAt, textAt, unusable } from './attribute.ts';
import type { Inference } from './inference.ts';
import { keptAttributes } from './kept-attributes.ts';
import { type AttributeProblem, labelFactsOf } from './label-facts.ts';
import { traceKey } from './trace-key.ts';

const NS_PER_MS = 1_000_000n;
const DECISION = 'underlabel.decision';
const TURN = 'underlabel.turn';

export interface SpanTrace {
  /** Without a label: that follows from its origin and its blob, by the rules of the day. */
  trace: NewTrace;
  facts: LabelFacts;
  /** What could not be taken for what its name says; the trace is stored all the same. */
  problems: AttributeProblem[];
}

/** @param inference of this span */
export function traceOf(span: OtlpSpan, inference: Inference): SpanTrace {
  const { facts, problems } = labelFactsOf(span, inference);
  const { input, output } = inference;
  const { blobId, ...origin } = facts;
  const { startedAt, endedAt } = timesOf(span);
  const trace: NewTrace = {
    id: traceKey(span),
    label: null,
    origin,
    startedAt,
    endedAt,
    decision: decisionOf(span, problems),
    blobId,
    context: contextIdOf(inference, problems),
    turn: turnOf(span, problems),
    input: input && Buffer.from(input.text),
    inputHash: input?.hash ?? null,
    inputExact: input?.exact ?? false,
    output: output && Buffer.from(output.text),
    outputHash: output?.hash ?? null,
    attributes: Buffer.from(keptAttributes(span, inference)),
  };
  return { trace, facts, problems };
}

/** In ms: the start at or before, the end at or after what the span says in ns. */
export function timesOf({ start, end }: OtlpSpan): { startedAt: number; endedAt: number } {
  return {
    startedAt: Number(start / NS_PER_MS),
    endedAt: Number((end + NS_PER_MS - 1n) / NS_PER_MS),
  };
}

function decisionOf({ attributes }: OtlpSpan, problems: AttributeProblem[]): string | null {
  const given = attributes[DECISION];
  if (given == null || given === '') return null;
  const parsed = decisionText.safeParse(given);
  const problem =
    typeof given !== 'string'
      ? 'is no text'
      : (parsed.error?.issues[0]?.message ?? unusable(given));
  if (problem === null) return parsed.data!;
  problems.push({ attribute: DECISION, message: problem });
  return null;
}

function contextIdOf({ conversationId }: Inference, problems: AttributeProblem[]): string | null {
  const problem = conversationId === null ? null : unusable(conversationId);
  if (problem === null) return conversationId;
  problems.push({ attribute: 'the conversation', message: `${problem}; the trace has none` });
  return null;
}

function turnOf({ attributes }: OtlpSpan, problems: AttributeProblem[]): number | null {
  if (attributes[TURN] == null) return null;
  const turn = countAt(attributes, TURN);
  if (turn === null) problems.push({ attribute: TURN, message: 'is no whole number from 0' });
  return turn;
}

const LONGEST_NAME = 200;

/** Of a span that is no inference. Names are cut, for they are all there is to show. */
export function contextOf(span: OtlpSpan): ContextSpan {
  const { traceId, spanId, parentSpanId, kind, status } = span;
  const service = textAt(span.resource, 'service.name');
  return {
    ...{ traceId, spanId, parentSpanId, kind },
    name: cut(span.name),
    service: service === null ? null : cut(service),
    status: status.code,
    ...timesOf(span),
  };
}

/** Of what is left nothing that SQLite can't keep. */
function cut(text: string): string {
  return text.slice(0, LONGEST_NAME).replaceAll('\0', '\ufffd').toWellFormed();
}
