/** The watch: real readings on a real disk, in a time of the test's own. */
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LabelInput } from '../../src/contract/label.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/index.ts';
import type { Recorded } from '../../src/store/store.ts';
import { ReadDropped, Watcher } from '../../src/watch/watcher.ts';
import { temporaryFolder } from '../http/service-under-test.ts';
import { atRest, FakeClock } from './fake-clock.ts';
import { absent, failing, holding, ScriptedSource } from './scripted-source.ts';

const BEGIN = Date.parse('2026-11-17T10:00:00Z');
const EVERY = 30_000;

async function watched() {
  const clock = new FakeClock(BEGIN);
  const store = openSqliteStore(await temporaryFolder(), clock.now);
  const sources = new Map<string, ScriptedSource>();
  const told: Recorded[] = [];
  const lost: { label: string; error: unknown }[] = [];
  const dice = { next: () => 0.5 };
  const sourceAt = (url: string) => {
    const source = sources.get(url) ?? new ScriptedSource();
    sources.set(url, source);
    return source;
  };
  const newWatcher = () =>
    new Watcher({
      store,
      clock,
      openSource: (spec) => (spec.kind === 'manifest' ? sourceAt(spec.url) : null),
      report: {
        recorded: (recorded) => told.push(recorded),
        lost: (label, error) => lost.push({ label, error }),
      },
      random: () => dice.next(),
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
      const waiting = clock.pending;
      answer(holding('a'));
      for (let i = 0; i < ticks; i++) await null;
      sourceAt(name).script = holding('a');
      await watcher.readNow(name);
      await atRest();
      expect(clock.pending, `after ${ticks} ticks`).toBe(waiting + 1);
      expect(sourceAt(name).mostInFlight).toBe(1);
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
    expect(clock.pending).toBe(1000);
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
