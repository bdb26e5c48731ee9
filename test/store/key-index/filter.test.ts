import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Filter } from '../../../src/store/sqlite/key-index/filter.ts';

const word = fc.oneof(fc.nat({ max: 2 ** 32 - 1 }), fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1));

/** Random, the same each time. */
function* keys(seed: number): Generator<{ hi: number; lo: number }, never> {
  let state = seed;
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  for (;;) yield { hi: next(), lo: next() };
}

describe('a filter of keys', () => {
  test('lets each key pass that was added', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ hi: word, lo: word })), (added) => {
        const filter = Filter.for(added.length);
        for (const { hi, lo } of added) filter.add(hi, lo);
        const read = new Filter(Uint8Array.from(filter.bytes));
        for (const key of added) expect(read.mayHave(key)).toBe(true);
      }),
    );
  });

  test.each([
    { entries: 1000, most: 0.004 },
    { entries: 131_072, most: 0.002 },
    { entries: 2 ** 21, most: 0.008 },
  ])('lets few others pass: of $entries keys', ({ entries, most }) => {
    const filter = Filter.for(entries);
    const random = keys(5);
    for (let i = 0; i < entries; i++) {
      const { hi, lo } = random.next().value;
      filter.add(hi, lo);
    }
    let passed = 0;
    const asked = 100_000;
    for (let i = 0; i < asked; i++) if (filter.mayHave(random.next().value)) passed++;
    expect(passed / asked).toBeLessThan(most);
  });

  test('of no entries lets none pass', () => {
    expect(Filter.for(0).mayHave({ hi: 1, lo: 2 })).toBe(false);
  });
});
