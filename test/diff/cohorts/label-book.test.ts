import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LabelBook } from '../../../src/diff/cohorts/label-book.ts';
import { hashOfValue } from '../../../src/diff/cohorts/value-hash.ts';
import { CODE } from '../../../src/diff/data.ts';

it('holds so many labels, the same ones in whatever order and however often they come', () => {
  const labels = Array.from({ length: 40 }, (_, i) => `label ${i}`);
  const kept = labels
    .toSorted((a, b) => hashOfValue(a)! - hashOfValue(b)!)
    .slice(0, 8)
    .sort();
  const orders = fc
    .array(fc.constantFrom(...labels), { maxLength: 60 })
    .chain((some) => fc.shuffledSubarray([...some, ...labels], { minLength: some.length + 40 }));
  fc.assert(
    fc.property(orders, (order) => {
      const book = new LabelBook(8);
      const numbers = order.map((label) => book.numberOf(label));
      const { codes, hashes, names } = book.recoding();
      expect(names).toEqual(kept);
      order.forEach((label, i) => {
        const number = numbers[i]!;
        const code = number < 0 ? number : codes[number]!;
        expect(code).toBe(kept.includes(label) ? kept.indexOf(label) : CODE.hash);
        if (code === CODE.hash && number >= 0) expect(hashes[number]).toBe(hashOfValue(label));
      });
    }),
  );
});
