import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryTable } from '../../../src/store/sqlite/key-index/memory-table.ts';
import { ENTRY_BYTES, refAt } from '../../../src/store/sqlite/key-index/packed.ts';
import { sorted } from '../../../src/store/sqlite/key-index/sorted.ts';

const word = fc.oneof(fc.nat({ max: 2 ** 32 - 1 }), fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1));
const entry = fc.record({ hi: word, lo: word, ref: fc.maxSafeNat().map((n) => n % 2 ** 48) });

function tableOf(entries: readonly { hi: number; lo: number; ref: number }[]): MemoryTable {
  const table = new MemoryTable(Math.max(1, entries.length));
  for (const { ref, ...key } of entries) table.add(key, ref);
  return table;
}

describe('a table of entries', () => {
  test('is sorted by key, and under one key the last added comes first', () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const sorting = sorted(tableOf(entries));
        let view: DataView | undefined;
        while (!view) view = sorting.next().value as DataView | undefined;
        const got = entries.map((_, i) => {
          const at = i * ENTRY_BYTES;
          return { hi: view.getUint32(at), lo: view.getUint32(at + 4), ref: refAt(view, at) };
        });
        expect(got).toEqual(entries.toReversed().sort((a, b) => a.hi - b.hi || a.lo - b.lo));
      }),
    );
  });

  test('has the refs of a key, the last added first', () => {
    fc.assert(
      fc.property(fc.array(entry), fc.nat({ max: 5 }), (entries, limit) => {
        const table = tableOf(entries);
        for (const { hi, lo } of entries) {
          const its = entries.filter((one) => one.hi === hi && one.lo === lo).map(({ ref }) => ref);
          const found: number[] = [];
          table.find({ hi, lo }, found, Infinity);
          expect(found).toEqual(its.reverse());
          const some: number[] = [];
          table.find({ hi, lo }, some, limit);
          expect(some).toEqual(its.slice(0, limit));
        }
      }),
    );
  });

  test('takes many rows under one key as fast as under many', () => {
    const table = new MemoryTable(131_072);
    const key = { hi: 5, lo: 7 };
    for (let ref = 0; !table.isFull; ref++) table.add(key, ref);
    const found: number[] = [];
    table.find(key, found, 2);
    expect(found).toEqual([131_071, 131_070]);
  });
});
