import { expect, test } from 'vitest';
import { files, opened, PUSHED, START, unhurried } from './opened.ts';

test('what began before the first reading is told the reading after it, however many lie between', async () => {
  const { store } = opened();
  unhurried(store);
  await store.putLabel('og/model', PUSHED, START);
  const [count, every] = [600, 30_000];
  const readings = Array.from({ length: count }, (_, i) => {
    const requestedAt = START + i * every;
    return { requestedAt, receivedAt: requestedAt + (i % 3) * 100 };
  });
  for (const instants of readings) {
    const push = { ...instants, files: files('a'), backfill: false };
    await store.recordPush('og/model', push, instants.receivedAt);
  }
  const asOf = readings[400]!.receivedAt;
  for (const last of [0, 1, 150, 159, 160, 161, 399, 400, 401, 599, 600]) {
    for (const offset of [-1, 0, 1]) {
      const end = START + last * every + offset;
      const after = (known: typeof readings) =>
        known.find(({ requestedAt }) => requestedAt >= end) ?? null;
      const now = await store.attributionAt('og/model', 0, end, null);
      expect(now.observed).toBe('unobserved');
      expect(now.grounds).toEqual({ before: null, after: after(readings), maxGapMs: null });
      const then = await store.attributionAt('og/model', 0, end, asOf);
      const grounds = { before: null, after: after(readings.slice(0, 401)), maxGapMs: null };
      expect(then.grounds).toEqual(grounds);
    }
  }
});
