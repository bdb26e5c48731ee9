import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/index.ts';
import type { LostStretch } from '../../src/store/store.ts';
import { cohortOf } from './diffs/opened-source.ts';
import { artifact, files, opened, PUSHED, START, temporaryFolder, trace } from './opened.ts';

const LABEL = 'og/eth-volatility';
const MINUTE = 60_000;
const DATABASE = 'underlabel.db';
const WATERMARK = 'watermark.json';

const at = (minutes: number) => START + minutes * MINUTE;

/** A service's life with one data folder, by the minutes since START. */
class Life {
  readonly folder = temporaryFolder();
  readonly clock = { now: START };
  store: SqliteStore = this.#open();

  #open(): SqliteStore {
    const store = openSqliteStore(this.folder, () => this.clock.now);
    onTestFinished(() => store.close());
    return store;
  }

  /** Reads the label each minute, the last time at `last`. */
  async read(first: number, last: number, ...blobs: string[]): Promise<void> {
    for (let minute = first; minute <= last; minute++) {
      this.clock.now = at(minute);
      const instants = { requestedAt: at(minute), receivedAt: at(minute) + 100 };
      const push = { ...instants, files: files(...blobs), backfill: false };
      await this.store.recordPush(LABEL, push, at(minute) + 100);
    }
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  async stop(): Promise<void> {
    await this.store.close();
  }

  start(minute: number): void {
    this.clock.now = at(minute);
    this.store = this.#open();
  }

  /** Puts a copy in the place of the database, as one restores it. */
  async restore(copy: string, minute: number): Promise<void> {
    await this.stop();
    copyFileSync(copy, this.file(DATABASE));
    this.start(minute);
  }

  /** A copy made while nobody writes, by whatever means: it says nothing of itself. */
  async copied(minute: number): Promise<string> {
    const copy = join(temporaryFolder(), 'copy.db');
    await this.stop();
    copyFileSync(this.file(DATABASE), copy);
    this.start(minute);
    return copy;
  }

  async observed(minute: number, asOf: number | null = null) {
    return (await this.store.attributionAt(LABEL, at(minute), at(minute), asOf)).observed;
  }
}

async function watched(): Promise<Life> {
  const life = new Life();
  await life.store.putLabel(LABEL, PUSHED, START);
  return life;
}

const lostOf = async ({ store }: Life) => store.lost();

/** Read to the 10th minute, copied, read to the 20th, and the copy restored in the 30th. */
async function restored(copying: (life: Life) => Promise<string>): Promise<Life> {
  const life = await watched();
  await life.read(0, 10, 'a');
  const copy = await copying(life);
  await life.read(11, 20, 'a');
  await life.restore(copy, 30);
  return life;
}

const byBackup = async (life: Life) => {
  const copy = join(temporaryFolder(), 'backup.db');
  await life.store.backup(copy, at(10.5));
  return copy;
};
const byHand = (life: Life) => life.copied(10.5);

describe('a restored copy is recognised', () => {
  test('where a backup made it: nothing is known from when it was taken', async () => {
    const life = await restored(byBackup);
    expect(await lostOf(life)).toEqual([{ from: at(10.5), to: at(30), recordedAt: at(30) }]);
  });

  test('where anything else made it: nothing is known from the last thing it holds', async () => {
    const life = await restored(byHand);
    expect(await lostOf(life)).toEqual([{ from: at(10) + 100, to: at(30), recordedAt: at(30) }]);
  });

  test('by a backup itself, in a folder that never saw the database', async () => {
    const life = await watched();
    await life.read(0, 10, 'a');
    const elsewhere = new Life();
    await elsewhere.restore(await byBackup(life), 30);
    expect(await lostOf(elsewhere)).toEqual([{ from: at(10.5), to: at(30), recordedAt: at(30) }]);
  });

  test('once: the next start finds nothing new', async () => {
    for (const copying of [byBackup, byHand]) {
      const life = await restored(copying);
      const [lost] = await lostOf(life);
      await life.stop();
      life.start(40);
      expect(await lostOf(life)).toEqual([lost]);
    }
  });

  test('after a crash too, as far as the folder had noted', async () => {
    const life = await watched();
    await life.read(0, 10, 'a');
    const copy = await byHand(life);
    await life.read(11, 20, 'a');
    const crashed = new Life();
    await crashed.stop();
    copyFileSync(life.file(WATERMARK), crashed.file(WATERMARK));
    copyFileSync(copy, crashed.file(DATABASE));
    crashed.start(30);
    expect(await lostOf(crashed)).toEqual([{ from: at(10) + 100, to: at(30), recordedAt: at(30) }]);
  });

  test('and recorded anew where the process dies before that is on disk', async () => {
    const life = await watched();
    await life.read(0, 10, 'a');
    const copy = await byBackup(life);
    await life.restore(copy, 30);
    const [first] = await lostOf(life);
    // As if the commit that recorded it had never been: the copy is as it was.
    await life.restore(copy, 31);
    expect(first).toMatchObject({ from: at(10.5), to: at(30) });
    expect(await lostOf(life)).toEqual([{ from: at(10.5), to: at(31), recordedAt: at(31) }]);
  });

  test('each time: two restores in a row leave two stretches', async () => {
    const life = await restored(byHand);
    await life.read(31, 40, 'a');
    const copy = join(temporaryFolder(), 'second.db');
    await life.store.backup(copy, at(40.5));
    await life.read(41, 50, 'a');
    await life.restore(copy, 60);
    expect(await lostOf(life)).toEqual([
      { from: at(10) + 100, to: at(30), recordedAt: at(30) },
      { from: at(40.5), to: at(60), recordedAt: at(60) },
    ]);
  });

  test('where the newer database comes back: what was recorded in the copy is lost then', async () => {
    const life = await watched();
    await life.read(0, 10, 'a');
    const copy = await byHand(life);
    await life.read(11, 20, 'a');
    const newer = await life.copied(20.5);
    await life.restore(copy, 30);
    await life.read(31, 40, 'a');
    await life.restore(newer, 50);
    expect(await lostOf(life)).toEqual([{ from: at(20) + 100, to: at(50), recordedAt: at(50) }]);
  });

  test('where the clock is behind: the stretch ends after all that is recorded, and that may be lost', async () => {
    for (const copying of [byBackup, byHand]) {
      const life = await watched();
      await life.read(0, 10, 'a');
      const copy = await copying(life);
      await life.read(11, 20, 'a');
      await life.restore(copy, 5);
      const [lost] = (await lostOf(life)) as [LostStretch];
      expect(lost.to).toBeGreaterThan(at(20) + 100);
      await life.stop();
      life.start(6);
      expect(await lostOf(life)).toEqual([lost]);
    }
  });
});

describe('nothing is taken for a restored copy', () => {
  const whole = async (life: Life) => expect(await lostOf(life)).toEqual([]);

  test('after a clean stop, however long the service was down', async () => {
    const life = await watched();
    await life.read(0, 10, 'a');
    await life.stop();
    life.start(10_000);
    await whole(life);
    await life.read(10_001, 10_002, 'a');
    expect(await life.observed(500)).toBe('bracketed');
  });

  test('after a crash', async () => {
    const life = await watched();
    await life.read(0, 10, 'a');
    const crashed = new Life();
    await crashed.stop();
    // What it leaves behind: the files as they are, nothing closed.
    for (const name of [DATABASE, `${DATABASE}-wal`, WATERMARK]) {
      copyFileSync(life.file(name), crashed.file(name));
    }
    crashed.start(30);
    await whole(crashed);
    expect(await crashed.observed(9.5)).toBe('bracketed');
  });

  test('where the clock was put back over a restart', async () => {
    const life = await watched();
    await life.read(0, 10, 'a');
    await life.stop();
    life.start(-300);
    await life.store.putLabel('another', PUSHED, at(-299));
    await life.stop();
    life.start(-298);
    await whole(life);
  });

  test('where what was recorded last says little', async () => {
    const life = await watched();
    await life.store.ingest([trace({ id: '1', label: LABEL })], at(1));
    await life.store.removeLabel(LABEL, at(2));
    await life.store.putLabel(LABEL, PUSHED, at(3));
    await life.store.putChannel(
      'log',
      { target: { kind: 'log' }, labels: null, events: null },
      at(4),
    );
    await life.store.removeChannel('log', at(5));
    await life.stop();
    life.start(6);
    await whole(life);
  });

  test('by a watermark that is spoilt or gone: it is written anew', async () => {
    const life = await watched();
    await life.read(0, 10, 'a');
    const spoilt = [
      '',
      '{"recordedAt":',
      'null',
      '{"recordedAt": "9e15", "time": "2026-11-17T10:00:00.000Z"}',
      `{"recordedAt": ${at(500)}, "time": "${new Date(at(50)).toISOString()}"}`,
      '{"recordedAt": 9007199254740991, "time": "+287396-10-12T08:59:00.991Z"}',
    ];
    for (const text of spoilt) {
      await life.stop();
      writeFileSync(life.file(WATERMARK), text);
      life.start(11);
      await whole(life);
      expect(JSON.parse(readFileSync(life.file(WATERMARK), 'utf8'))).toEqual({
        recordedAt: at(10) + 100,
        time: new Date(at(10) + 100).toISOString(),
      });
    }
    await life.stop();
    rmSync(life.file(WATERMARK));
    life.start(12);
    await whole(life);
    expect(existsSync(life.file(WATERMARK))).toBe(true);
  });

  test('where a new database begins in an old folder', async () => {
    const life = await watched();
    await life.read(0, 10, 'a');
    await life.stop();
    rmSync(life.file(DATABASE));
    life.start(30);
    await whole(life);
    expect(existsSync(life.file(WATERMARK))).toBe(false);
  });
});

describe('the watermark', () => {
  const noted = (life: Life) =>
    (JSON.parse(readFileSync(life.file(WATERMARK), 'utf8')) as { recordedAt: number }).recordedAt;

  test('follows what is recorded, at most every ten seconds', async () => {
    const life = await watched();
    const put = async (seconds: number) => {
      life.clock.now = START + seconds * 1000;
      await life.store.putLabel(`at ${seconds}`, PUSHED, life.clock.now);
      return (noted(life) - START) / 1000;
    };
    life.clock.now = START + 20_000;
    expect([await put(20), await put(29), await put(30), await put(31)]).toEqual([20, 20, 30, 30]);
    // A clock that was put back doesn't stop it; and what is recorded never goes back.
    expect(await put(5)).toBe(31);
    await life.stop();
    expect(noted(life)).toBe(START + 31_000);
  });

  test('never runs ahead of what is committed', async () => {
    const life = await watched();
    life.clock.now = at(1);
    await life.store.putLabel('kept', PUSHED, at(1));
    const { $client } = life.store.db;
    $client.exec('BEGIN');
    life.clock.now = at(2);
    await life.store.putLabel('undone', PUSHED, at(2));
    $client.exec('ROLLBACK');
    expect(noted(life)).toBe(at(1));
  });
});

describe('after a restore', () => {
  test('nothing within the stretch is observed, and nothing is confirmed across it', async () => {
    const life = await restored(byBackup);
    expect(await life.observed(25)).toBe('unobserved');
    await life.read(31, 33, 'a');
    const asked = [5, 10, 10.2, 10.6, 15, 30, 30.9, 31.5, 32.5, 34];
    const observed = await Promise.all(asked.map((minute) => life.observed(minute)));
    expect(Object.fromEntries(asked.map((minute, i) => [minute, observed[i]]))).toEqual({
      5: 'bracketed',
      10: 'bracketed',
      10.2: 'provisional',
      10.6: 'unobserved',
      15: 'unobserved',
      30: 'unobserved',
      30.9: 'unobserved',
      31.5: 'bracketed',
      32.5: 'bracketed',
      34: 'provisional',
    });
  });

  test('the timeline names the stretch, and a tenure across it has a gap as long', async () => {
    const life = await restored(byBackup);
    await life.read(31, 33, 'a');
    const { tenures, changes, lost } = await life.store.timeline(LABEL, { from: null, to: null });
    expect(lost).toEqual([{ from: at(10.5), to: at(30), recordedAt: at(30) }]);
    expect(tenures).toHaveLength(1);
    expect(tenures[0]!.maxGapMs).toBe(at(31) + 100 - at(10));
    expect(changes).toHaveLength(1);
    const within = async (from: number, to: number) =>
      (await life.store.timeline(LABEL, { from: at(from), to: at(to) })).lost.length;
    expect([await within(0, 10.5), await within(0, 11), await within(30, 40)]).toEqual([0, 1, 0]);
  });

  test('a change across the stretch has a window that spans it', async () => {
    const life = await restored(byBackup);
    await life.read(31, 32, 'b');
    const { changes } = await life.store.timeline(LABEL, { from: null, to: null });
    expect(changes[1]).toMatchObject({ kind: 'moved', after: at(10), before: at(31) + 100 });
  });

  test('as of a time before the stretch nothing is lost; as of one within it, what was known then is', async () => {
    const life = await restored(byBackup);
    await life.read(31, 33, 'a');
    const asOf = (minute: number) => life.observed(10.6, at(minute));
    expect(await life.observed(10.2, at(10.5))).toBe('provisional');
    expect(await asOf(10.5)).toBe('provisional');
    expect(await asOf(15)).toBe('unobserved');
    expect(await asOf(33)).toBe('unobserved');
  });

  test('it is told, once', async () => {
    for (const copying of [byBackup, byHand]) {
      const life = await restored(copying);
      const [lost] = (await lostOf(life)) as [LostStretch];
      await life.stop();
      life.start(31);
      const told = (await life.store.events(0, 100)).filter(
        ({ type }) => type === 'underlabel.store.restored',
      );
      expect(told).toHaveLength(1);
      expect(told[0]).toMatchObject({
        subject: 'store',
        recordedAt: lost.recordedAt,
        data: { from: lost.from, to: lost.to },
      });
    }
  });

  test('no reading gets a number that the lost database may have given away', async () => {
    const life = await watched();
    await life.read(0, 10, 'a');
    const copy = await byBackup(life);
    await life.read(11, 20, 'b');
    const given = await life.store.observations(LABEL, { limit: 100, before: null });
    await life.restore(copy, 30);
    await life.read(31, 40, 'b');
    await life.restore(copy, 41);
    await life.read(42, 50, 'b');
    const [newest] = await life.store.observations(LABEL, { limit: 1, before: null });
    const numbers = given.map(({ id }) => Number(id.split('-')[1]));
    expect(Number(newest!.id.split('-')[1])).toBeGreaterThan(Math.max(...numbers) + 30 * MINUTE);
  });

  test('not even one of a label that both made since', async () => {
    const life = await watched();
    const copy = await byBackup(life);
    const firstOf = async (name: string) => {
      await life.store.putLabel(name, PUSHED, life.clock.now);
      const push = { files: files('a'), backfill: false };
      const { observation } = await life.store.recordPush(name, push, life.clock.now);
      return observation.id;
    };
    const lost = await firstOf('made in the lost one');
    await life.restore(copy, 30);
    const made = await firstOf('made in the copy');
    await life.restore(copy, 31);
    const madeAgain = await firstOf('made in the copy, restored once more');
    expect(new Set([lost, made, madeAgain]).size).toBe(3);
  });

  test('a diff leaves out what is not observed, and counts what is', async () => {
    const life = await watched();
    await life.read(0, 10, 'a');
    const copy = await byBackup(life);
    await life.restore(copy, 30);
    await life.read(31, 33, 'a');
    const minutes = [5, 10.2, 15, 30.5, 31.5];
    const sent = minutes.map((minute) =>
      trace({ id: `${minute}`, label: LABEL, startedAt: at(minute), endedAt: at(minute) }),
    );
    await life.store.ingest(sent, at(33));
    const period = await cohortOf(life.store, LABEL, { from: at(0), to: at(40) });
    expect(Object.fromEntries(period.map(({ id, leftOut }) => [id, leftOut]))).toEqual({
      5: null,
      10.2: 'provisional',
      15: 'unobserved',
      30.5: 'unobserved',
      31.5: null,
    });
    const ofArtifact = await cohortOf(life.store, LABEL, { artifacts: [artifact('a')] });
    expect(ofArtifact.map(({ id }) => id)).toEqual(['5', '10.2', '31.5']);
  });

  test('a trace within the stretch that names a blob raises no conflict', async () => {
    const life = await restored(byBackup);
    const blobId = files('other')[0]!.blobId;
    const one = trace({ id: '1', label: LABEL, startedAt: at(25), endedAt: at(25), blobId });
    expect((await life.store.ingest([one], at(30))).conflicts).toEqual([]);
  });
});

test('a store without lost stretches says so', async () => {
  const { store } = opened();
  expect(await store.lost()).toEqual([]);
});
