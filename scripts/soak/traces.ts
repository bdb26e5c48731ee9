/** What is sent as traces and as spans: made from its number and when it was made, so that it can be made again to compare. */
import { hash } from 'node:crypto';
import type { z } from 'zod';
import type { traceInput } from '../../src/contract/trace.ts';
import { Random } from './random.ts';

export type SentTrace = z.input<typeof traceInput> & { id: string };

export interface Batch {
  number: number;
  size: number;
  /** ms since 1970. */
  madeAt: number;
}

/** A label that is never registered: nothing is known of it. */
export const UNKNOWN_LABEL = 'soak/nobody-registered-this';

/** An hour before the first reading of anything. */
const LONG_AGO_MS = 3_600_000;

/** Every second batch is sent as an OpenTelemetry exporter would. */
export function isSpans({ number }: Pick<Batch, 'number'>): boolean {
  return number % 2 === 1;
}

/** Of a span its trace id, which is anything and then the number of its batch, and its own. */
export function idOf(batch: number, index: number): string {
  if (!isSpans({ number: batch })) return `soak-${batch}-${index}`;
  const anything = hash('sha256', String(batch)).slice(0, 16);
  return `${anything}${hex16(batch)}-${hex16(index + 1)}`;
}

export function placeOf(id: string): { batch: number; index: number } | null {
  const trace = /^soak-(\d+)-(\d+)$/.exec(id);
  if (trace) return { batch: Number(trace[1]), index: Number(trace[2]) };
  const span = /^[0-9a-f]{16}([0-9a-f]{16})-([0-9a-f]{16})$/.exec(id);
  return span && { batch: Number(`0x${span[1]}`), index: Number(`0x${span[2]}`) - 1 };
}

const hex16 = (number: number) => number.toString(16).padStart(16, '0');

export function traceOf(
  batch: Batch,
  index: number,
  labels: readonly string[],
  seed: number,
): SentTrace {
  const { number, madeAt } = batch;
  const random = new Random(seed, idOf(number, index));
  const ago = random.chance(0.02) ? LONG_AGO_MS : random.between(0, 2500);
  const startedAt = madeAt - ago;
  const endedAt = Math.min(startedAt + random.between(0, 120), madeAt);
  const text = 'Größe “7” \u0000 \\ 試験';
  const sent = {
    id: idOf(number, index),
    label: random.chance(0.02) ? UNKNOWN_LABEL : random.pick(labels),
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    input: { case: index % 7, amount: random.next() * 1000, text } as unknown,
    output: { score: random.next(), reasons: ['new counterparty', null, index] } as unknown,
    decision: random.pick(['HOLD', 'CLEAR', 'ESCALATE']),
    context: `queue-${index % 3}`,
    turn: index,
  };
  if (!isSpans(batch)) return { ...sent, attributes: { batch: number, route: 'tee' } };
  return { ...sent, input: [said('user', sent.input)], output: [said('assistant', sent.output)] };
}

/** A message as spans tell of it, and as it is stored. */
function said(role: string, content: unknown) {
  return { role, parts: [{ type: 'text', content: JSON.stringify(content) }] };
}
