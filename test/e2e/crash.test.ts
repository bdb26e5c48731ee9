/** The crash harness at its shortest; `npm run soak` runs it at length (docs/soak.md). */
import { describe, expect, it } from 'vitest';
import { soak } from '../../scripts/soak/soak.ts';

const KILLS = 50;
const LABELS = 10;
/** Another run draws other lots: what fails in one of many is a fault all the same, and the seed is told. */
const SEED = Math.floor(Math.random() * 2 ** 31);

describe('a service that is killed again and again', () => {
  it(`loses nothing, doubles nothing, invents nothing, and tells of all (seed ${SEED})`, {
    timeout: 240_000,
  }, async () => {
    const { findings, summary } = await soak({
      kills: KILLS,
      seed: SEED,
      labels: LABELS,
      lifeMs: 300,
    });
    expect(findings).toEqual([]);
    const { lives, births, world, found } = summary!;
    expect(lives.kills + births).toBe(KILLS);
    // A run in which nothing happened would prove nothing; on a busy machine less does.
    expect(lives.unready).toBeGreaterThan(5);
    expect(lives.writersAsked).toBeGreaterThan(5);
    expect(found.changes).toBeGreaterThan(LABELS);
    expect(found.faults).toBeGreaterThan(0);
    expect(found.traces.stored).toBeGreaterThan(100);
    expect(found.traces.byTag.bracketed).toBeGreaterThan(10);
    expect(world.parts.receiver.refused).toBeGreaterThan(0);
  });
});
