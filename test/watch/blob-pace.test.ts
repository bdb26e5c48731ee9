import { describe, expect, it } from 'vitest';
import { chainPause, nextChainQuestion, verificationPause } from '../../src/watch/blob-pace.ts';
import { A, B, mismatch, unavailable, verified } from '../walrus/attempts.ts';

const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('after a verification', () => {
  it('the bytes of an ID are checked once', () => {
    expect(verificationPause([unavailable(), verified()], 1, 0)).toBeNull();
  });

  it('an aggregator that serves other bytes is looked at again', () => {
    expect(verificationPause([mismatch(), verified()], 1, 0)).toBe(6 * HOUR);
  });

  it('one that served other bytes and now serves nothing is looked at again, others or not', () => {
    const run = [unavailable({ aggregator: A }), verified({ aggregator: B })];
    expect(verificationPause(run, 1, 0, [A])).toBe(6 * HOUR);
    expect(verificationPause([verified({ aggregator: B })], 1, 0, [A])).toBeNull();
  });

  it('what was not found is soon tried again, then less and less often', () => {
    const pauses = [1, 2, 3, 20].map((failures) => verificationPause([unavailable()], failures, 0));
    expect(pauses).toEqual([30 * SECOND, 60 * SECOND, 120 * SECOND, 6 * HOUR]);
  });

  it('an aggregator is left alone for as long as it asks', () => {
    const attempt = unavailable({ code: 'rate-limited', retryAfterSeconds: 900 });
    expect(verificationPause([attempt], 1, 0)).toBe(900 * SECOND);
  });

  it('what is refused by law is tried once a day, and what is too large for here not again', () => {
    expect(verificationPause([unavailable({ code: 'blocked' })], 1, 0)).toBe(DAY);
    const some = [unavailable({ code: 'blocked' }), unavailable({ aggregator: B })];
    expect(verificationPause(some, 1, 0)).toBe(30 * SECOND);
    expect(verificationPause([unavailable({ code: 'too-large' })], 1, 0)).toBeNull();
    expect(verificationPause([unavailable({ code: 'no-aggregator' })], 1, 0)).toBeNull();
  });
});

describe('the chain is asked again', () => {
  const now = 1_000_000 * DAY;
  const next = (endsIn: number | null, current = true) =>
    nextChainQuestion({ endsAt: endsIn === null ? null : now + endsIn }, current, [14, 2], now) -
    now;

  it('in an hour about a blob under a label, in a week about another', () => {
    expect(next(30 * DAY)).toBe(HOUR);
    expect(next(null)).toBe(HOUR);
    expect(next(30 * DAY, false)).toBe(7 * DAY);
  });

  it('at the very instant at which its end is to be told of, or has come', () => {
    expect(next(14 * DAY + 5 * SECOND)).toBe(5 * SECOND);
    expect(next(2 * DAY + SECOND)).toBe(SECOND);
    expect(next(3 * SECOND)).toBe(3 * SECOND);
    expect(next(-SECOND)).toBe(HOUR);
  });

  it('less and less often while it is out of reach', () => {
    expect([1, 2, 3, 30].map((failures) => chainPause(failures, 0))).toEqual(
      [15, 30, 60, 1800].map((seconds) => seconds * SECOND),
    );
  });
});
