/** The watch: real readings on a real disk, in a time of the test's own. */
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LabelInput } from '../../src/contract/label.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/index.ts';
import type { Recorded } from '../../src/store/store.ts';
import type { Limits } from '../../src/watch/lanes.ts';
import { ReadDropped, Watcher } from '../../src/watch/watcher.ts';
import { temporaryFolder } from '../http/service-under-test.ts';
import { atRest, FakeClock } from './fake-clock.ts';
import { absent, failing, holding, ScriptedSource } from './scripted-source.ts';

const BEGIN = Date.parse('2026-11-17T10:00:00Z');
const EVERY = 30_000;

/** Labels are named `host/label`, and their sources like them. */
async function watched(over: { limits?: Limits; deadlineIntervals?: number } = {}) {
  const clock = new FakeClock(BEGIN);
  const store = openSqliteStore(await temporaryFolder(), clock.now);
  const sources = new Map<string, ScriptedSource>();
  const told: Recorded[] = [];
  const times: { readMs: number; lateMs: number }[] = [];
  const lost: { label: string; error: unknown }[] = [];
  const dice = { next: () => 0.5 };
  const sourceAt = (url: string) => {
    const source = sources.get(url) ?? new ScriptedSource(url.split('/')[0]);
    sources.set(url, source);
    return source;
  };
  const newWatcher = () =>
    new Watcher({
      store,
      clock,
      openSource: (spec) => (spec.kind === 'manifest' ? sourceAt(spec.url) : null),
      report: {
        recorded(recorded, readMs, lateMs) {
          told.push(recorded);
          times.push({ readMs, lateMs });
        },
        lost: (label, error) => lost.push({ label, error }),
      },
      random: () => dice.next(),
      ...over,
    });
  const watcher = newWatcher();
  onTestFinished(async () => {
    await watcher.stop();
    await store.close();
  });
  const observations = (name: string) => store.observations(name, { limit: 1000, before: null });
  return {
    clock,
    store,
    watcher,
    newWatcher,
    told,
    times,
    lost,
    dice,
    sourceAt,
    observations,
    /** Takes up a label whose source is named like it, or as told. */
    async put(name: string, over: Partial<LabelInput> = {}) {
      await putLabel(store, name, clock.now(), over);
      watcher.put((await store.label(name))!);
    },
    outcomes: async (name: string) => (await observations(name)).map(({ outcome }) => outcome),
  };
}

function putLabel(store: SqliteStore, name: string, now: number, over: Partial<LabelInput> = {}) {
  const source = { kind: 'manifest', url: name } as const;
  const settings = { every: EVERY, clockSkew: 0, servingLag: 0 };
  return store.putLabel(name, { source, ...settings, ...over }, now);
}

const numberOf = ({ id }: { id: string }) => Number(id.split('-')[1]);

describe('a watched label', () => {
  it('is read at once, and then at its interval', async () => {
    const { clock, put, sourceAt, watcher, observations } = await watched();
    await put('a');
    expect(watcher.nextAt('a')).toBe(BEGIN);
    await clock.pass(0);
    expect(sourceAt('a').reads).toBe(1);
    expect(watcher.nextAt('a')).toBe(BEGIN + EVERY);
    await clock.pass(EVERY - 1);
    expect(sourceAt('a').reads).toBe(1);
    await clock.pass(1);
    expect(sourceAt('a').reads).toBe(2);
    await clock.pass(10 * EVERY);
    expect(sourceAt('a').reads).toBe(12);
    const times = (await observations('a')).map(({ requestedAt }) => requestedAt);
    expect(times).toEqual(Array.from({ length: 12 }, (_, i) => BEGIN + (11 - i) * EVERY));
  });

  it.each([
    [0, 0.9],
    [0.5, 1],
    [1 - Number.EPSILON, 1.1],
  ])('keeps within a tenth of its interval (%f: %f)', async (random, factor) => {
    const { clock, put, watcher, dice } = await watched();
    dice.next = () => random;
    await put('a');
    await clock.pass(0);
    expect(watcher.nextAt('a')).toBe(BEGIN + Math.round(EVERY * factor));
  });

  it('counts its interval from the end of a reading', async () => {
    const { clock, put, sourceAt, watcher } = await watched();
    const answer = sourceAt('a').hold();
    await put('a');
    await clock.pass(0);
    await clock.pass(7000);
    answer(holding('a'));
    await atRest();
    expect(watcher.nextAt('a')).toBe(BEGIN + 7000 + EVERY);
  });

  it('is never read twice at a time, however long a reading takes', async () => {
    const { clock, put, sourceAt, watcher } = await watched();
    const source = sourceAt('a');
    const answer = source.hold();
    await put('a');
    for (let i = 0; i < 5; i++) {
      await clock.pass(3 * EVERY);
      watcher.readNow('a')?.catch(() => {});
      await put('a', { every: 1000 });
    }
    expect(source).toMatchObject({ reads: 1, mostInFlight: 1 });
    answer(holding('a'));
    await atRest();
    expect(clock.pending).toBe(1);
    await clock.pass(1000);
    expect(source).toMatchObject({ reads: 2, mostInFlight: 1 });
  });

  it('that is pushed to is not read', async () => {
    const { clock, put, watcher } = await watched();
    await put('pushed', { source: { kind: 'push' } });
    expect(clock.pending).toBe(0);
    expect(watcher.nextAt('pushed')).toBeNull();
    expect(watcher.readNow('pushed')).toBeNull();
  });

  it('is recorded as absent where its source says so, and as failed where it breaks', async () => {
    const { clock, put, sourceAt, observations } = await watched();
    sourceAt('a').script = absent;
    await put('a');
    await clock.pass(0);
    sourceAt('a').script = () => {
      throw new TypeError('nobody foresaw this');
    };
    await clock.pass(EVERY);
    const [broken, gone] = await observations('a');
    expect(gone).toMatchObject({ outcome: 'absent', artifactId: null });
    expect(broken).toMatchObject({ outcome: 'failed', error: { code: 'internal' } });
    expect(broken!.error!.message).toContain('nobody foresaw this');
  });

  it('tells of each reading and of what it revealed', async () => {
    const { clock, put, sourceAt, told } = await watched();
    await put('a');
    await clock.pass(0);
    await clock.pass(EVERY);
    sourceAt('a').script = holding('b');
    await clock.pass(EVERY);
    expect(told.map(({ change }) => change?.kind ?? null)).toEqual(['first_seen', null, 'moved']);
  });
});

describe('a reading on demand', () => {
  it('is made at once, and the next one follows an interval later', async () => {
    const { clock, put, sourceAt, watcher } = await watched();
    await put('a');
    await clock.pass(0);
    await clock.pass(20_000);
    const recorded = await watcher.readNow('a');
    expect(recorded!.observation.requestedAt).toBe(BEGIN + 20_000);
    expect(watcher.nextAt('a')).toBe(BEGIN + 20_000 + EVERY);
    expect(clock.pending).toBe(1);
    await clock.pass(EVERY);
    expect(sourceAt('a').reads).toBe(3);
  });

  it('that takes long takes the place of the one that was due', async () => {
    const { clock, put, sourceAt, watcher } = await watched();
    await put('a');
    await clock.pass(20_000);
    const answer = sourceAt('a').hold();
    const asked = watcher.readNow('a');
    await clock.pass(15_000);
    answer(holding('a'));
    await asked;
    expect(sourceAt('a')).toMatchObject({ reads: 2, mostInFlight: 1 });
    expect(watcher.nextAt('a')).toBe(BEGIN + 35_000 + EVERY);
  });

  it('joins the reading in flight', async () => {
    const { clock, put, sourceAt, watcher, observations } = await watched();
    const answer = sourceAt('a').hold();
    await put('a');
    await clock.pass(0);
    const joined = [watcher.readNow('a'), watcher.readNow('a')];
    answer(holding('b'));
    const [one, other] = await Promise.all(joined);
    expect(one).toBe(other);
    expect(sourceAt('a').reads).toBe(1);
    expect(await observations('a')).toEqual([one!.observation]);
  });

  it('at whatever moment leaves the schedule with one reading to come', async () => {
    const { clock, put, sourceAt, watcher } = await watched();
    for (let ticks = 0; ticks < 15; ticks++) {
      const name = `${ticks}`;
      const answer = sourceAt(name).hold();
      await put(name);
      await clock.pass(0);
      answer(holding('a'));
      for (let i = 0; i < ticks; i++) await null;
      sourceAt(name).script = holding('a');
      await watcher.readNow(name);
      await atRest();
      expect(watcher.nextAt(name), `after ${ticks} ticks`).toBe(clock.now() + EVERY);
      const { reads } = sourceAt(name);
      await clock.pass(EVERY);
      expect(sourceAt(name)).toMatchObject({ reads: reads + 1, mostInFlight: 1 });
      watcher.remove(name);
    }
  });

  it('of an unknown label reads nothing', async () => {
    const { watcher } = await watched();
    expect(watcher.readNow('nobody')).toBeNull();
  });
});

describe('a source that fails', () => {
  it('is asked half as often each time, down to every five minutes, until it answers', async () => {
    const { clock, put, sourceAt, watcher, store } = await watched();
    sourceAt('a').script = failing();
    await put('a');
    const pauses: number[] = [];
    await clock.pass(0);
    for (let i = 0; i < 8; i++) {
      const pause = watcher.nextAt('a')! - clock.now();
      pauses.push(pause / 1000);
      await clock.pass(pause);
    }
    expect(pauses).toEqual([30, 60, 120, 240, 300, 300, 300, 300]);
    expect((await store.label('a'))!.consecutiveFailures).toBe(9);
    sourceAt('a').script = holding('a');
    await clock.pass(300_000);
    expect(watcher.nextAt('a')! - clock.now()).toBe(EVERY);
    expect((await store.label('a'))!.consecutiveFailures).toBe(0);
  });

  it('with a longer interval than that keeps to its interval', async () => {
    const { clock, put, sourceAt, watcher } = await watched();
    sourceAt('a').script = failing();
    await put('a', { every: 3_600_000 });
    for (let i = 0; i < 5; i++) {
      await clock.pass(watcher.nextAt('a')! - clock.now());
      expect(watcher.nextAt('a')! - clock.now()).toBe(3_600_000);
    }
  });

  it('is left alone for as long as it asks, but no longer than an hour', async () => {
    const { clock, put, sourceAt, watcher } = await watched();
    sourceAt('a').script = failing(200);
    await put('a');
    await clock.pass(0);
    expect(watcher.nextAt('a')! - clock.now()).toBe(200_000);
    sourceAt('a').script = failing(86_400);
    await clock.pass(200_000);
    expect(watcher.nextAt('a')! - clock.now()).toBe(3_600_000);
    sourceAt('a').script = failing(1);
    await clock.pass(3_600_000);
    expect(watcher.nextAt('a')! - clock.now()).toBe(120_000);
  });

  it('is remembered over a start', async () => {
    const { clock, put, sourceAt, watcher, newWatcher } = await watched();
    sourceAt('a').script = failing();
    await put('a');
    await clock.pass(0);
    await clock.pass(30_000);
    await watcher.stop();
    const next = newWatcher();
    await next.start();
    await clock.pass(next.nextAt('a')! - clock.now());
    expect(next.nextAt('a')! - clock.now()).toBe(120_000);
    await next.stop();
  });
});

describe('a stop', () => {
  it('lets go of readings in flight and records nothing of them', async () => {
    const { clock, put, sourceAt, watcher, observations, lost } = await watched();
    sourceAt('a').hang();
    await put('a');
    await put('b');
    await clock.pass(0);
    const reading = watcher.readNow('a')!;
    const dropped = expect(reading).rejects.toMatchObject({
      name: 'ReadDropped',
      code: 'stopping',
    });
    await watcher.stop();
    await dropped;
    expect(clock.pending).toBe(0);
    expect(await observations('a')).toEqual([]);
    expect(await observations('b')).toHaveLength(1);
    expect(lost).toEqual([]);
  });

  it('waits for a source that does not let go, and drops its answer', async () => {
    const { clock, put, sourceAt, watcher, observations, told } = await watched();
    const answer = sourceAt('a').hold();
    await put('a');
    await clock.pass(0);
    let stopped = false;
    const stop = watcher.stop().then(() => {
      stopped = true;
    });
    await atRest();
    expect(stopped).toBe(false);
    answer(holding('a'));
    await stop;
    expect(await observations('a')).toEqual([]);
    expect(told).toEqual([]);
  });

  it('at whatever moment records a reading whole or not at all, and none after it', async () => {
    const { clock, store, newWatcher, sourceAt, observations, told } = await watched();
    for (let ticks = 0; ticks < 12; ticks++) {
      const name = `${ticks}`;
      const answer = sourceAt(name).hold();
      await putLabel(store, name, clock.now());
      const watcher = newWatcher();
      watcher.put((await store.label(name))!);
      await clock.pass(0);
      answer(holding('a'));
      for (let i = 0; i < ticks; i++) await null;
      await watcher.stop();
      const there = await observations(name);
      await atRest();
      expect(await observations(name)).toEqual(there);
      expect(told.splice(0).map(({ observation }) => observation)).toEqual(there);
      expect(clock.pending).toBe(0);
    }
  });

  it('is for good: nothing is taken up or read after it', async () => {
    const { clock, put, watcher } = await watched();
    await put('a');
    await watcher.stop();
    await put('b');
    expect(clock.pending).toBe(0);
    await expect(watcher.readNow('a')).rejects.toBeInstanceOf(ReadDropped);
    await watcher.stop();
  });
});

describe('a label that is put again', () => {
  it('is read at once and then at its new interval', async () => {
    const { clock, put, sourceAt, watcher } = await watched();
    await put('a');
    await clock.pass(0);
    await clock.pass(1000);
    await put('a', { every: 5000 });
    expect(watcher.nextAt('a')).toBe(BEGIN + 1000);
    expect(clock.pending).toBe(1);
    await clock.pass(0);
    expect(watcher.nextAt('a')).toBe(BEGIN + 6000);
    await clock.pass(5000);
    expect(sourceAt('a').reads).toBe(3);
  });

  it('with a reading in flight lets it end, and goes on at the new interval', async () => {
    const { clock, put, sourceAt, watcher, outcomes } = await watched();
    const answer = sourceAt('a').hold();
    await put('a');
    await clock.pass(0);
    await put('a', { every: 5000 });
    answer(holding('a'));
    await atRest();
    expect(await outcomes('a')).toEqual(['artifact']);
    expect(watcher.nextAt('a')! - clock.now()).toBe(5000);
  });

  it('with another source is told nothing of the first any more', async () => {
    const { clock, put, sourceAt, watcher, observations, told } = await watched();
    const answer = sourceAt('first').hold();
    const source = (url: string) => ({ source: { kind: 'manifest', url } as const });
    await put('a', source('first'));
    await clock.pass(0);
    const dropped = expect(watcher.readNow('a')).rejects.toMatchObject({ code: 'read-dropped' });
    sourceAt('second').script = holding('b');
    await put('a', source('second'));
    await clock.pass(0);
    answer(holding('a'));
    await dropped;
    await atRest();
    expect(told).toHaveLength(1);
    expect((await observations('a')).map(({ artifactId }) => artifactId)).toEqual([
      told[0]!.observation.artifactId,
    ]);
    expect(clock.pending).toBe(1);
  });
});

describe('a label that is removed', () => {
  it('is read no more', async () => {
    const { clock, put, sourceAt, watcher } = await watched();
    await put('a');
    await clock.pass(0);
    watcher.remove('a');
    expect(watcher.nextAt('a')).toBeNull();
    expect(watcher.readNow('a')).toBeNull();
    await clock.pass(10 * EVERY);
    expect(sourceAt('a').reads).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('at whatever moment has no reading recorded after it', async () => {
    const { clock, put, sourceAt, watcher, observations } = await watched();
    for (let ticks = 0; ticks < 12; ticks++) {
      const name = `${ticks}`;
      const answer = sourceAt(name).hold();
      await put(name);
      await clock.pass(0);
      answer(holding('a'));
      for (let i = 0; i < ticks; i++) await null;
      watcher.remove(name);
      const there = (await observations(name)).length;
      await atRest();
      expect(await observations(name), `after ${ticks} ticks`).toHaveLength(there);
      expect(clock.pending).toBe(0);
    }
  });
});

describe('a reading that can not be recorded', () => {
  it('is told as lost, and the schedule goes on', async () => {
    const { clock, put, store, told, lost, watcher, outcomes } = await watched();
    await put('a');
    await clock.pass(0);
    store.db.$client.pragma('query_only = ON');
    await clock.pass(EVERY);
    expect(told).toHaveLength(1);
    expect(lost).toMatchObject([{ label: 'a', error: { code: 'SQLITE_READONLY' } }]);
    const asked = watcher.readNow('a');
    await expect(asked).rejects.toMatchObject({ code: 'SQLITE_READONLY' });
    expect(lost).toHaveLength(2);
    expect(clock.pending).toBe(1);
    store.db.$client.pragma('query_only = OFF');
    await clock.pass(2 * EVERY);
    expect(await outcomes('a')).toEqual(['artifact', 'artifact']);
    expect(watcher.nextAt('a')! - clock.now()).toBeLessThanOrEqual(EVERY);
  });
});

describe('a wall clock that steps back', () => {
  it('makes readings fail until it is past the newest again', async () => {
    const { clock, put, observations } = await watched();
    await put('a');
    await clock.pass(0);
    await clock.pass(EVERY);
    clock.set(BEGIN - 1000);
    await clock.pass(2 * EVERY);
    const numbered = (await observations('a')).sort((a, b) => numberOf(a) - numberOf(b));
    const said = numbered.map(({ outcome, error }) => error?.code ?? outcome);
    expect(said).toEqual(['artifact', 'artifact', 'clock', 'artifact']);
    const times = numbered.map(({ recordedAt }) => recordedAt);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('is no reason to leave the source alone: it is read at its interval, and counts as soon as it can', async () => {
    const { clock, put, sourceAt, watcher, observations } = await watched();
    await put('a');
    await clock.pass(0);
    clock.set(BEGIN - 10 * EVERY);
    await clock.pass(9 * EVERY);
    expect(sourceAt('a').reads).toBe(10);
    expect(watcher.unreadable()).toBe(1);
    await clock.pass(2 * EVERY);
    const [newest] = await observations('a');
    expect(newest).toMatchObject({ outcome: 'artifact', requestedAt: BEGIN + EVERY });
    expect(watcher.unreadable()).toBe(0);
  });

  it('during a reading makes it fail', async () => {
    const { clock, put, sourceAt, observations } = await watched();
    const answer = sourceAt('a').hold();
    await put('a');
    await clock.pass(0);
    clock.set(BEGIN - 1000);
    answer(holding('a'));
    await atRest();
    expect(await observations('a')).toMatchObject([
      { outcome: 'failed', error: { code: 'clock' } },
    ]);
  });

  it('by less than the reading takes does not make it look shorter than it was', async () => {
    const { clock, put, sourceAt, observations, times } = await watched();
    const answer = sourceAt('a').hold();
    await put('a');
    await clock.pass(0);
    await clock.pass(5000);
    clock.set(BEGIN + 2000);
    answer(holding('a'));
    await atRest();
    expect(await observations('a')).toMatchObject([
      { outcome: 'artifact', requestedAt: BEGIN - 3000, receivedAt: BEGIN + 2000 },
    ]);
    expect(times).toEqual([{ readMs: 5000, lateMs: 0 }]);
  });
});

describe('a wall clock that is set', () => {
  it.each([
    ['back', -10 * EVERY],
    ['forward', 10 * EVERY],
  ])('%s neither holds up the next reading nor brings it forward', async (_, by) => {
    const { clock, put, sourceAt, watcher } = await watched();
    await put('a');
    await clock.pass(0);
    await clock.pass(10_000);
    clock.set(clock.now() + by);
    expect(watcher.nextAt('a')).toBe(clock.now() + 20_000);
    await clock.pass(19_999);
    expect(sourceAt('a').reads).toBe(1);
    await clock.pass(1);
    expect(sourceAt('a').reads).toBe(2);
    await clock.pass(EVERY);
    expect(sourceAt('a').reads).toBe(3);
  });

  it.each([
    ['back', -86_400_000],
    ['forward', 86_400_000],
  ])('%s during a reading leaves the schedule as it was', async (_, by) => {
    const { clock, put, sourceAt, watcher } = await watched();
    const answer = sourceAt('a').hold();
    await put('a');
    await clock.pass(0);
    await clock.pass(4000);
    clock.set(clock.now() + by);
    answer(holding('a'));
    await atRest();
    expect(watcher.nextAt('a')).toBe(clock.now() + EVERY);
    await clock.pass(EVERY);
    expect(sourceAt('a').reads).toBe(2);
  });

  it('forward during a reading makes it say less, not more', async () => {
    const { clock, put, sourceAt, observations } = await watched();
    const answer = sourceAt('a').hold();
    await put('a');
    await clock.pass(0);
    clock.set(BEGIN + 60_000);
    await clock.pass(1000);
    answer(holding('a'));
    await atRest();
    expect(await observations('a')).toMatchObject([
      { outcome: 'artifact', requestedAt: BEGIN, receivedAt: BEGIN + 61_000 },
    ]);
  });

  it.each([
    ['back', -86_400_000],
    ['forward', 86_400_000],
  ])('%s makes no label overdue, and hides none', async (_, by) => {
    const { clock, put, sourceAt, watcher } = await watched();
    sourceAt('hangs').hang();
    for (const name of ['answers', 'hangs']) await put(name);
    await clock.pass(3 * EVERY);
    clock.set(clock.now() + by);
    await clock.pass(0);
    expect(watcher.overdue().count).toBe(0);
    await clock.pass(EVERY);
    expect(watcher.overdue().count).toBe(0);
    await clock.pass(1);
    // Set back, the other one is read, and its readings fail: it counts from before that.
    expect(watcher.overdue().labels).toContain('hangs');
    expect(watcher.overdue().labels).not.toContain('answers');
  });
});

describe('a label is overdue', () => {
  it('once the last reading that said something was asked more than four intervals ago', async () => {
    const { clock, put, sourceAt, watcher } = await watched();
    await put('a');
    await clock.pass(0);
    await clock.pass(EVERY);
    sourceAt('a').script = failing();
    await clock.pass(4 * EVERY);
    expect(watcher.overdue()).toEqual({ count: 0, oldestMs: 0, labels: [] });
    await clock.pass(1);
    expect(watcher.overdue()).toEqual({ count: 1, oldestMs: 4 * EVERY + 1, labels: ['a'] });
    expect(watcher.unreadable()).toBe(1);
    sourceAt('a').script = absent;
    await watcher.readNow('a');
    expect(watcher.overdue().count).toBe(0);
    expect(watcher.unreadable()).toBe(0);
  });

  it('counted from when a reading was asked, not from when it was answered', async () => {
    const { clock, put, sourceAt, watcher } = await watched({ deadlineIntervals: 2 });
    const answer = sourceAt('a').hold();
    await put('a');
    await clock.pass(0);
    await clock.pass(15_000);
    answer(holding('a'));
    sourceAt('a').hang();
    await clock.pass(2 * EVERY - 15_000);
    expect(watcher.overdue().count).toBe(0);
    await clock.pass(1);
    expect(watcher.overdue()).toMatchObject({ count: 1, oldestMs: 2 * EVERY + 1 });
  });

  it('and from when a cache saw what it answered', async () => {
    const { clock, put, sourceAt, watcher } = await watched();
    sourceAt('a').script = () => ({ ...holding('a')(), seenSince: clock.now() - 20_000 });
    await put('a');
    await clock.pass(0);
    sourceAt('a').hang();
    await clock.pass(4 * EVERY - 20_000);
    expect(watcher.overdue().count).toBe(0);
    await clock.pass(1);
    expect(watcher.overdue().count).toBe(1);
  });

  it('where it was never read, counted from when it was taken up; and again where it is put back', async () => {
    const { clock, put, sourceAt, watcher } = await watched();
    sourceAt('a').script = failing();
    await put('a');
    await clock.pass(4 * EVERY);
    expect(watcher.overdue().count).toBe(0);
    await put('a');
    await clock.pass(1);
    expect(watcher.overdue().labels).toEqual(['a']);
    watcher.remove('a');
    expect(watcher.overdue().count).toBe(0);
    await put('a');
    expect(watcher.overdue().count).toBe(0);
  });

  it('at a start, counted from what the store knows', async () => {
    const { clock, put, watcher, newWatcher, sourceAt, store } = await watched();
    await put('read');
    await clock.pass(0);
    await watcher.stop();
    await clock.pass(3 * EVERY);
    await putLabel(store, 'never read', clock.now());
    await clock.pass(EVERY);
    for (const name of ['read', 'never read']) sourceAt(name).hang();
    const next = newWatcher();
    await next.start();
    expect(next.overdue().count).toBe(0);
    await clock.pass(1);
    expect(next.overdue()).toEqual({ count: 1, oldestMs: 4 * EVERY + 1, labels: ['read'] });
    await clock.pass(3 * EVERY);
    expect(next.overdue().labels).toEqual(['read', 'never read']);
    await next.stop();
  });

  it('after a start with a clock that was set back, unless it is read soon', async () => {
    const { clock, put, watcher, newWatcher } = await watched();
    await put('a');
    await clock.pass(0);
    await watcher.stop();
    clock.set(BEGIN - 3_600_000);
    const next = newWatcher();
    await next.start();
    expect(next.overdue().count).toBe(0);
    await clock.pass(2 * EVERY);
    expect(next.overdue().count).toBe(0);
    await clock.pass(1);
    expect(next.overdue()).toMatchObject({ count: 1, labels: ['a'] });
    await next.stop();
  });

  it('never, where it is pushed to', async () => {
    const { clock, put, watcher } = await watched();
    await put('pushed', { source: { kind: 'push' } });
    await clock.pass(100 * EVERY);
    expect(watcher.overdue().count).toBe(0);
    expect(watcher.watched()).toBe(0);
  });
});

describe('ten thousand labels', () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `hub/${i}`);

  it('that were never read spread over a few seconds, and go through the lanes', async () => {
    const { clock, store, watcher, sourceAt, dice } = await watched();
    let rolled = 0;
    dice.next = () => (rolled++ % 20) / 20;
    await putLabel(store, names[0]!, clock.now());
    store.db.$client
      .prepare(
        `INSERT INTO labels (name, source, created_at, every_ms)
         SELECT value, json_object('kind', 'manifest', 'url', value), created_at, every_ms
         FROM labels, json_each(?)`,
      )
      .run(JSON.stringify(names.slice(1)));
    for (const name of names) sourceAt(name).hang();
    const readsSoFar = () => names.reduce((sum, name) => sum + sourceAt(name).reads, 0);
    await watcher.start();
    expect(watcher).toMatchObject({ inFlight: 0, waiting: 0 });
    expect(watcher.watched()).toBe(10_000);
    await clock.pass(2499);
    expect(watcher.inFlight).toBe(63);
    expect(watcher.inFlight + watcher.waiting).toBe(5000);
    await clock.pass(2500);
    expect(watcher.inFlight + watcher.waiting).toBe(10_000);
    expect(readsSoFar()).toBe(63);
    expect(clock.pending).toBe(0);
    await watcher.stop();
    expect(watcher).toMatchObject({ inFlight: 0, waiting: 0 });
    expect(readsSoFar()).toBe(63);
  });
});

describe('a host that hangs', () => {
  const limits = { perHost: 3, overall: 100 };

  it('delays its own labels alone', async () => {
    const { clock, put, sourceAt, watcher, outcomes } = await watched({ limits });
    for (const name of ['slow/1', 'slow/2', 'slow/3', 'quick/1']) {
      if (name.startsWith('slow')) sourceAt(name).hang();
      await put(name);
      await clock.pass(0);
    }
    await clock.pass(10 * EVERY);
    expect(watcher).toMatchObject({ inFlight: 2, waiting: 1 });
    expect(sourceAt('slow/3').reads).toBe(0);
    expect(await outcomes('quick/1')).toHaveLength(11);
    expect(watcher.overdue().labels.toSorted()).toEqual(['slow/1', 'slow/2', 'slow/3']);
  });

  it('leaves room for a reading on demand, also of a label that waits already', async () => {
    const { clock, put, sourceAt, watcher, observations, times } = await watched({ limits });
    for (const name of ['slow/1', 'slow/2']) sourceAt(name).hang();
    for (const name of ['slow/1', 'slow/2', 'slow/3', 'slow/4']) {
      await put(name);
      await clock.pass(0);
    }
    await clock.pass(7000);
    expect(watcher.waiting).toBe(2);
    await watcher.readNow('slow/4');
    // Waiting does not widen a reading: it counts from when it is asked.
    const [read] = await observations('slow/4');
    expect(read).toMatchObject({ requestedAt: BEGIN + 7000, receivedAt: BEGIN + 7000 });
    expect(times).toEqual([{ readMs: 0, lateMs: 7000 }]);
    expect(watcher.nextAt('slow/4')).toBe(BEGIN + 7000 + EVERY);
    expect(sourceAt('slow/3').reads).toBe(0);
  });

  it('holds a label once: what is due again while it waits does not pile up', async () => {
    const { clock, put, sourceAt, watcher } = await watched({ limits: { perHost: 1, overall: 1 } });
    const answer = sourceAt('slow/1').hold();
    for (const name of ['slow/1', 'slow/2']) {
      await put(name);
      await clock.pass(0);
    }
    for (let i = 0; i < 5; i++) {
      await clock.pass(EVERY);
      watcher.readNow('slow/2')!.catch(() => {});
      await put('slow/2');
      expect(watcher).toMatchObject({ inFlight: 1, waiting: 1 });
    }
    expect(watcher.nextAt('slow/2')).toBe(BEGIN);
    answer(holding('a'));
    await atRest();
    expect(sourceAt('slow/2').reads).toBe(1);
    expect(watcher.nextAt('slow/2')).toBe(clock.now() + EVERY);
  });

  it('lets labels that wait be removed at once, and a read in flight keep its place until it ends', async () => {
    const { clock, put, sourceAt, watcher } = await watched({ limits: { perHost: 1, overall: 1 } });
    const answer = sourceAt('slow/1').hold();
    for (const name of ['slow/1', 'slow/2', 'slow/3']) {
      await put(name);
      await clock.pass(0);
    }
    const dropped = expect(watcher.readNow('slow/2')).rejects.toMatchObject({
      code: 'read-dropped',
    });
    watcher.remove('slow/2');
    await dropped;
    watcher.remove('slow/1');
    expect(watcher).toMatchObject({ inFlight: 1, waiting: 1 });
    expect(sourceAt('slow/3').reads).toBe(0);
    answer(holding('a'));
    await atRest();
    expect(sourceAt('slow/3').reads).toBe(1);
    expect(sourceAt('slow/2').reads).toBe(0);
  });

  it('does not hold up a stop: reads that wait are let go of', async () => {
    const { clock, put, sourceAt, watcher } = await watched({ limits: { perHost: 1, overall: 1 } });
    sourceAt('slow/1').hang();
    for (const name of ['slow/1', 'slow/2']) {
      await put(name);
      await clock.pass(0);
    }
    const dropped = expect(watcher.readNow('slow/2')).rejects.toMatchObject({ code: 'stopping' });
    await watcher.stop();
    await dropped;
    expect(watcher).toMatchObject({ inFlight: 0, waiting: 0 });
    expect(sourceAt('slow/2').reads).toBe(0);
  });
});

describe('a start', () => {
  it('takes up every label that is not removed', async () => {
    const { clock, store, watcher } = await watched();
    await putLabel(store, 'label-1', clock.now());
    const names = Array.from({ length: 1000 }, (_, i) => `label-${i + 2}`);
    store.db.$client
      .prepare(
        `INSERT INTO labels (name, source, created_at, every_ms)
         SELECT value, source, created_at, every_ms FROM labels, json_each(?)`,
      )
      .run(JSON.stringify(names));
    await store.removeLabel('label-7', clock.now());
    await putLabel(store, 'pushed', clock.now(), { source: { kind: 'push' } });
    await watcher.start();
    expect(watcher.watched()).toBe(1000);
    expect(clock.pending).toBe(1);
    expect(watcher.nextAt('label-7')).toBeNull();
    expect(watcher.nextAt('label-1001')).not.toBeNull();
  });

  it('keeps to the rhythm of before', async () => {
    const { clock, put, watcher, newWatcher, dice } = await watched();
    await put('recent');
    await clock.pass(0);
    await watcher.stop();
    await clock.pass(10_000);
    const next = newWatcher();
    dice.next = () => 0;
    await next.start();
    expect(next.nextAt('recent')).toBe(BEGIN + EVERY);
    await next.stop();
  });

  it('reads overdue labels spread over a few seconds, and none much later than its interval', async () => {
    const { clock, newWatcher, watcher, put, dice } = await watched();
    await put('a');
    await clock.pass(0);
    await watcher.stop();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -1e11, max: 1e11 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (since, random) => {
          clock.set(BEGIN + since);
          dice.next = () => random;
          const next = newWatcher();
          await next.start();
          const pause = next.nextAt('a')! - clock.now();
          expect(pause).toBeGreaterThanOrEqual(0);
          expect(pause).toBeLessThanOrEqual(EVERY);
          if (since >= EVERY) expect(pause).toBeLessThanOrEqual(5000);
          await next.stop();
        },
      ),
      { numRuns: 50 },
    );
  });
});
