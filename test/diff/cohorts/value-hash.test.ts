import { hash } from 'node:crypto';
import { expect, it } from 'vitest';
import { hashOfDigest, hashOfValue } from '../../../src/diff/cohorts/value-hash.ts';

it('a text has the hash of its UTF-8, whichever way it is read', () => {
  for (const text of ['', 'a', 'ä€𝄞', 'x'.repeat(5000), ...Array.from({ length: 50 }, String)]) {
    expect(hashOfValue(text)).toBe(hashOfDigest(hash('sha256', text, 'buffer')));
  }
  expect(hashOfValue({ b: 1, a: 2 })).toBe(hashOfValue({ a: 2, b: 1 }));
  expect(hashOfValue('{}')).not.toBe(hashOfValue({}));
});
