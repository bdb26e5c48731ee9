import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { parseTraces } from '../../src/ingest/native.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/index.ts';
import type { NewTrace, PushedReading, WatchedReading } from '../../src/store/store.ts';
import {
  artifact,
  blob,
  files,
  opened,
  PUSHED,
  START,
  temporaryFolder,
  trace,
  unhurried,
} from './opened.ts';

const SECOND = 1000;
const NAME = 'og/eth-volatility';

/** What was under the label at one instant, `at` ms after the start. */
function seen(blobName: string | null, at: number, until = at): PushedReading {
  return {
    requestedAt: START + at,
    receivedAt: START + until,
    files: blobName === null ? null : files(blobName),
    backfill: false,
  };
}

const backfilled = (reading: PushedReading): PushedReading => ({ ...reading, backfill: true });

const watched = (outcome: WatchedReading['outcome'], at: number, until = at): WatchedReading => ({
  requestedAt: START + at,
  receivedAt: START + until,
  seenSince: null,
  outcome,
  answer: null,
});

const MANIFEST = { kind: 'manifest', url: 'https://example.test/model.json' } as const;
const FAILED = { kind: 'failed', code: 'unreachable', message: 'nobody answers' } as const;

/** A store with one label of pushes, an hour after the start. */
async function withLabel() {
  const { store, folder, clock } = opened();
  await store.putLabel(NAME, PUSHED, START - SECOND);
  clock.now = START + 3600 * SECOND;
  const push = (reading: PushedReading) => store.recordPush(NAME, reading, clock.now);
  return { store, folder, clock, push };
}

async function allTraces(store: SqliteStore) {
  const { items } = await store.traces({ from: null, to: null }, { limit: 100, before: null });
  return items;
}

/** Traces as they come in. */
function sent(...bodies: string[]): NewTrace[] {
  const text = `{"traces":[${bodies.join(',')}]}`;
  const { traces, rejected } = parseTraces(text, JSON.parse(text));
  expect(rejected).toEqual([]);
  return traces.map((one) => one.trace);
}

function body(id: string, more: string): string {
  const times = '"startedAt":"2026-11-17T10:00:00Z","endedAt":"2026-11-17T10:00:01Z"';
  return `{"id":"${id}","label":"${NAME}",${times}${more}}`;
}

function eventsOf(store: SqliteStore): { type: string; data: string }[] {
  return store.db.$client.prepare('SELECT type, data FROM events ORDER BY seq').all() as {
    type: string;
    data: string;
  }[];
}

describe('the data folder', () => {
  test('is for its owner alone, also where it was there before', () => {
    const [parent, before] = [temporaryFolder(), temporaryFolder()];
    chmodSync(before, 0o755);
    for (const folder of [join(parent, 'deep', 'new'), before]) {
      opened(folder);
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    }
  });

  test('is refused to a second one while the first has it, and free once that is closed', async () => {
    const { store, folder } = opened();
    expect(() => openSqliteStore(folder)).toThrow(expect.objectContaining({ code: 'in-use' }));
    await store.close();
    opened(folder);
  });

  test('is let go of by a process that is killed', async () => {
    const folder = temporaryFolder();
    const module = new URL('../../src/store/sqlite/index.ts', import.meta.url).href;
    const script = `const { openSqliteStore } = await import(${JSON.stringify(module)});
      openSqliteStore(process.argv[1]); console.log('open'); setInterval(() => {}, 1000);`;
    const child = spawn(
      process.execPath,
      ['--conditions=source', '--input-type=module', '-e', script, folder],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const gone = once(child, 'exit');
    try {
      await once(child.stdout, 'data');
      expect(() => openSqliteStore(folder)).toThrow(/another process is using/);
    } finally {
      child.kill('SIGKILL');
      await gone;
    }
    opened(folder);
  });

  test('writes ahead, waits for the disk and keeps references whole', () => {
    const { store } = opened();
    const pragma = (name: string) => store.db.$client.pragma(name, { simple: true });
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys')]).toEqual([
      'wal',
      2,
      1,
    ]);
  });

  test('of a newer Underlabel is refused, left as it is, and not held on to', async () => {
    const { store, folder } = opened();
    await store.close();
    const file = join(folder, 'underlabel.db');
    const change = (statement: string) => {
      const client = new Database(file);
      client.exec(statement);
      client.close();
    };
    const newer = Date.UTC(2100, 0);
    change(`INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('newer', ${newer})`);
    for (const _ of ['once', 'again']) {
      expect(() => openSqliteStore(folder)).toThrow(
        expect.objectContaining({ code: 'newer-database' }),
      );
    }
    change(`DELETE FROM __drizzle_migrations WHERE created_at = ${newer}`);
    opened(folder);
  });

  test('of an older Underlabel is copied before it is brought up to date', () => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    // As a version before the first migration of today might have left it.
    const older = new Database(join(folder, 'underlabel.db'));
    older.exec(`CREATE TABLE __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric);
      INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('older', 1);
      CREATE TABLE keepsakes (text TEXT); INSERT INTO keepsakes VALUES ('kept');`);
    older.close();
    opened(folder);
    const copy = new Database(join(folder, 'underlabel-before-upgrade-from-1.db'), {
      readonly: true,
    });
    expect(copy.prepare('SELECT text FROM keepsakes').pluck().all()).toEqual(['kept']);
    expect(copy.prepare("SELECT 1 FROM sqlite_master WHERE name = 'traces'").all()).toEqual([]);
    copy.close();
  });
});

describe('a full disk', () => {
  test('refuses the whole batch, says so, and the store works on once there is room', async () => {
    const { store } = opened();
    await store.ingest([trace({ id: 'before', label: NAME })], START);
    const client = store.db.$client;
    client.pragma('wal_checkpoint(TRUNCATE)');
    const pages = client.pragma('page_count', { simple: true }) as number;
    client.pragma(`max_page_count = ${pages + 4}`);
    const batch = Array.from({ length: 40 }, (_, i) =>
      trace({
        id: `t${i}`,
        label: `new/${i}`,
        output: JSON.stringify(randomBytes(3000).toString('base64')),
      }),
    );
    await expect(store.ingest(batch, START)).rejects.toMatchObject({
      code: 'full',
      message: expect.stringContaining('nothing was stored'),
    });
    expect((await allTraces(store)).map(({ id }) => id)).toEqual(['before']);
    expect(client.prepare('SELECT count(*) FROM labels').pluck().get()).toBe(1);
    client.pragma('max_page_count = 1000000');
    const { outcomes } = await store.ingest(batch, START);
    expect(outcomes).toEqual(batch.map(() => 'accepted'));
  });

  test('refuses a reading, and the same one is taken once there is room', async () => {
    const { store, push } = await withLabel();
    await push(seen('a', 0));
    const client = store.db.$client;
    client.pragma('wal_checkpoint(TRUNCATE)');
    client.pragma(`max_page_count = ${client.pragma('page_count', { simple: true })}`);
    const many: PushedReading = {
      ...seen(null, 10),
      files: Array.from({ length: 500 }, (_, i) => ({
        path: `weights/${i}.bin`,
        blobId: blob('w'),
        size: i,
      })),
    };
    await expect(push(many)).rejects.toMatchObject({ code: 'full' });
    expect((await store.label(NAME))!.current!.artifactId).toBe(artifact('a'));
    expect(eventsOf(store)).toHaveLength(1);
    client.pragma('max_page_count = 1000000');
    const { duplicate, change, observation } = await push(many);
    expect([duplicate, change!.kind, observation.id.split('-')[1]]).toEqual([false, 'moved', '2']);
  });
});

describe('a trace', () => {
  test('sent again is a duplicate, however its JSON is written', async () => {
    const { store } = opened();
    const first = sent(body('t', ',"input":{"a":1,"b":[2]},"output":1.0,"attributes":{"x":1}'));
    const again = sent(
      body('t', ', "output": 1, "attributes": {"x": 1e0}, "input": {"b": [2.0], "\\u0061": 1}'),
    );
    expect((await store.ingest(first, START)).outcomes).toEqual(['accepted']);
    expect((await store.ingest(again, START + 1)).outcomes).toEqual(['duplicate']);
    const stored = (await store.trace('t', null))!;
    expect([stored.output, stored.input]).toEqual(['1.0', '{"a":1,"b":[2]}']);
    expect(stored.recordedAt).toBe(START);
  });

  test('with a finer time is a duplicate where its milliseconds are the same', async () => {
    const { store } = opened();
    const times = (start: string, end: string) =>
      sent(`{"id":"t","label":"${NAME}","startedAt":"${start}","endedAt":"${end}"}`);
    await store.ingest(times('2026-11-17T10:00:00Z', '2026-11-17T10:00:00.001Z'), START);
    const finer = times('2026-11-17T11:00:00.0009+01:00', '2026-11-17T10:00:00.0002Z');
    expect((await store.ingest(finer, START)).outcomes).toEqual(['duplicate']);
  });

  test.each([
    ['label', body('t', '').replace(NAME, 'other')],
    ['startedAt', body('t', '').replace('T10:00:00Z', 'T09:59:59Z')],
    ['endedAt', body('t', '').replace('T10:00:01Z', 'T10:00:02Z')],
    ['input', body('t', ',"input":null')],
    ['output', body('t', ',"output":[]')],
    ['decision', body('t', ',"decision":"HOLD"')],
    ['blobId', body('t', `,"blobId":"${blob('a')}"`)],
    ['context', body('t', ',"context":""')],
    ['turn', body('t', ',"turn":0')],
    ['attributes', body('t', ',"attributes":{}')],
  ])('with the same id and another %s is refused, and the first one stays', async (_, other) => {
    const { store } = opened();
    await store.ingest(sent(body('t', '')), START);
    const stored = await store.trace('t', null);
    expect((await store.ingest(sent(other), START + 1)).outcomes).toEqual(['other-content']);
    expect(await store.trace('t', null)).toEqual(stored);
  });

  test('that comes twice in a batch is stored once, and one refused leaves the others', async () => {
    const { store } = opened();
    const batch = sent(body('a', ''), body('a', ''), body('a', ',"turn":1'), body('b', ''));
    const { outcomes, unknownLabels } = await store.ingest(batch, START);
    expect(outcomes).toEqual(['accepted', 'duplicate', 'other-content', 'accepted']);
    expect(unknownLabels).toBe(2);
  });

  test('whose integers lie past 2⁵³ is told from its neighbour', async () => {
    const { store } = opened();
    await store.ingest(sent(body('t', ',"input":9007199254740993')), START);
    const neighbour = sent(body('t', ',"input":9007199254740992'));
    expect((await store.ingest(neighbour, START)).outcomes).toEqual(['other-content']);
    expect((await store.trace('t', null))!.inputExact).toBe(true);
  });
});

describe('a pushed reading', () => {
  test('sent again is a duplicate and nothing is stored twice', async () => {
    const { store, clock, push } = await withLabel();
    const { observation } = await push(seen('a', 0, 20));
    clock.now += SECOND;
    const again = await push(seen('a', 0, 20));
    expect(again).toEqual({ observation, duplicate: true, change: null });
    await push(seen('b', 30));
    expect((await push(backfilled(seen('a', 0, 20)))).duplicate).toBe(true);
    const { tenures } = await store.timeline(NAME, { from: null, to: null });
    expect(tenures.map((tenure) => tenure.observations)).toEqual([1, 1]);
  });

  test('asked before the newest was answered is refused, unless it is a backfill', async () => {
    const { push } = await withLabel();
    await push(seen('a', 100, 200));
    const refused = { code: 'before-newest', path: 'requestedAt' };
    await expect(push(seen('b', 199, 300))).rejects.toMatchObject(refused);
    await expect(push(seen('b', 0, 10))).rejects.toMatchObject(refused);
    expect((await push(backfilled(seen('b', 0, 10)))).change).toBeNull();
  });

  test.each([
    ['inside', 120, 130],
    ['around', 50, 300],
    ['over its start', 50, 101],
    ['over its end', 199, 300],
    ['at its middle, without length', 150, 150],
    ['with both its instants', 100, 200],
  ])('that overlaps another is refused as a backfill too: %s', async (_, from, to) => {
    const { push } = await withLabel();
    await push(seen('a', 100, 200));
    await push(seen('a', 1000));
    await expect(push(backfilled(seen('b', from, to)))).rejects.toMatchObject({ code: 'overlap' });
  });

  test('may touch others, before and after, and stand without length at their ends', async () => {
    const { store, push } = await withLabel();
    await push(seen('a', 100, 200));
    await push(seen('a', 300, 400));
    for (const [from, to] of [
      [200, 300],
      [100, 100],
      [200, 200],
      [400, 400],
    ] as const) {
      await push(backfilled(seen('b', from, to)));
    }
    const listed = await store.observations(NAME, { limit: 10, before: null });
    expect(listed.map((one) => [one.requestedAt - START, one.receivedAt - START])).toEqual([
      [400, 400],
      [300, 400],
      [200, 300],
      [200, 200],
      [100, 200],
      [100, 100],
    ]);
  });

  test('that ends at the instant of the next one stands between two other artifacts', async () => {
    const { store, push } = await withLabel();
    await push(seen('a', 0));
    await push(seen('b', 100, 200));
    await push(seen('c', 200));
    const { tenures } = await store.timeline(NAME, { from: null, to: null });
    expect(tenures.map((tenure) => tenure.artifactId)).toEqual(
      ['a', 'b', 'c'].map((x) => artifact(x)),
    );
  });

  test('answered before it was asked, or ahead of now by more than clockSkew, is refused', async () => {
    const { clock, store, push } = await withLabel();
    await expect(push(seen('a', 10, 9))).rejects.toMatchObject({
      code: 'bad-times',
      path: 'receivedAt',
    });
    await store.putLabel(NAME, { ...PUSHED, clockSkew: 2000 }, clock.now);
    const ahead = clock.now - START + 2001;
    await expect(push(seen('a', 0, ahead))).rejects.toMatchObject({
      code: 'bad-times',
      path: 'receivedAt',
    });
    await expect(push(seen('a', ahead))).rejects.toMatchObject({
      code: 'bad-times',
      path: 'requestedAt',
    });
    await push(seen('a', 0, ahead - 1));
  });

  test('without times is taken now, and many within one millisecond keep their order', async () => {
    const { store, clock } = await withLabel();
    for (const name of ['a', 'b', 'c']) {
      const { observation } = await store.recordPush(
        NAME,
        { files: files(name), backfill: false },
        clock.now,
      );
      expect(observation.receivedAt - clock.now).toBeLessThanOrEqual(5);
    }
    const { changes } = await store.timeline(NAME, { from: null, to: null });
    expect(changes.map(({ to }) => to)).toEqual(['a', 'b', 'c'].map((x) => artifact(x)));
  });

  test('is refused on a label that is read from its source, unless it is a backfill', async () => {
    const { store } = opened();
    await store.putLabel(NAME, { ...PUSHED, source: MANIFEST }, START);
    const push = (reading: PushedReading) => store.recordPush(NAME, reading, START + SECOND);
    await expect(push(seen('a', 0))).rejects.toMatchObject({ code: 'not-push' });
    await push(backfilled(seen('a', 0)));
    await expect(store.recordPush('other', seen('a', 0), START)).rejects.toMatchObject({
      code: 'unknown-label',
    });
  });

  test('that is refused leaves nothing behind, not even its artifact', async () => {
    const { store, push } = await withLabel();
    await push(seen('a', 100));
    await expect(push(seen('b', 0))).rejects.toThrow();
    expect(await store.artifact(artifact('b'))).toBeNull();
  });
});

describe('a reading of the watch', () => {
  async function withManifest() {
    const { store, clock } = opened();
    await store.putLabel(NAME, { ...PUSHED, source: MANIFEST }, START - SECOND);
    const read = (reading: WatchedReading) => store.recordReading(NAME, reading, clock.now);
    return { store, clock, read };
  }
  const showing = (name: string) => ({ kind: 'artifact', files: files(name) }) as const;

  test('asked before the previous one was answered counts as failed: the clock stepped back', async () => {
    const { store, read } = await withManifest();
    await read(watched(showing('a'), 0, 100));
    const { observation } = await read(watched(showing('b'), 99, 150));
    expect([observation.outcome, observation.error!.code]).toEqual(['failed', 'clock']);
    const label = (await store.label(NAME))!;
    expect([label.current!.artifactId, label.consecutiveFailures]).toEqual([artifact('a'), 1]);
  });

  test('that a cache may have seen before the previous one counts as failed: stale', async () => {
    const { read } = await withManifest();
    await read(watched(showing('a'), 0, 100));
    const cached = { ...watched(showing('b'), 200, 210), seenSince: START + 99 };
    expect((await read(cached)).observation.error!.code).toBe('stale');
    const fresher = { ...watched(showing('b'), 220, 230), seenSince: START + 100 };
    expect((await read(fresher)).observation).toMatchObject({
      outcome: 'artifact',
      requestedAt: START + 100,
    });
  });

  test('within the very millisecond of the previous one is kept, after it', async () => {
    const { store, read } = await withManifest();
    await read(watched(showing('a'), 50));
    const { observation, change } = await read(watched(showing('b'), 50));
    expect([observation.outcome, change!.kind]).toEqual(['artifact', 'moved']);
    expect((await store.label(NAME))!.current!.artifactId).toBe(artifact('b'));
  });

  test('that failed is listed among the others, page by page, also many of one instant', async () => {
    const { store, read } = await withManifest();
    const ids: string[] = [];
    const keep = async (reading: WatchedReading) => ids.push((await read(reading)).observation.id);
    await keep(watched(showing('a'), 0));
    for (let i = 0; i < 6; i++) await keep(watched(FAILED, 10, 12));
    await keep(watched(FAILED, 10, 15));
    await keep(watched(showing('a'), 20));
    for (const limit of [1, 2, 4, 20]) {
      const listed: string[] = [];
      let page = await store.observations(NAME, { limit, before: null });
      while (page.length > 0) {
        listed.push(...page.map(({ id }) => id));
        const last = page.at(-1)!;
        const before = { ...last, seq: Number(last.id.split('-')[1]) };
        page = await store.observations(NAME, { limit, before });
      }
      expect(listed).toEqual(ids.toReversed());
    }
  });

  test('on a label whose source changed is refused, and settings may change', async () => {
    const { store, clock, read } = await withManifest();
    await read(watched(showing('a'), 0));
    const other = { ...PUSHED, source: { kind: 'push' } as const };
    await expect(store.putLabel(NAME, other, clock.now)).rejects.toMatchObject({
      code: 'source-changed',
    });
    const settings = { ...PUSHED, source: MANIFEST, every: 5000 };
    expect(await store.putLabel(NAME, settings, clock.now)).toEqual({ created: false });
    await store.removeLabel(NAME, clock.now);
    expect(await store.putLabel(NAME, settings, clock.now)).toEqual({ created: true });
  });
});

describe('what was known at a moment', () => {
  test('is told with the settings as they then were', async () => {
    const { store, clock, push } = await withLabel();
    await push(seen('a', 0));
    await push(seen('a', 1000));
    const at = START + 100;
    const settledAt = clock.now;
    const observedAsOf = async (asOf: number | null) =>
      (await store.attributionAt(NAME, at, at, asOf)).observed;
    expect(await observedAsOf(settledAt)).toBe('bracketed');
    clock.now += SECOND;
    await store.putLabel(NAME, { ...PUSHED, servingLag: 101 }, clock.now);
    expect(await observedAsOf(null)).toBe('unobserved');
    expect(await observedAsOf(clock.now)).toBe('unobserved');
    expect(await observedAsOf(settledAt)).toBe('bracketed');
  });

  test('leaves out the evidence of a trace that came later', async () => {
    const { store, clock, push } = await withLabel();
    await push(seen('a', 0));
    await push(seen('a', 1000));
    const before = clock.now;
    clock.now += SECOND;
    const named = { startedAt: START + 500, endedAt: START + 500, blobId: blob('a') };
    await store.ingest([trace({ id: 't', label: NAME, ...named })], clock.now);
    expect((await store.trace('t', before))!.attribution.certainty).toBe('bracketed');
    expect((await store.trace('t', clock.now))!.attribution.certainty).toBe('declared');
  });

  test('stays, even when the clock stands still, steps back, or the service begins anew', async () => {
    const { store, folder, clock, push } = await withLabel();
    const known: { asOf: number; answer: unknown }[] = [];
    const ask = (one: SqliteStore, asOf: number) =>
      one.attributionAt(NAME, START + 10, START + 10, asOf);
    const keep = async (asOf: number) => known.push({ asOf, answer: await ask(store, asOf) });
    const stays = async (one: SqliteStore) => {
      for (const { asOf, answer } of known) expect(await ask(one, asOf)).toEqual(answer);
    };
    await keep((await push(seen('a', 0))).observation.recordedAt);
    await keep((await push(seen('b', 20))).observation.recordedAt);
    await stays(store);
    clock.now -= 60 * SECOND;
    await keep((await push(seen('c', 30))).observation.recordedAt);
    await keep((await push(backfilled(seen('d', 15)))).observation.recordedAt);
    await stays(store);
    await store.close();
    const again = opened(folder, clock).store;
    await again.recordPush(NAME, backfilled(seen('e', 12)), clock.now);
    await stays(again);
  });
});

describe('the time something is recorded at', () => {
  test('never goes back when the clock does, nor over a restart', async () => {
    const { store, folder, clock, push } = await withLabel();
    const moments: number[] = [];
    moments.push((await push(seen('a', 0))).observation.recordedAt);
    clock.now -= 30 * SECOND;
    moments.push((await push(seen('b', 10))).observation.recordedAt);
    await store.ingest([trace({ id: 't', label: NAME })], clock.now + 90 * SECOND);
    moments.push((await store.trace('t', null))!.recordedAt);
    moments.push((await push(seen('c', 20))).observation.recordedAt);
    await store.close();
    const again = opened(folder, clock).store;
    const { observation } = await again.recordPush(NAME, seen('d', 30), clock.now);
    moments.push(observation.recordedAt);
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  });
});

describe('a conflict', () => {
  const naming = (id: string, blobName: string, endedAt = START + 5000): NewTrace =>
    trace({ id, label: NAME, startedAt: endedAt, endedAt, blobId: blob(blobName) });

  test('is told once for each label and blob until the label is read again', async () => {
    const { store, clock, push } = await withLabel();
    const told = async (...traces: NewTrace[]) =>
      (await store.ingest(traces, clock.now)).conflicts.map(({ traceId }) => traceId);
    await push(seen('a', 0));
    expect(await told(naming('1', 'x'), naming('2', 'x'), naming('3', 'y'))).toEqual(['1', '3']);
    expect(await told(naming('4', 'x'))).toEqual([]);
    await push(backfilled(seen('a', -10)));
    expect(await told(naming('5', 'x'))).toEqual([]);
    await push(seen('a', 100));
    expect(await told(naming('6', 'x'), naming('7', 'x'))).toEqual(['6']);
    const events = eventsOf(store).filter(({ type }) => type === 'underlabel.trace.conflict');
    expect(events.map(({ data }) => JSON.parse(data))).toEqual([
      { label: NAME, blobId: blob('x'), traceId: '1' },
      { label: NAME, blobId: blob('y'), traceId: '3' },
      { label: NAME, blobId: blob('x'), traceId: '6' },
    ]);
  });

  test('is not told of what a candidate holds, of what ended before the newest reading, nor where nothing was read', async () => {
    const { store, clock, push } = await withLabel();
    const told = async (one: NewTrace) => (await store.ingest([one], clock.now)).conflicts;
    expect(await told(naming('unread', 'x'))).toEqual([]);
    await push(seen('a', 0));
    await push(seen('a', 6000));
    expect(await told(naming('held', 'a', START + 7000))).toEqual([]);
    expect(await told(naming('over', 'x', START + 5999))).toEqual([]);
    expect((await store.trace('over', null))!.attribution.conflict).toBe(true);
    expect(await told(naming('at the instant', 'x', START + 6000))).toHaveLength(1);
  });

  test('is cleared by the reading that shows the blob; its event stays', async () => {
    const { store, clock, push } = await withLabel();
    await push(seen('a', 0));
    await store.ingest([naming('t', 'x')], clock.now);
    await push(seen('x', 10_000));
    const { attribution } = (await store.trace('t', null))!;
    expect([attribution.conflict, attribution.artifactId]).toEqual([false, artifact('x')]);
    expect(eventsOf(store).map(({ type }) => type)).toContain('underlabel.trace.conflict');
  });
});

describe('a change', () => {
  test('that a backfill undoes is retired, and its id stays readable', async () => {
    const { store, clock, push } = await withLabel();
    await push(seen('a', 0));
    const moved = (await push(seen('b', 1000))).change!;
    expect(moved).toMatchObject({ kind: 'moved', after: START, before: START + 1000 });
    clock.now += SECOND;
    const { observation, change } = await push(backfilled(seen('b', 500)));
    expect(change).toBeNull();
    expect(await store.change(moved.id)).toEqual({ ...moved, retiredAt: observation.recordedAt });
    const listed = await store.changes({
      label: null,
      from: null,
      to: null,
      limit: 10,
      before: null,
    });
    expect(listed.map(({ id }) => id)).toEqual([
      observation.id,
      (await store.timeline(NAME, { from: null, to: null })).changes[0]!.id,
    ]);
    expect(listed[0]).toMatchObject({ kind: 'moved', before: START + 500, retiredAt: null });
  });

  test('is an event where a push reveals it, and none where a backfill does', async () => {
    const { store, push } = await withLabel();
    await push(seen('a', 0));
    await push(seen('a', 10));
    await push(backfilled(seen('b', 20)));
    await push(seen(null, 30));
    await push(backfilled(seen('c', 5)));
    expect(eventsOf(store).map(({ type }) => type)).toEqual([
      'underlabel.change.first_seen',
      'underlabel.change.vanished',
    ]);
  });

  test('stands in a timeline whose range its window meets', async () => {
    const { store, push } = await withLabel();
    for (const [name, at] of [
      ['a', 100],
      ['b', 200],
      ['c', 300],
    ] as const)
      await push(seen(name, at));
    const within = async (from: number, to: number) => {
      const range = { from: START + from, to: START + to };
      const { tenures, changes } = await store.timeline(NAME, range);
      return [tenures.map(({ artifactId }) => artifactId), changes.map(({ to: held }) => held)];
    };
    const [a, b, c] = ['a', 'b', 'c'].map((name) => artifact(name));
    expect(await within(0, 50)).toEqual([[], []]);
    expect(await within(0, 101)).toEqual([[a], [a, b]]);
    expect(await within(0, 100)).toEqual([[], []]);
    expect(await within(210, 290)).toEqual([[b], [c]]);
    expect(await within(301, 400)).toEqual([[c], []]);
  });
});

describe('an artifact', () => {
  test('keeps its id when a source states sizes later, and has them from then on', async () => {
    const { store, push } = await withLabel();
    await push(seen('a', 0));
    const [file] = files('a');
    await push({ ...seen('a', 10), files: [{ ...file!, size: 7 }] });
    await push(seen('a', 20));
    expect(await store.artifact(artifact('a'))).toEqual({
      artifactId: artifact('a'),
      files: [{ ...file, size: 7 }],
      labels: [NAME],
    });
  });
});

describe('a label that is read every 30 seconds', () => {
  test('costs at most 8 bytes a reading', async () => {
    // Its clock stands still: each ten seconds of it, the store writes its watermark anew.
    const { store } = opened();
    unhurried(store);
    await store.putLabel(NAME, { ...PUSHED, source: MANIFEST }, START - SECOND);
    const outcome = { kind: 'artifact', files: files('a') } as const;
    const readings = 5000;
    let at = 0;
    for (let i = 0; i < readings; i++) {
      at += 30_000 + ((i * 7919) % 90);
      const until = at + 120 + ((i * 104_729) % 700);
      await store.recordReading(NAME, watched(outcome, at, until), START + until + (i % 9));
    }
    const client = store.db.$client;
    const bytes = client.prepare('SELECT sum(length(packed)) FROM chunks').pluck().get() as number;
    expect(bytes / readings).toBeLessThanOrEqual(8);
    const [tenure] = (await store.timeline(NAME, { from: null, to: null })).tenures;
    expect(tenure!.observations).toBe(readings);
  });
});
