import { describe, expect, it, onTestFinished } from 'vitest';
import { startChore } from '../../src/store/chore.ts';
import { answerRetention, traceRetention } from '../../src/store/retention.ts';
import type { TraceLimits } from '../../src/store/store.ts';
import { FakeClock } from '../watch/fake-clock.ts';

const MINUTE = 60_000;

/** A store that has so many bodies of age left. */
function retention(left: number, keepAnswersMs = MINUTE) {
  const clock = new FakeClock(1_000_000_000);
  const asked: number[] = [];
  const told = { left, asked, dropped: 0, failed: 0, fails: false };
  const store = {
    async dropAnswers(before: number, limit: number) {
      if (told.fails) throw new Error('the disk is full');
      asked.push(before);
      const dropped = Math.min(told.left, limit);
      told.left -= dropped;
      return dropped;
    },
  };
  const chore = answerRetention(store, keepAnswersMs, {
    dropped: (answers) => {
      told.dropped += answers;
    },
    failed: () => {
      told.failed++;
    },
  });
  const stop = startChore(chore, clock);
  onTestFinished(stop);
  return { clock, told, stop };
}

it('lets go of what is of age in small steps, and then waits for more', async () => {
  const { clock, told } = retention(250);
  await clock.pass(2 * MINUTE);
  expect(told).toMatchObject({ dropped: 250, left: 0 });
  expect(told.asked.length).toBe(3);
  told.left = 5;
  await clock.pass(10 * MINUTE);
  expect(told.dropped).toBe(255);
});

it('counts age from now', async () => {
  const { clock, told } = retention(0, 7 * MINUTE);
  await clock.pass(MINUTE);
  expect(told.asked).toEqual([clock.now() - 7 * MINUTE]);
});

it('goes on after a failure', async () => {
  const { clock, told } = retention(5);
  told.fails = true;
  await clock.pass(MINUTE);
  expect(told).toMatchObject({ failed: 1, dropped: 0 });
  told.fails = false;
  await clock.pass(10 * MINUTE);
  expect(told.dropped).toBe(5);
});

it('does nothing once it is ended', async () => {
  const { clock, told, stop } = retention(5);
  await stop();
  await clock.pass(60 * MINUTE);
  expect(told.dropped).toBe(0);
  expect(clock.pending).toBe(0);
});

describe('the retention of traces', () => {
  const DAY = 86_400_000;

  /** What a store was asked to drop; of each label it has so many that are old. */
  async function asked(
    labels: Record<string, number>,
    settings: Parameters<typeof traceRetention>[1],
  ): Promise<Map<string | null, TraceLimits>> {
    const clock = new FakeClock(10_000 * DAY);
    const limits = new Map<string | null, TraceLimits>();
    let dropped = 0;
    const store = {
      tracedLabels: async () => Object.keys(labels),
      async dropTraces(given: TraceLimits, limit: number) {
        limits.set(given.label, given);
        const count = Math.min(labels[given.label ?? ''] ?? 0, limit);
        if (given.label !== null) labels[given.label]! -= count;
        return count;
      },
    };
    const told = {
      dropped: (count: number) => {
        dropped += count;
      },
      failed: (error: unknown) => expect.fail(String(error)),
    };
    const sum = Object.values(labels).reduce((a, b) => a + b, 0);
    onTestFinished(startChore(traceRetention(store, settings, told), clock));
    await clock.pass(5 * MINUTE);
    expect(dropped).toBe(limits.size === 0 ? 0 : sum);
    return limits;
  }

  it('goes by the first entry that fits a label, and else by the setting for all', async () => {
    const retention = [
      { label: 'og/eth*', age: 7 * DAY, bytes: null },
      { label: 'og/*', age: null, bytes: 5e6 },
      { label: null, age: DAY, bytes: null },
    ];
    const labels = { 'og/eth-volatility': 250, 'og/risk': 0, other: 1 };
    const limits = await asked(labels, { retention, keepTraces: 30 * DAY });
    const ages = [...limits].map(([label, { before, bytes }]) => [
      label,
      before === null ? null : Math.round((10_000 * DAY - before) / DAY),
      bytes,
    ]);
    expect(ages).toEqual([
      ['og/eth-volatility', 7, null],
      ['og/risk', null, 5e6],
      ['other', 30, null],
      [null, 1, null],
    ]);
  });

  it('asks for nothing where everything is kept', async () => {
    expect(await asked({ 'og/risk': 0 }, { retention: [], keepTraces: null })).toEqual(new Map());
  });
});
