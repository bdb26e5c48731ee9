/** A span → a trace to be stored: its id, its times, what was said, and all that it came with. */
import { decision as decisionText } from '../../contract/trace.ts';
import type { NewTrace } from '../../store/store.ts';
import type { OtlpSpan } from '../otlp/span.ts';
import { countAt, textAt, unusable } from './attribute.ts';
import type { Inference } from './inference.ts';
import { keptAttributes } from './kept-attributes.ts';
import { type AttributeProblem, type LabelFacts, labelFactsOf } from './label-facts.ts';
import { traceKey } from './trace-key.ts';

const NS_PER_MS = 1_000_000n;
const DECISION = 'underlabel.decision';
const TURN = 'underlabel.turn';

export interface SpanTrace {
  /** All but its label, which follows from the facts and the rules of the day. */
  trace: Omit<NewTrace, 'label'>;
  facts: LabelFacts;
  /** What could not be taken for what its name says; the trace is stored all the same. */
  problems: AttributeProblem[];
}

/** @param inference of this span */
export function traceOf(span: OtlpSpan, inference: Inference): SpanTrace {
  const { facts, problems } = labelFactsOf(span, inference);
  const { input, output } = inference;
  const trace = {
    id: traceKey(span),
    ...timesOf(span),
    decision: decisionOf(span, problems),
    blobId: facts.blobId,
    context: contextIdOf(inference, problems),
    turn: turnOf(span, problems),
    input: input?.text ?? null,
    inputHash: input?.hash ?? null,
    inputExact: input?.exact ?? false,
    output: output?.text ?? null,
    outputHash: output?.hash ?? null,
    attributes: keptAttributes(span, inference),
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

/** Of a span that is no inference: where it stands in its trace, and nothing that was said in it. */
export interface ContextSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  name: string;
  service: string | null;
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  /** 0 unset, 1 ok, 2 error. */
  status: number;
  startedAt: number;
  endedAt: number;
}

const LONGEST_NAME = 200;

/** Names are cut, for they are all there is to show. */
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
