/** A request of spans → what of it can be stored, and what its sender should know. */
import type { ContextSpan } from '../../store/context-span.ts';
import type { NewTrace } from '../../store/store.ts';
import { type OtlpRequest, readOtlp } from '../otlp/read-otlp.ts';
import { inferenceOf } from './inference.ts';
import { ProblemTally } from './problem-tally.ts';
import { contextOf, traceOf } from './trace.ts';

export interface ParsedSpans {
  /** Of the inferences. */
  traces: NewTrace[];
  /** The other spans. */
  context: ContextSpan[];
  /** Spans that were not taken, with why the first few were not. */
  rejected: { count: number; messages: string[] };
  /** What the sender should know of spans that were taken. A few. */
  notes: string[];
}

/** @throws OtlpError */
export function parseSpans(request: OtlpRequest): ParsedSpans {
  const { spans, rejected, notes } = readOtlp(request);
  const traces: NewTrace[] = [];
  const context: ContextSpan[] = [];
  const tally = new ProblemTally();
  for (const span of spans) {
    const inference = inferenceOf(span);
    if (!inference) context.push(contextOf(span));
    else {
      const { trace, problems } = traceOf(span, inference);
      traces.push(trace);
      tally.add(problems);
    }
  }
  return { traces, context, rejected, notes: [...notes, ...tally.notes()] };
}
