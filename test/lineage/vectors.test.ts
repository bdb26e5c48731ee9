import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { attribute, type Observed, viewOf } from '../../src/lineage/attribution.ts';
import type { Reading } from '../../src/lineage/reading.ts';
import {
  type ChangeKind,
  changesOf,
  runsOf,
  stretchOf,
  tenuresOf,
  type Window,
} from '../../src/lineage/timeline.ts';

/** A letter stands for an artifact. */
interface Vector {
  name: string;
  observations: {
    requestedAt: number;
    receivedAt: number;
    outcome: 'artifact' | 'absent' | 'failed';
    artifact: string | null;
  }[];
  tenures: { artifact: string }[];
  changes: { kind: ChangeKind; from: string | null; to: string | null }[];
  traces: {
    start: number;
    end: number;
    certainty: Observed;
    artifact: string | null;
    candidates: (string | null)[];
    window: Window | null;
  }[];
}

const file = new URL('../vectors/attribution.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Vector[] };

/** A failed reading says nothing and never reaches the heart. */
function readingsOf(vector: Vector): Reading[] {
  return vector.observations.flatMap(({ outcome, artifact, requestedAt, receivedAt }, i) => {
    if (outcome === 'failed') return [];
    const instants = { requestedAt, receivedAt, recordedAt: receivedAt };
    return [{ id: `r${i}`, ...instants, artifactId: artifact }];
  });
}

test('the vectors hold ten histories and 58 probes', () => {
  expect(cases).toHaveLength(10);
  expect(cases.flatMap((vector) => vector.traces)).toHaveLength(58);
});

describe.each(cases)('the history "$name"', (vector) => {
  const readings = readingsOf(vector);
  const runs = runsOf(readings.map(stretchOf));

  test('has its tenures', () => {
    const expected = vector.tenures.map(({ artifact, ...rest }) => ({
      ...rest,
      artifactId: artifact,
    }));
    expect(tenuresOf(runs)).toEqual(expected);
  });

  test('has its changes, each named by the reading that revealed it', () => {
    const changes = changesOf(runs);
    expect(changes.map(({ id: _, detectedAt: __, ...rest }) => rest)).toEqual(vector.changes);
    for (const change of changes) {
      const revealing = readings.find((reading) => reading.id === change.id)!;
      expect(revealing.artifactId).toBe(change.to);
      expect(revealing.receivedAt).toBe(change.before);
      expect(revealing.recordedAt).toBe(change.detectedAt);
    }
  });

  test.each(vector.traces)('says $certainty for [$start, $end]', ({ start, end, ...expected }) => {
    const attribution = attribute(viewOf(readings, { start, end }));
    const { certainty, observed, artifactId: artifact, candidates, window } = attribution;
    expect({ certainty, artifact, candidates, window }).toEqual(expected);
    expect(observed).toBe(certainty);
    expect(attribution.conflict).toBe(false);
    expect(attribution.declaredBlobId).toBeNull();
  });
});
