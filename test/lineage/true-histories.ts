/** Histories with the truth known: what was under the label at every instant, and what was read of it. */
import fc from 'fast-check';
import type { ArtifactId } from '../../src/lineage/manifest.ts';
import type { Reading } from '../../src/lineage/reading.ts';
import { ARTIFACTS } from './histories.ts';

export interface TrueHistory {
  readings: Reading[];
  /** What was under the label at an instant at or after the first reading's. */
  truthAt: (instant: number) => ArtifactId | null;
}

const nextReading = fc.record({
  artifactId: fc.constantFrom(...ARTIFACTS),
  gap: fc.nat({ max: 6 }), // from the previous answer to this question
  waited: fc.nat({ max: 3 }), // from the question to the instant seen
  travelled: fc.nat({ max: 3 }), // from the instant seen to the answer
  changed: fc.double({ min: 0, max: 1, noNaN: true }), // where between two seen instants it changed
});

/** Labels that change at most once between what two readings saw, and once more after the last one. */
export const trueHistories = fc
  .record({ told: fc.array(nextReading, { minLength: 1, maxLength: 6 }), unseen: nextReading })
  .map(({ told, unseen }): TrueHistory => {
    const readings: Reading[] = [];
    const changes: { at: number; to: ArtifactId | null }[] = [];
    let saw = 0;
    let answered = 0;
    for (const [i, { artifactId, gap, waited, travelled, changed }] of told.entries()) {
      const requestedAt = answered + gap;
      // An instant has one artifact, so that two readings that touch still see two instants.
      const sees = Math.max(requestedAt + waited, saw + 1);
      // The first instant of the new artifact, in (saw, sees].
      const at = sees - Math.floor(changed * (sees - saw - 1));
      if (i === 0 || artifactId !== changes.at(-1)!.to) changes.push({ at, to: artifactId });
      answered = sees + travelled;
      const instants = { requestedAt, receivedAt: answered };
      readings.push({ id: `r${i}`, ...instants, recordedAt: answered, artifactId });
      saw = sees;
    }
    changes.push({ at: saw + 1 + unseen.gap, to: unseen.artifactId });
    return {
      readings,
      truthAt: (instant) => changes.findLast((change) => change.at <= instant)!.to,
    };
  });
