import { expect, it, onTestFinished } from 'vitest';
import { startRetention } from '../../src/store/retention.ts';
import { FakeClock } from '../watch/fake-clock.ts';

const MINUTE = 60_000;

/** A store that has so many bodies of age left. */
function retention(left: number, keepAnswersMs = MINUTE) {
  const clock = new FakeClock(1_000_000_000);
  const asked: number[] = [];
  const told = { left, asked, dropped: 0, failed: 0, fails: false };
  const stop = startRetention({
    clock,
    keepAnswersMs,
    store: {
      async dropAnswers(before, limit) {
        if (told.fails) throw new Error('the disk is full');
        asked.push(before);
        const dropped = Math.min(told.left, limit);
        told.left -= dropped;
        return dropped;
      },
    },
    dropped: (answers) => {
      told.dropped += answers;
    },
    failed: () => {
      told.failed++;
    },
  });
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
