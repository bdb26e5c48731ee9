/** The dead man's switch: a call says that all is well, and silence is the alarm. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { type DeadManMeans, type PingOutcome, startDeadMan } from '../../src/watch/dead-man.ts';
import type { Overdue } from '../../src/watch/deadline.ts';
import { atRest, FakeClock } from './fake-clock.ts';

const ADDRESS = 'https://ping.example/a-secret-path?token=secret';
const MINUTE = 60_000;
const NONE: Overdue = { count: 0, oldestMs: 0, labels: [] };
const SOME: Overdue = { count: 2, oldestMs: 130_000, labels: ['a', 'b'] };

async function started(over: Partial<DeadManMeans> = {}) {
  const clock = new FakeClock(Date.parse('2026-11-17T10:00:00Z'));
  const pings: { url: string; at: number }[] = [];
  const told: PingOutcome[] = [];
  const state = { overdue: NONE };
  const stop = startDeadMan({
    url: ADDRESS,
    ping: async (url) => void pings.push({ url, at: clock.elapsed() }),
    watch: { overdue: () => state.overdue },
    clock,
    told: (outcome) => told.push(outcome),
    ...over,
  });
  onTestFinished(stop);
  await atRest();
  return { clock, pings, told, state, stop };
}

const hanging = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

describe('the dead man’s switch', () => {
  it('is called at once and then every minute, while every label is confirmed', async () => {
    const { clock, pings, told } = await started();
    const began = clock.elapsed();
    await clock.pass(3 * MINUTE);
    expect(pings.map(({ url, at }) => [url, at - began])).toEqual(
      [0, 1, 2, 3].map((minutes) => [ADDRESS, minutes * MINUTE]),
    );
    expect(told).toEqual(Array.from({ length: 4 }, () => ({ kind: 'pinged' })));
  });

  it('is not called while a label is overdue, and says which', async () => {
    const { clock, pings, told, state } = await started();
    state.overdue = SOME;
    await clock.pass(2 * MINUTE);
    expect(pings).toHaveLength(1);
    expect(told.slice(1)).toEqual([
      { kind: 'held-back', why: 'overdue', overdue: SOME },
      { kind: 'held-back', why: 'overdue', overdue: SOME },
    ]);
    state.overdue = NONE;
    await clock.pass(MINUTE);
    expect(pings).toHaveLength(2);
  });

  it.each<[string, NonNullable<DeadManMeans['healthy']>]>([
    ['says no', async () => false],
    ['fails', () => Promise.reject(new Error('the disk is full'))],
  ])('is not called where the check of the service %s', async (_, healthy) => {
    const { pings, told } = await started({ healthy });
    expect(pings).toEqual([]);
    expect(told).toEqual([{ kind: 'held-back', why: 'unhealthy' }]);
  });

  it('nor where that check hangs: an interval later it is asked again', async () => {
    let asked = 0;
    const healthy = () => (asked++ === 0 ? new Promise<boolean>(() => {}) : Promise.resolve(true));
    const { clock, pings, told } = await started({ healthy });
    expect(told).toEqual([]);
    await clock.pass(MINUTE);
    expect(told).toEqual([{ kind: 'held-back', why: 'unhealthy' }, { kind: 'pinged' }]);
    expect(pings).toHaveLength(1);
  });

  it('looks at the labels last: what becomes overdue during the check counts', async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const { pings, told, state } = await started({ healthy: () => promise });
    state.overdue = SOME;
    resolve(true);
    await atRest();
    expect(pings).toEqual([]);
    expect(told).toMatchObject([{ kind: 'held-back', why: 'overdue' }]);
  });

  it('goes on after a call that failed, and tells its code and the host alone', async () => {
    const error = Object.assign(new Error(`${ADDRESS} answered with 500`), { code: 'http-status' });
    let fails = true;
    const ping = () => (fails ? Promise.reject(error) : Promise.resolve());
    const { clock, told } = await started({ ping });
    fails = false;
    await clock.pass(MINUTE);
    const failed = { kind: 'failed', host: 'ping.example', code: 'http-status' };
    expect(told).toEqual([failed, { kind: 'pinged' }]);
  });

  it.each([
    ['an error without a code', new Error(ADDRESS)],
    ['a code that is none', Object.assign(new Error(), { code: `at ${ADDRESS}` })],
    ['no error at all', null],
  ])('shows nothing of the address for %s', async (_, error) => {
    const { told } = await started({ ping: () => Promise.reject(error) });
    expect(told).toEqual([{ kind: 'failed', host: 'ping.example', code: 'internal' }]);
  });

  it.each([
    ['lets go', (_url: string, signal: AbortSignal) => hanging(signal)],
    ['does not let go', () => new Promise<void>(() => {})],
  ])('gives up a call that hangs and %s, before the next one', async (_, ping) => {
    const { clock, told } = await started({ ping });
    await clock.pass(2 * MINUTE);
    const failed = { kind: 'failed', host: 'ping.example', code: 'timeout' };
    expect(told).toEqual([failed, failed]);
  });

  it('keeps to its interval however long a call takes', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let calls = 0;
    const { clock } = await started({ ping: () => (calls++ === 0 ? promise : Promise.resolve()) });
    await clock.pass(40_000);
    resolve();
    await clock.pass(19_999);
    expect(calls).toBe(1);
    await clock.pass(1);
    expect(calls).toBe(2);
  });

  it('does not care for a wall clock that is set', async () => {
    const { clock, pings } = await started();
    clock.set(clock.now() - 86_400_000);
    await clock.pass(MINUTE);
    clock.set(clock.now() + 2 * 86_400_000);
    await clock.pass(MINUTE);
    expect(pings).toHaveLength(3);
  });

  it('stops, in the middle of a call too, and tells nothing of it', async () => {
    let letGo = false;
    const ping = (_: string, signal: AbortSignal) =>
      hanging(signal).finally(() => {
        letGo = true;
      });
    const { clock, told, stop } = await started({ ping });
    await stop();
    expect(letGo).toBe(true);
    expect(clock.pending).toBe(0);
    await clock.pass(5 * MINUTE);
    expect(told).toEqual([]);
  });

  it('stops between calls', async () => {
    const { clock, pings, stop } = await started();
    await stop();
    expect(clock.pending).toBe(0);
    await clock.pass(5 * MINUTE);
    expect(pings).toHaveLength(1);
  });
});
