import { expect, it } from 'vitest';
import { LargeParts } from '../../src/http/large-parts.ts';

const MEBIBYTE = 2 ** 20;

it('has room for long parts up to a limit, and again once they are taken', () => {
  const room = new LargeParts();
  for (let i = 0; i < 4; i++) expect(room.take(16 * MEBIBYTE)).toBe(true);
  expect(room.take(MEBIBYTE)).toBe(false);
  room.give(16 * MEBIBYTE);
  expect(room.take(MEBIBYTE)).toBe(true);
});

it('always has room for short parts, and for one part alone', () => {
  const room = new LargeParts();
  expect(room.take(100 * MEBIBYTE)).toBe(true);
  expect(room.take(1000)).toBe(true);
  expect(room.take(MEBIBYTE)).toBe(false);
  room.give(1000);
  room.give(100 * MEBIBYTE);
  expect(room.take(64 * MEBIBYTE)).toBe(true);
});
