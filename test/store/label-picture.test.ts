/** What the picture of a label says of times in which nobody looked. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PicturedGap } from '../../src/store/label-picture.ts';
import { files, opened, PUSHED, START, unhurried } from './opened.ts';

const LABEL = 'og/risk';
const SECOND = 1000;
const STEPS = 400;
const GAP_MS = 120 * SECOND;

/** @param at of the readings, ms from the start, ascending; each takes 50 ms */
async function pictured(at: readonly number[]) {
  const store = unhurried(opened().store);
  await store.putLabel(LABEL, PUSHED, START);
  const readings = at.map((ms) => ({ requestedAt: START + ms, receivedAt: START + ms + 50 }));
  const pushes = readings.map((reading) =>
    store.recordPush(LABEL, { ...reading, files: files('a'), backfill: true }, START + 1e9),
  );
  await Promise.all(pushes);
  const [from, to] = [START - SECOND, readings.at(-1)!.receivedAt + SECOND];
  const picture = await store.labelPicture(LABEL, { from, to, steps: STEPS, gapMs: GAP_MS });
  const real = readings
    .slice(1)
    .map(({ receivedAt }, i) => ({ from: readings[i]!.requestedAt, to: receivedAt }))
    .filter((gap) => gap.to - gap.from > GAP_MS);
  await store.close();
  return { gaps: picture.gaps.filter(({ to: end }) => end !== null), real };
}

function isTold(gaps: readonly PicturedGap[], { from, to }: { from: number; to: number }): boolean {
  return gaps.some(
    (gap) => gap.from <= from && gap.to! >= to && (gap.longestMs ?? to - from) >= to - from,
  );
}

describe('times in which nobody looked', () => {
  it('are all told, however many there are', async () => {
    const { gaps, real } = await pictured(Array.from({ length: 700 }, (_, i) => i * 600 * SECOND));
    expect(real).toHaveLength(699);
    expect(real.filter((gap) => !isTold(gaps, gap))).toEqual([]);
    expect(gaps.every(({ isSeveral }) => isSeveral)).toBe(true);
  });

  it('are told one by one where they lie apart, and only where nobody looked', async () => {
    const often = (from: number) => Array.from({ length: 100 }, (_, i) => from + i * SECOND);
    const { gaps, real } = await pictured([...often(0), ...often(400 * SECOND), ...often(9e5)]);
    expect(gaps).toEqual(
      real.map((gap) => ({ ...gap, longestMs: gap.to - gap.from, isSeveral: false })),
    );
  });

  it('are told at least where they are, of more readings than are looked at one by one', async () => {
    const at = Array.from(
      { length: 30_000 },
      (_, i) => i * SECOND + Math.floor(i / 100) * 200 * SECOND,
    );
    const { gaps, real } = await pictured(at);
    expect(real).toHaveLength(299);
    expect(real.filter((gap) => !isTold(gaps, gap))).toEqual([]);
    expect(gaps.length).toBeLessThanOrEqual(STEPS);
  });

  it('are told whatever was read when', async () => {
    const waits = fc.array(fc.oneof(fc.nat({ max: 60 }), fc.integer({ min: 100, max: 2000 })), {
      minLength: 1,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(waits, async (seconds) => {
        let at = 0;
        const { gaps, real } = await pictured([
          0,
          ...seconds.map((wait) => (at += (wait + 1) * SECOND)),
        ]);
        expect(real.filter((gap) => !isTold(gaps, gap))).toEqual([]);
        expect(gaps.length).toBeLessThanOrEqual(real.length);
      }),
      { numRuns: 20 },
    );
  });
});
