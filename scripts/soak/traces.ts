/** What is sent as traces: made from its number and when it was made, so that it can be made again to compare. */
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

export function idOf(batch: number, index: number): string {
  return `soak-${batch}-${index}`;
}

export function placeOf(id: string): { batch: number; index: number } | null {
  const match = /^soak-(\d+)-(\d+)$/.exec(id);
  return match && { batch: Number(match[1]), index: Number(match[2]) };
}

export function traceOf(
  { number, madeAt }: Batch,
  index: number,
  labels: readonly string[],
  seed: number,
): SentTrace {
  const random = new Random(seed, idOf(number, index));
  const ago = random.chance(0.02) ? LONG_AGO_MS : random.between(0, 2500);
  const startedAt = madeAt - ago;
  const endedAt = Math.min(startedAt + random.between(0, 120), madeAt);
  return {
    id: idOf(number, index),
    label: random.chance(0.02) ? UNKNOWN_LABEL : random.pick(labels),
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    input: { case: index % 7, amount: random.next() * 1000, text: 'Größe “7” \u0000 \\ 試験' },
    output: { score: random.next(), reasons: ['new counterparty', null, index] },
    decision: random.pick(['HOLD', 'CLEAR', 'ESCALATE']),
    context: `queue-${index % 3}`,
    turn: index,
    attributes: { batch: number, route: 'tee' },
  };
}
