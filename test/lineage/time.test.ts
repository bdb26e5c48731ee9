import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  duration,
  endTime,
  formatDuration,
  formatTime,
  parseDuration,
  parseTime,
  startTime,
  TIME_HINT,
} from '../../src/contract/time.ts';

const ms = (text: string) => parseTime(text)?.floor;

describe('a time on the wire', () => {
  test('finer than a millisecond is floored as a start and ceiled as an end', () => {
    const at = Date.UTC(2026, 10, 17, 10, 0, 0, 123);
    expect(startTime.parse('2026-11-17T10:00:00.1239Z')).toBe(at);
    expect(endTime.parse('2026-11-17T10:00:00.123000000001Z')).toBe(at + 1);
    expect(endTime.parse('2026-11-17T10:00:00.123000000000Z')).toBe(at);
    expect(parseTime('2026-11-17T10:00:00.1Z')).toEqual({ floor: at - 23, ceil: at - 23 });
  });

  test('before 1970 is floored and ceiled in the same direction', () => {
    expect(parseTime('1969-12-31T23:59:59.9995Z')).toEqual({ floor: -1, ceil: 0 });
  });

  test('in a leap second is the first second of the next minute', () => {
    expect(ms('2016-12-31T23:59:60Z')).toBe(Date.UTC(2017, 0, 1));
    expect(ms('2017-01-01T00:59:60.5+01:00')).toBe(Date.UTC(2017, 0, 1) + 500);
  });

  test('with an offset is the same instant in UTC', () => {
    const at = Date.UTC(2026, 10, 17, 10);
    expect(ms('2026-11-17T11:00:00+01:00')).toBe(at);
    expect(ms('2026-11-16T22:30:00-11:30')).toBe(at);
    expect(ms('2026-11-17t10:00:00z')).toBe(at);
    expect(ms('2026-11-17T10:00:00-00:00')).toBe(at);
  });

  test('in the first century is not moved to the twentieth', () => {
    expect(formatTime(ms('0050-03-01T00:00:00Z')!)).toBe('0050-03-01T00:00:00.000Z');
  });

  test.each([
    '2026-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-13-10T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:61Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+01:60',
    '2026-01-01T00:00:00',
    '2026-01-01 00:00:00Z',
    '2026-01-01',
    '2026-01-01T00:00Z',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00Z\n',
    '+02026-01-01T00:00:00Z',
    '1763373600000',
  ])('may not be %j', (text) => {
    expect(parseTime(text)).toBeNull();
    expect(startTime.safeParse(text).error?.issues[0]?.message).toBe(TIME_HINT);
  });

  test.each(['2000-02-29', '2024-02-29'])('may be the leap day %s', (day) => {
    expect(ms(`${day}T00:00:00Z`)).toBe(Date.parse(`${day}T00:00:00Z`));
  });

  test('that was formatted is read as the same millisecond', () => {
    const [min, max] = [Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];
    fc.assert(
      fc.property(fc.integer({ min, max }), (at) => {
        expect(parseTime(formatTime(at))).toEqual({ floor: at, ceil: at });
      }),
    );
  });
});

describe('a duration on the wire', () => {
  test('is read in its unit', () => {
    const told = ['0s', '250ms', '30s', '2m', '1h', '7d'].map(parseDuration);
    expect(told).toEqual([0, 250, 30_000, 120_000, 3_600_000, 604_800_000]);
  });

  test.each(['', '30', 's', '-1s', '1.5s', '1 s', '1S', '1w', '1s1m', '1s\n'])(
    'may not be %j',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );

  test('that was formatted is read as the same milliseconds', () => {
    fc.assert(
      fc.property(fc.nat(), (span) => {
        expect(parseDuration(formatDuration(span))).toBe(span);
      }),
    );
  });

  test('outside its bounds is refused with the bounds named', () => {
    const every = duration('1s', '7d');
    expect(every.parse('7d')).toBe(604_800_000);
    expect(every.safeParse('999ms').error?.issues[0]?.message).toContain('from 1s to 7d');
    expect(every.safeParse(`${'9'.repeat(400)}d`).success).toBe(false);
  });
});
