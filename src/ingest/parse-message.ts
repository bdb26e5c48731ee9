/** What goes to the thread that parses, and what comes back. */
import { z } from 'zod';
import { BodyError, type BodyErrorCode } from './json-body.ts';
import type { NativeRequest, ParsedBatch } from './native.ts';
import { OtlpError, type OtlpErrorCode } from './otlp/otlp-error.ts';
import type { OtlpRequest } from './otlp/read-otlp.ts';
import { type PackedContext, packContext, unpackContext } from './packed-context.ts';
import { type PackedTraces, packTraces, unpackTraces } from './packed-traces.ts';
import type { ParsedSpans } from './spans/parsed-spans.ts';

export type ParseRequest = ({ kind: 'native' } & NativeRequest) | ({ kind: 'otlp' } & OtlpRequest);

export type ParseAnswer = PackedBatch | PackedSpans | Failure;

export interface PackedBatch {
  kind: 'native';
  index: number[];
  traces: PackedTraces;
  rejected: ParsedBatch['rejected'];
}

export interface PackedSpans extends Pick<ParsedSpans, 'rejected' | 'notes'> {
  kind: 'otlp';
  traces: PackedTraces;
  context: PackedContext;
}

/** An error loses its class between threads, so those that a body can cause are told apart here. */
type Failure =
  | { kind: 'body error'; code: BodyErrorCode; message: string }
  | { kind: 'otlp error'; code: OtlpErrorCode; message: string }
  | { kind: 'envelope error'; issues: z.core.$ZodIssue[] }
  | { kind: 'error'; cause: unknown };

export function packBatch({ traces, rejected }: ParsedBatch): PackedBatch {
  const index = traces.map((one) => one.index);
  return { kind: 'native', index, traces: packTraces(traces.map(({ trace }) => trace)), rejected };
}

export function unpackBatch({ index, traces, rejected }: PackedBatch): ParsedBatch {
  return {
    traces: unpackTraces(traces).map((trace, i) => ({ index: index[i]!, trace })),
    rejected,
  };
}

export function packSpans({ traces, context, rejected, notes }: ParsedSpans): PackedSpans {
  const packed = { traces: packTraces(traces), context: packContext(context) };
  return { kind: 'otlp', ...packed, rejected, notes };
}

export function unpackSpans({ traces, context, rejected, notes }: PackedSpans): ParsedSpans {
  return { traces: unpackTraces(traces), context: unpackContext(context), rejected, notes };
}

export function packError(cause: unknown): Failure {
  if (cause instanceof BodyError) {
    return { kind: 'body error', code: cause.code, message: cause.message };
  }
  if (cause instanceof OtlpError) {
    return { kind: 'otlp error', code: cause.code, message: cause.message };
  }
  if (cause instanceof z.ZodError) return { kind: 'envelope error', issues: cause.issues };
  return { kind: 'error', cause };
}

export function unpackError(failure: Failure): unknown {
  switch (failure.kind) {
    case 'body error':
      return new BodyError(failure.code, failure.message);
    case 'otlp error':
      return new OtlpError(failure.code, failure.message);
    case 'envelope error':
      // Zod's `ZodError` itself makes no Error, which is all that the app's error handler takes.
      return new z.ZodRealError(failure.issues);
    case 'error':
      return failure.cause;
  }
}
