/** Native JSON: `{"traces": […]}` → traces to be stored. One bad trace never sinks its batch. */
import type { z } from 'zod';
import { fingerprint } from '../contract/fingerprint.ts';
import { type Members, objectsUnder } from '../contract/json-text.ts';
import { fieldErrors, formatPath } from '../contract/path.ts';
import { traceBatch, traceInput } from '../contract/trace.ts';
import type { NewTrace } from '../store/store.ts';
import { gunzipped } from './gunzip.ts';
import { parseJsonBody } from './json-body.ts';
import { newTraceId } from './trace-id.ts';

export interface ParsedBatch {
  /** What can be stored, and where in the request it stood. */
  traces: { index: number; trace: NewTrace }[];
  rejected: { index: number; path: string; message: string }[];
}

/** A body as sent. */
export interface NativeRequest {
  body: Uint8Array;
  gzip: boolean;
  /** After decompression. */
  maxBytes: number;
}

/**
 * @throws BodyError
 * @throws z.ZodError where the envelope itself is wrong
 */
export function readBatch({ body, gzip, maxBytes }: NativeRequest): ParsedBatch {
  return parseBatch(gzip ? gunzipped(body, maxBytes) : body);
}

/**
 * @throws BodyError not-json, too-deep
 * @throws z.ZodError where the envelope itself is wrong
 */
export function parseBatch(body: Uint8Array): ParsedBatch {
  const { text, value } = parseJsonBody(body);
  return parseTraces(text, value);
}

/**
 * @param text the body; @param body what it parses to
 * @throws z.ZodError where the envelope itself is wrong
 */
export function parseTraces(text: string, body: unknown): ParsedBatch {
  const { traces: items } = traceBatch.parse(body);
  const texts = objectsUnder(text, 'traces');
  const batch: ParsedBatch = { traces: [], rejected: [] };
  items.forEach((item, index) => {
    const parsed = traceInput.safeParse(item);
    if (parsed.success) {
      const trace = newTrace(text, texts[index]!, parsed.data);
      batch.traces.push({ index, trace });
      return;
    }
    const [first] = fieldErrors(parsed.error);
    batch.rejected.push({
      index,
      path: first!.path || formatPath(['traces', index]),
      message: first!.message,
    });
  });
  return batch;
}

function newTrace(text: string, members: Members, trace: z.output<typeof traceInput>): NewTrace {
  const rawOf = (key: string) => {
    const at = members.get(key);
    return at ? text.slice(at.start, at.end) : null;
  };
  const [input, output] = [rawOf('input'), rawOf('output')];
  const inputPrint =
    input === null ? null : fingerprint(input, trace.input, members.get('input')!.members);
  const outputPrint =
    output === null ? null : fingerprint(output, trace.output, members.get('output')!.members);
  return {
    id: trace.id ?? newTraceId(),
    label: trace.label,
    origin: null,
    startedAt: trace.startedAt,
    endedAt: trace.endedAt,
    decision: trace.decision ?? null,
    blobId: trace.blobId ?? null,
    context: trace.context ?? null,
    turn: trace.turn ?? null,
    input: bytesOf(input),
    inputHash: inputPrint?.hash ?? null,
    inputExact: inputPrint?.exact ?? false,
    output: bytesOf(output),
    outputHash: outputPrint?.hash ?? null,
    attributes: bytesOf(rawOf('attributes')),
  };
}

function bytesOf(text: string | null): Buffer | null {
  return text === null ? null : Buffer.from(text);
}
