import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { TextKeys } from '../../../src/store/sqlite/traces/text-keys.ts';
import { opened } from '../opened.ts';

const hashOf = (n: number) => createHash('sha256').update(String(n)).digest();
/** The texts of a block: two, at the first and the third place. */
const keysOf = (block: number) => [
  { slot: 0, hash: hashOf(2 * block) },
  { slot: 2, hash: hashOf(2 * block + 1) },
];

it('texts are found in whatever they stand: memory, beside their blocks, or runs of keys', () => {
  const { store } = opened();
  const { db } = store;
  const left = () => db.$client.prepare('SELECT count(*) FROM text_keys').pluck().get() as number;
  const few = { memoryEntries: 16 };
  let keys = new TextKeys(db, few);
  for (let block = 1; block <= 100; block++) {
    keys.add(block, keysOf(block));
    if (block % 7 === 0) while (keys.index.maintain(1));
    if (block % 11 === 0) keys.forget(3);
    // As after a restart.
    if (block % 13 === 0) keys = new TextKeys(db, few);
    for (let each = 1; each <= block; each++) {
      expect(keys.refs(hashOf(2 * each), 9)).toContain(each * 4096);
      expect(keys.refs(hashOf(2 * each + 1), 9)).toContain(each * 4096 + 2);
    }
  }
  while (keys.index.maintain(1));
  while (keys.forget(10) > 0);
  expect(left()).toBeLessThanOrEqual(8 + 1);
  keys = new TextKeys(db, few);
  for (let each = 1; each <= 100; each++) {
    expect(keys.refs(hashOf(2 * each), 9)).toContain(each * 4096);
  }
  expect(keys.refs(hashOf(999), 9)).toEqual([]);
});
