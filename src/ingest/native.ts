/** Native JSON: `{"traces": […]}` → traces to be stored. One bad trace never sinks its batch. */
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { fingerprint } from '../contract/fingerprint.ts';
import { type Extent, elementsAt, membersAt } from '../contract/json-text.ts';
import { fieldErrors, formatPath } from '../contract/path.ts';
import { traceBatch, traceInput } from '../contract/trace.ts';
import type { NewTrace } from '../store/store.ts';

export interface ParsedBatch {
  /** What can be stored, and where in the request it stood. */
  traces: { index: number; trace: NewTrace }[];
  rejected: { index: number; path: string; message: string }[];
}

/**
 * @param text the body; @param body what it parses to
 * @throws z.ZodError where the envelope itself is wrong
 */
export function parseTraces(text: string, body: unknown): ParsedBatch {
  const { traces: items } = traceBatch.parse(body);
  const extents = elementsAt(text, membersAt(text, 0).get('traces')!.start);
  const batch: ParsedBatch = { traces: [], rejected: [] };
  items.forEach((item, index) => {
    const parsed = traceInput.safeParse(item);
    if (parsed.success) {
      const trace = newTrace(text, extents[index]!, parsed.data);
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

function newTrace(text: string, extent: Extent, trace: z.output<typeof traceInput>): NewTrace {
  const members = membersAt(text, extent.start);
  const rawOf = (key: string) => {
    const member = members.get(key);
    return member ? text.slice(member.start, member.end) : null;
  };
  const [input, output] = [rawOf('input'), rawOf('output')];
  const inputPrint = input === null ? null : fingerprint(input, trace.input);
  const outputPrint = output === null ? null : fingerprint(output, trace.output);
  return {
    id: trace.id ?? uuidv7(),
    label: trace.label,
    startedAt: trace.startedAt,
    endedAt: trace.endedAt,
    decision: trace.decision ?? null,
    blobId: trace.blobId ?? null,
    context: trace.context ?? null,
    turn: trace.turn ?? null,
    input,
    inputHash: inputPrint?.hash ?? null,
    inputExact: inputPrint?.exact ?? false,
    output,
    outputHash: outputPrint?.hash ?? null,
    attributes: rawOf('attributes'),
  };
}
