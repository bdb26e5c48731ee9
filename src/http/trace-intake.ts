/** The way in that bodies of traces and of spans share: room is made for them, they are parsed, and keep their room until they are stored. */
import type { Context } from 'hono';
import type { Admission, Place } from '../ingest/admission.ts';
import type { ParsedBatch } from '../ingest/native.ts';
import { encodingOf, isGzip as isOtlpGzip } from '../ingest/otlp/encoding.ts';
import type { TraceParser } from '../ingest/parser.ts';
import type { ParsedSpans } from '../ingest/spans/parsed-spans.ts';
import type { ContextSpan } from '../store/context-span.ts';
import type { NewTrace } from '../store/store.ts';
import { asProblems, expectJson, isGzip, REQUEST_BYTES, withBody } from './body.ts';
import { ProblemError } from './problem.ts';

export interface TraceIntake {
  /** @throws ProblemError @throws z.ZodError where the envelope is wrong */
  native(c: Context, handle: (batch: ParsedBatch) => Promise<Response>): Promise<Response>;
  /** @throws OtlpError @throws BodyError @throws RefusedBodyError @throws ProblemError */
  otlp(c: Context, handle: (spans: ParsedSpans) => Promise<Response>): Promise<Response>;
}

interface Means {
  admission: Admission;
  parser: TraceParser;
  /** Before decompression and after it. */
  maxBodyBytes: number;
}

export function createIntake({ admission, parser, maxBodyBytes: maxBytes }: Means): TraceIntake {
  const inTurn = async <T>(place: Place, bytes: number, parse: () => Promise<T>) => {
    await admission.turn(place, bytes);
    return parse();
  };
  return {
    native: (c, handle) =>
      asProblems(() =>
        withBody(c, maxBytes, admission, async (body, place) => {
          if (body.length === 0) throw new ProblemError('bad-request', 'this needs a JSON body');
          expectJson(c);
          const gzip = isGzip(c);
          const most = mostBytes(body, gzip, maxBytes);
          const request = { body, gzip, maxBytes };
          const batch = await inTurn(place, most, () => parser.native(request));
          const traces = batch.traces.map(({ trace }) => trace);
          admission.parsed(place, weightOf(traces) + batch.rejected.length * OBJECT_BYTES);
          return handle(batch);
        }),
      ),
    otlp: (c, handle) => {
      const contentType = c.req.header('content-type');
      const contentEncoding = c.req.header('content-encoding');
      // Before a body is read that can't be.
      encodingOf(contentType);
      const gzip = isOtlpGzip(contentEncoding);
      return withBody(c, maxBytes, admission, async (body, place) => {
        const most = mostBytes(body, gzip, maxBytes);
        const request = { body, contentType, contentEncoding, maxBytes };
        const spans = await inTurn(place, most, () => parser.otlp(request));
        admission.parsed(place, weightOf(spans.traces, spans.context));
        return handle(spans);
      });
    },
  };
}

/** Deflate packs no tighter. */
const TIGHTEST = 1032;

/** What a body has at most once it is unpacked. */
function mostBytes({ length }: Uint8Array, gzip: boolean, maxBytes: number): number {
  return gzip ? Math.min(maxBytes, length * TIGHTEST) : length;
}

/** About what a trace or a span takes besides its texts. */
const OBJECT_BYTES = 1024;

function weightOf(traces: readonly NewTrace[], context: readonly ContextSpan[] = []): number {
  let bytes = REQUEST_BYTES + (traces.length + context.length) * OBJECT_BYTES;
  for (const { input, output, attributes } of traces) {
    bytes += (input?.length ?? 0) + (output?.length ?? 0) + (attributes?.length ?? 0);
  }
  return bytes;
}
