import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalSecret, newSecret, secretProblem } from '../../src/alert/secret.ts';

const of = (bytes: number) => Buffer.alloc(bytes, 'k').toString('base64');

describe('a secret', () => {
  it('that is made is 32 random bytes, and no two are alike', () => {
    const made = Array.from({ length: 100 }, newSecret);
    expect(new Set(made).size).toBe(100);
    for (const secret of made) {
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(secretProblem(secret)).toBeNull();
      expect(canonicalSecret(secret)).toBe(secret);
    }
  });

  it.each([24, 25, 26, 64])(
    'may be given, of %i bytes, with or without its prefix and padding',
    (bytes) => {
      const whole = `whsec_${of(bytes)}`;
      for (const form of [whole, of(bytes), whole.replaceAll('=', '')]) {
        expect(secretProblem(form)).toBeNull();
        expect(canonicalSecret(form)).toBe(whole);
      }
    },
  );

  it.each([
    ['', 'holds 0 bytes'],
    [of(23), 'holds 23 bytes; expected 24 to 64'],
    [`whsec_${of(65)}`, 'holds 65 bytes; expected 24 to 64'],
    [`whsec_whsec_${of(32)}`, 'expected whsec_ and the base64'],
    ['correct horse battery staple', 'expected whsec_ and the base64'],
    [Buffer.alloc(32, 0xff).toString('base64url'), 'expected whsec_ and the base64'],
    [`${of(32)} `, 'expected whsec_ and the base64'],
    [`whsec_${of(25).slice(0, -3)}b==`, 'expected whsec_ and the base64'],
  ])('%j is refused with its reason', (text, problem) => {
    expect(secretProblem(text)).toContain(problem);
  });

  it('that is refused is not in the reason', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12, maxLength: 30 }), (text) => {
        expect(secretProblem(`${text}!`) ?? '').not.toContain(text);
      }),
    );
  });

  it('is known by its one form', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), (bytes) => {
        const secret = canonicalSecret(Buffer.from(bytes).toString('base64'));
        expect(Buffer.from(secret.slice(6), 'base64')).toEqual(Buffer.from(bytes));
      }),
    );
  });
});
