import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hash, newFile, type Scratch, scratch } from './scratch.ts';

type Step =
  | { do: 'add'; keys: number[]; end: 'commit' | 'roll back' | 'kill' }
  | { do: 'maintain'; times: number; budgetMs: number }
  | { do: 'refuse'; what: string; with: string; times: number; budgetMs: number }
  | { do: 'kill' | 'reopen' }
  | { do: 'retain'; share: number };

/** Keys that are easily taken for each other, of which several are the same. */
const HASHES = [
  hash(7, 1),
  hash(7, 2),
  hash(7, 2, 255),
  hash(7, 2 ** 32 - 1),
  hash(0, 0),
  hash(0, 1),
  hash(2 ** 32 - 1, 2 ** 32 - 1),
  hash(2 ** 31, 0),
  hash(2 ** 31 - 1, 5),
];
const ABSENT = hash(7, 3);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      keys: fc.array(fc.nat({ max: HASHES.length - 1 }), { minLength: 1, maxLength: 12 }),
      end: fc.constantFrom(
        'commit' as const,
        'commit' as const,
        'roll back' as const,
        'kill' as const,
      ),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('maintain' as const),
      times: fc.integer({ min: 1, max: 30 }),
      budgetMs: fc.constantFrom(0, 0, 5),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('refuse' as const),
      what: fc.constantFrom(
        'INSERT ON key_pages',
        "INSERT ON key_pages WHEN new.kind = 'fences'",
        'INSERT ON key_runs',
        'UPDATE ON key_runs',
        'DELETE ON key_runs',
      ),
      budgetMs: fc.constantFrom(0, 5),
      with: fc.constantFrom("SELECT raise(ABORT, 'no')", 'INSERT INTO refused VALUES (-1)'),
      times: fc.integer({ min: 1, max: 10 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('kill' as const, 'reopen' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('retain' as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
);

const keyOf = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 8)).toString('hex');

/** Held against the rows themselves; all keys at once, since this is asked after each step. */
function expectAll({ index, client }: Scratch): void {
  const rows = client
    .prepare<[], { seq: number; hash: Buffer }>('SELECT seq, hash FROM keyed ORDER BY seq DESC')
    .all();
  const rowsOf = Map.groupBy(rows, ({ hash }) => keyOf(hash));
  const its = HASHES.map((asked) => (rowsOf.get(keyOf(asked)) ?? []).map(({ seq }) => seq));
  const found = HASHES.map((asked) => index.refs(asked));
  // Others under the key are of rows that are gone, or whose number another one has by now.
  const real = found.map((refs, i) => {
    const own = new Set(its[i]);
    return refs.filter((ref) => own.has(ref));
  });
  expect(real).toEqual(its);
  expect(found.filter((refs) => new Set(refs).size !== refs.length)).toEqual([]);
  const two = HASHES.map((asked) => index.refs(asked, 2));
  expect(two.filter((refs) => refs.length > 2)).toEqual([]);
  expect(two.map((refs, i) => refs.filter((ref) => !found[i]!.includes(ref)))).toEqual(
    HASHES.map(() => []),
  );
  expect(index.refs(ABSENT)).toEqual([]);
}

let refused = 0;

/** @returns the one to go on with */
function take(there: Scratch, told: Step, reopened: (file: string) => Scratch): Scratch {
  const { client, index } = there;
  const reopen = (file: string) => {
    there.close();
    return reopened(file);
  };
  switch (told.do) {
    case 'add': {
      client.exec('BEGIN');
      for (const key of told.keys) there.add(HASHES[key]!);
      if (told.end === 'kill') return reopen(there.killed());
      client.exec(told.end === 'commit' ? 'COMMIT' : 'ROLLBACK');
      return there;
    }
    case 'maintain':
      for (let i = 0; i < told.times; i++) index.maintain(told.budgetMs);
      return there;
    case 'refuse': {
      client.exec(
        `CREATE TEMP TRIGGER no BEFORE ${told.what} BEGIN SELECT raise(ABORT, 'no'); END`,
      );
      for (let i = 0; i < told.times; i++) {
        try {
          index.maintain(told.budgetMs);
        } catch (error) {
          refused++;
          expect((error as Error).message).toMatch(/^no$|^FOREIGN KEY/);
          expect(index.isDue).toBe(true);
        }
      }
      client.exec('DROP TRIGGER no');
      return there;
    }
    case 'retain': {
      // The last row stays: numbers never go back.
      const seqs = client.prepare<[], number>('SELECT seq FROM keyed ORDER BY seq').pluck().all();
      const first = seqs[Math.floor(told.share * (seqs.length - 1))] ?? 0;
      client.prepare('DELETE FROM keyed WHERE seq < ?').run(first);
      return there;
    }
    case 'kill':
      return reopen(there.killed());
    case 'reopen':
      return reopen(there.file);
  }
}

describe('an index of keys, whatever happens to it', () => {
  test('has each row that is there, the newest first, and in the end no page too many', () => {
    const empty = newFile();
    let runs = 0;
    let levels = 0;
    const property = fc.property(
      fc.array(step, { maxLength: 60, size: 'max' }),
      fc.record({
        memoryEntries: fc.integer({ min: 1, max: 9 }),
        fanOut: fc.integer({ min: 2, max: 4 }),
      }),
      fc.constantFrom(1, 3, 2 ** 31, 2 ** 37),
      (steps, sizes, apart) => {
        const opened = (file: string) => scratch(file, sizes, { apart });
        const from = scratch(empty);
        const file = from.killed();
        from.close();
        let there = opened(file);
        for (const told of steps) {
          there = take(there, told, opened);
          expectAll(there);
        }
        there.settle();
        expectAll(there);
        expect(there.runs().every(({ state }) => state === 'live')).toBe(true);
        const strays = there.client
          .prepare('SELECT count(*) FROM key_pages WHERE run_id NOT IN (SELECT id FROM key_runs)')
          .pluck();
        expect(strays.get()).toBe(0);
        runs += there.runs().length;
        levels = Math.max(levels, ...there.runs().map(({ level }) => level));
        there.close();
      },
    );
    fc.assert(property, { numRuns: 40 });
    expect(runs).toBeGreaterThan(20);
    expect(refused).toBeGreaterThan(20);
    expect(levels).toBeGreaterThan(1);
  });
});
