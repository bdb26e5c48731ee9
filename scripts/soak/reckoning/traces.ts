/** Every acknowledged trace, once, as it was sent, under a tag that claims no more than what is so. */
import type { TraceJson } from '../../../src/contract/trace.ts';
import { type Asking, all } from '../asking.ts';
import { type Batch, idOf, placeOf, traceOf } from '../traces.ts';
import type { LabelTruth } from '../truth.ts';
import { falseTag, sameContent } from './judgement.ts';

interface Sent {
  /** All of them acknowledged. */
  batches: readonly Batch[];
  seed: number;
  labels: readonly LabelTruth[];
}

export interface TracesFound {
  stored: number;
  byTag: Record<string, number>;
}

/** @param firstReceivedAt by label */
export async function reckonTraces(
  asking: Asking,
  { batches, seed, labels }: Sent,
  firstReceivedAt: ReadonlyMap<string, number>,
): Promise<TracesFound> {
  const { findings } = asking;
  const names = labels.map(({ name }) => name);
  const byName = new Map(labels.map((label) => [label.name, label]));
  const seen = batches.map(({ size }) => new Uint8Array(size));
  const found: TracesFound = { stored: 0, byTag: {} };
  for await (const trace of all<TraceJson>(asking, 'traces')) {
    found.stored++;
    const place = placeOf(trace.id);
    const row = place && seen[place.batch];
    if (!row || place.index >= row.length) {
      findings.note(`the trace ${trace.id} is stored, and was never sent`);
      continue;
    }
    row[place.index]!++;
    const sent = traceOf(batches[place.batch]!, place.index, names, seed);
    if (!sameContent(trace, sent)) findings.note(`the trace ${trace.id} is not what was sent`);
    const { observed } = trace.attribution;
    found.byTag[observed] = (found.byTag[observed] ?? 0) + 1;
    const name = trace.label ?? '';
    const fault = falseTag(trace, byName.get(name) ?? null, firstReceivedAt.get(name) ?? Infinity);
    if (fault) findings.note(fault);
  }
  seen.forEach((row, batch) => {
    row.forEach((times, index) => {
      if (times === 0)
        findings.note(`the trace ${idOf(batch, index)} was acknowledged and is lost`);
      if (times > 1) findings.note(`the trace ${idOf(batch, index)} is there ${times} times`);
    });
  });
  return found;
}
