/** Small histories for the tests of the heart: readings that never overlap, touching and zero-length ones included. */
import fc from 'fast-check';
import type { Lost } from '../../src/lineage/attribution.ts';
import type { ArtifactId } from '../../src/lineage/manifest.ts';
import type { Reading } from '../../src/lineage/reading.ts';

/** One reading, told by what lies between it and the one before. */
export interface Step {
  gap: number; // from the previous answer to this question, ms
  length: number; // from the question to the answer, ms
  artifactId: ArtifactId | null;
}

export const ARTIFACTS = ['A', 'B', 'C', null] as const;

export const steps = (most: number) =>
  fc.array(
    fc.record({
      gap: fc.nat({ max: 2 }),
      length: fc.nat({ max: 2 }),
      artifactId: fc.constantFrom(...ARTIFACTS),
    }),
    { maxLength: most },
  );

export const histories = (most: number) => steps(most).map(readingsOf);

export function readingsOf(told: readonly Step[]): Reading[] {
  const readings: Reading[] = [];
  let answered = 0;
  let asked = -1;
  for (const [i, { gap, length, artifactId }] of told.entries()) {
    // Two readings may touch, but two at one and the same instant would have no order.
    const sameInstant = gap === 0 && length === 0 && asked === answered;
    asked = answered + (sameInstant ? 1 : gap);
    answered = asked + length;
    const instants = { requestedAt: asked, receivedAt: answered };
    readings.push({ id: `r${i}`, ...instants, recordedAt: answered, artifactId });
  }
  return readings;
}

export const span = (most: number) =>
  fc
    .tuple(fc.nat({ max: most }), fc.nat({ max: 6 }))
    .map(([start, length]) => ({ start, end: start + length }));

/** Every span of whole milliseconds within [from, to]. */
export function* spansWithin(from: number, to: number) {
  for (let start = from; start <= to; start++) {
    for (let end = start; end <= to; end++) yield { start, end };
  }
}

/** Stretches of which nothing is known, in order of time; they may touch. */
export const lostStretches = (count: number, most: { gap: number; length: number }) =>
  fc
    .array(fc.tuple(fc.nat({ max: most.gap }), fc.integer({ min: 1, max: most.length })), {
      maxLength: count,
    })
    .map((told) => {
      let ended = 0;
      return told.map(([gap, length]): Lost => {
        const from = ended + gap;
        ended = from + length;
        return { from, to: ended };
      });
    });
