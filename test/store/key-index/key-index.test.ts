import { describe, expect, test } from 'vitest';
import { KeyIndex } from '../../../src/store/sqlite/key-index/key-index.ts';
import { hash, newFile, type Scratch, SMALL, scratch, spread } from './scratch.ts';

const ROWS = 70;
const ADDED = Array.from({ length: ROWS }, (_, i) => spread(i));

/** Each hash has the row it was added with, and one more has none. */
function expectEach({ index }: Scratch, hashes = ADDED): void {
  expect(hashes.map((hash) => index.refs(hash))).toEqual(hashes.map((_, i) => [i + 1]));
  expect(index.refs(spread(-1))).toEqual([]);
}

/** No page of a run that is not asked, and none missing of those that are. */
function expectTidy({ client, runs }: Scratch): void {
  const entries = client
    .prepare<[], [number, number]>(
      "SELECT run_id, sum(length(body)) / 14 FROM key_pages WHERE kind = 'entries' GROUP BY run_id",
    )
    .raw();
  expect(new Map(entries.all())).toEqual(new Map(runs().map((run) => [run.id, run.entries])));
  expect(new Set(runs().map(({ state }) => state))).toEqual(new Set(['live']));
}

/** So large that each page of theirs needs one of the file. */
const WHOLE_PAGES = { memoryEntries: 300, fanOut: 2 };
const MANY = Array.from({ length: 1300 }, (_, i) => spread(i));

function filled(options = SMALL): Scratch {
  const there = scratch(undefined, options);
  there.addAll(ADDED);
  return there;
}

describe('an index of keys', () => {
  test('has what is in memory, in runs and in merged runs', () => {
    const there = scratch();
    ADDED.forEach((hash, i) => {
      there.addAll([hash]);
      if (i % 3 === 0) there.index.maintain(0);
    });
    expectEach(there);
    there.settle();
    expectEach(there);
    expectTidy(there);
    expect(there.runs().map(({ level, entries }) => [level, entries])).toEqual([[3, 64]]);
  });

  test('is in order again after a kill between any two steps', () => {
    const there = filled();
    const left: string[] = [there.killed()];
    while (there.index.maintain(0)) left.push(there.killed());
    expect(left.length).toBeGreaterThan(80);
    const seen = new Set<string>();
    for (const file of left) {
      const again = scratch(file);
      for (const { state } of again.runs()) seen.add(state);
      expectEach(again);
      again.settle();
      expectEach(again);
      expectTidy(again);
      again.close();
    }
    expect(seen).toEqual(new Set(['building', 'live', 'dead']));
  });

  test.each([
    {
      what: 'finds the disk full',
      refuse: (client: Scratch['client']) =>
        client.pragma(`max_page_count = ${client.pragma('page_count', { simple: true })}`),
      allow: (client: Scratch['client']) => client.pragma('max_page_count = 1000000'),
      code: 'SQLITE_FULL',
    },
    {
      what: 'is not committed',
      refuse: (client: Scratch['client']) =>
        client.exec(`
          CREATE TEMP TRIGGER no_page BEFORE INSERT ON key_pages BEGIN INSERT INTO refused VALUES (-1); END;
          CREATE TEMP TRIGGER no_run BEFORE UPDATE ON key_runs BEGIN INSERT INTO refused VALUES (-1); END;
          CREATE TEMP TRIGGER no_end BEFORE DELETE ON key_runs BEGIN INSERT INTO refused VALUES (-1); END;`),
      allow: (client: Scratch['client']) =>
        client.exec('DROP TRIGGER no_page; DROP TRIGGER no_run; DROP TRIGGER no_end'),
      code: 'SQLITE_CONSTRAINT_FOREIGNKEY',
    },
  ])('stands as it stood where a step $what, and goes on after it', ({ refuse, allow, code }) => {
    const there = scratch(undefined, WHOLE_PAGES);
    const { client, index } = there;
    client.transaction(() => MANY.map(there.add))();
    let refused = 0;
    while (index.isDue) {
      const before = there.runs();
      refuse(client);
      try {
        index.maintain(0);
      } catch (error) {
        refused++;
        expect(error).toMatchObject({ code });
        expect(client.inTransaction).toBe(false);
        expect(there.runs()).toEqual(before);
        expect(index.isDue).toBe(true);
      }
      expectEach(there, MANY);
      allow(client);
      index.maintain(0);
    }
    expect(refused).toBeGreaterThan(5);
    expectTidy(there);
    expectEach(scratch(there.killed()), MANY);
  });

  test('has all refs of a key that fills several pages, the newest first, or as many as are asked for', () => {
    const options = { memoryEntries: 1000, fanOut: 2 };
    const there = scratch(undefined, options);
    const often = hash(2 ** 31, 5);
    const hashes = Array.from({ length: 4000 }, (_, i) => (i % 4 === 0 ? spread(i) : often));
    there.client.transaction(() => hashes.map(there.add))();
    const its = hashes.flatMap((hash, i) => (hash === often ? [i + 1] : [])).reverse();
    expect(there.index.refs(often)).toEqual(its);
    there.settle();
    expect(there.runs()).toMatchObject([{ level: 2, entries: 4000, last_ref: 4000 }]);
    expect(there.index.refs(often)).toEqual(its);
    expect(there.index.refs(often, 300)).toEqual(its.slice(0, 300));
    for (const i of [0, 4, 3996]) expect(there.index.refs(spread(i))).toEqual([i + 1]);
  });

  test('drops what stands for rows before the first one when it merges', () => {
    const there = filled({ ...SMALL, firstRef: () => 30 });
    there.settle();
    expect(there.runs().reduce((sum, { entries }) => sum + entries, 0)).toBe(64 - 29);
    expect(there.index.refs(ADDED[28]!)).toEqual([]);
    expect(there.index.refs(ADDED[29]!)).toEqual([30]);
  });

  test('drops a run whose rows are all gone without reading it', () => {
    const firstRef = { now: 0 };
    const there = filled({ ...SMALL, firstRef: () => firstRef.now });
    there.settle();
    const [old] = there.runs();
    firstRef.now = 65;
    there.addAll(ADDED.slice(0, 8));
    const left: string[] = [];
    const states = new Set<string>();
    while (there.index.maintain(0)) {
      left.push(there.killed());
      states.add(there.runs().find(({ id }) => id === old!.id)!.state);
    }
    expect(states).toEqual(new Set(['live', 'dead']));
    expect(there.runs().map(({ id }) => id)).not.toContain(old!.id);
    expectTidy(there);
    expect(there.index.refs(ADDED[0]!)).toEqual([71]);
    for (const file of left) {
      const again = scratch(file, { ...SMALL, firstRef: () => firstRef.now });
      expect(again.index.refs(ADDED[0]!)[0]).toBe(71);
      again.settle();
      expectTidy(again);
      again.close();
    }
  });

  test('goes on with a merge where the rows of its runs have gone meanwhile', () => {
    const firstRef = { now: 0 };
    const there = scratch(undefined, { ...WHOLE_PAGES, firstRef: () => firstRef.now });
    there.client.transaction(() => MANY.slice(0, 600).map(there.add))();
    while (there.runs().filter(({ state }) => state === 'live').length < 2) there.index.maintain(0);
    for (let step = 0; step < 2; step++) there.index.maintain(0);
    expect(there.runs().at(-1)).toMatchObject({ state: 'building', level: 1 });
    there.client.transaction(() => MANY.slice(600).map(there.add))();
    firstRef.now = 601;
    there.settle();
    expectTidy(there);
    expect(MANY.slice(600).map((hash) => there.index.refs(hash)[0])).toEqual(
      MANY.slice(600).map((_, i) => 601 + i),
    );
  });

  test('has a row that got the number of one that was rolled back, also after a kill', () => {
    const there = scratch();
    there.addAll(ADDED.slice(0, 6));
    there.client.exec('BEGIN');
    for (const hash of ADDED.slice(20, 24)) there.add(hash);
    there.client.exec('ROLLBACK');
    there.settle();
    expect(there.runs()).toMatchObject([{ entries: 8, last_ref: 8 }]);
    there.addAll(ADDED.slice(6, 9));
    expectEach(there, ADDED.slice(0, 9));
    const again = scratch(there.killed());
    expectEach(again, ADDED.slice(0, 9));
  });

  test('knows how far its runs go where a table has the numbers of one that was rolled back', () => {
    const there = scratch();
    there.client.exec('BEGIN');
    for (const hash of ADDED.slice(20, 28)) there.add(hash);
    there.client.exec('ROLLBACK');
    there.addAll(ADDED.slice(0, 3));
    there.settle();
    expect(there.runs()).toMatchObject([{ entries: 8, last_ref: 0 }]);
    const again = scratch(there.killed());
    expectEach(again, ADDED.slice(0, 3));
  });

  test('knows it of merged runs as well', () => {
    const there = scratch(undefined, { memoryEntries: 4, fanOut: 2 });
    const rollBack = (...hashes: Buffer[]) => {
      there.client.exec('BEGIN');
      for (const hash of hashes) there.add(hash);
      there.client.exec('ROLLBACK');
    };
    there.addAll(ADDED.slice(0, 1));
    rollBack(...ADDED.slice(20, 23));
    there.settle();
    there.addAll(ADDED.slice(1, 2));
    rollBack(ADDED[23]!);
    rollBack(ADDED[24]!);
    there.addAll(ADDED.slice(2, 4));
    there.settle();
    expect(there.runs()).toMatchObject([{ level: 1, entries: 8, last_ref: 3 }]);
    const again = scratch(there.killed());
    expectEach(again, ADDED.slice(0, 4));
  });

  test('is made from the rows where it is new and they are old', () => {
    const file = newFile();
    const before = scratch(file, { memoryEntries: 1000 });
    before.addAll(ADDED);
    expect(before.runs()).toEqual([]);
    before.close();
    const there = scratch(file);
    expect(there.runs()).toHaveLength(Math.floor((ROWS - 1) / 8));
    expectEach(there);
    there.settle();
    expectEach(there);
    expectTidy(there);
  });

  test('opens on a full disk, and says so when it is maintained', () => {
    const file = newFile();
    const before = scratch(file, { memoryEntries: 10_000 });
    before.client.transaction(() => MANY.map(before.add))();
    before.close();
    const there = scratch(file, WHOLE_PAGES, { most: 1 });
    expectEach(there, MANY);
    expect(there.index.isDue).toBe(true);
    expect(() => there.index.maintain(5)).toThrow(/full/);
    expectEach(there, MANY);
  });

  test('keeps apart from others in the same tables', () => {
    const there = filled();
    there.settle();
    const hashes = ADDED.map((hash, i) => ({ hash, ref: 1000 + i }));
    const past = (after: number) => hashes.filter(({ ref }) => ref > after);
    const other = new KeyIndex(there.client, 'other', past, SMALL);
    while (other.maintain(0));
    expect(ADDED.map((hash) => other.refs(hash))).toEqual(hashes.map(({ ref }) => [ref]));
    expectEach(there);
    const again = scratch(there.killed());
    expectEach(again);
  });

  test('refuses to be maintained within a transaction, and goes on after it', () => {
    const there = filled();
    there.client.exec('BEGIN');
    expect(() => there.index.maintain(5)).toThrow(/within a transaction/);
    expect(there.client.inTransaction).toBe(true);
    there.client.exec('COMMIT');
    there.settle();
    expectEach(there);
  });

  test.each([-1, 2 ** 48, Number.NaN])('refuses a row number it has no room for: %s', (ref) => {
    const { index } = scratch();
    expect(() => index.add(ADDED[0]!, ref)).toThrow(RangeError);
  });

  test('takes the largest row number it has room for', () => {
    const there = scratch();
    const refs = ADDED.slice(0, 8).map((_, i) => 2 ** 48 - 8 + i);
    refs.forEach((ref, i) => {
      there.index.add(ADDED[i]!, ref);
    });
    there.settle();
    expect(refs.map((_, i) => there.index.refs(ADDED[i]!))).toEqual(refs.map((ref) => [ref]));
  });

  test('says what to do where a page is missing', () => {
    const there = filled();
    there.settle();
    there.client.exec("DELETE FROM key_pages WHERE kind = 'entries'");
    expect(() => there.index.refs(ADDED[0]!)).toThrow(/restore a backup, or empty key_runs/);
    there.client.exec('DELETE FROM key_runs; DELETE FROM key_pages');
    expectEach(scratch(there.killed()));
  });
});
