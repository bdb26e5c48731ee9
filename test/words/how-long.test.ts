import { expect, it } from 'vitest';
import { howLong } from '../../src/words/how-long.ts';

it.each([
  [-5, '0 ms'],
  [0.7, '0 ms'],
  [999, '999 ms'],
  [1000, '1 s'],
  [119_999, '119 s'],
  [120_000, '2 min'],
  [2 * 3_600_000 - 1, '119 min'],
  [2 * 3_600_000, '2 h'],
  [2 * 86_400_000 - 1, '47 h'],
  [2 * 86_400_000, '2 d'],
])('%d ms are told as %s', (ms, words) => {
  expect(howLong(ms)).toBe(words);
});
