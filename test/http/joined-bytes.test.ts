import { describe, expect, it } from 'vitest';
import { joinedBytes } from '../../src/http/joined-bytes.ts';

describe('an answer of many texts', () => {
  it('is their UTF-8, one after the other', () => {
    const texts = ['{"items":[', '"é"', ',"😀\u{20000}"', '', ']}', 'x'.repeat(100_000)];
    expect(Buffer.from(joinedBytes(texts)).toString()).toBe(texts.join(''));
  });

  it('may be none', () => {
    expect(joinedBytes([]).length).toBe(0);
  });
});
