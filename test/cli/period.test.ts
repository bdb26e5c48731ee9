import { describe, expect, it } from 'vitest';
import { checkZone, sideOf } from '../../src/cli/period.ts';

const FRIDAY = Date.parse('2026-11-20T12:00:00Z');
const HOUR = 3_600_000;

function period(text: string, zone = 'UTC', now = FRIDAY) {
  return sideOf(text, zone, now).spec;
}

function hours(text: string, zone: string): number {
  const { from, to } = period(text, zone) as { from: string; to: string };
  return (Date.parse(to) - Date.parse(from)) / HOUR;
}

describe('a side of a diff', () => {
  it('is an artifact or a blob where it names one', () => {
    const artifact = `sha256:${'1a'.repeat(32)}`;
    const blobId = 'A'.repeat(43);
    expect(period(artifact)).toEqual({ artifact });
    expect(period(blobId)).toEqual({ blobId });
  });

  it('names the canonical Blob ID where another spelling is given', () => {
    expect(() => period(`${'A'.repeat(42)}B`)).toThrow(`the same one is ${'A'.repeat(43)}`);
  });

  it('is refused where only the beginning of an artifact id is given, and says where the rest is', () => {
    expect(() => period('sha256:1a2b3c4d5e6f')).toThrow(
      "is only the beginning of an artifact id; give all of its 64 digits ('underlabel label show NAME'",
    );
  });

  it.each([
    '',
    'today',
    'tomorrow',
    'su',
    '2026-02-30',
    '2026-11-17T25:00/2026-11-18',
    'a/b/c',
    'sha256:xy',
  ])('is refused with what is accepted: %j', (text) => {
    expect(() => period(text)).toThrow('is not understood; accepted: an artifact id');
  });
});

describe('a weekday', () => {
  it('is the latest one that is over', () => {
    expect(period('tuesday')).toEqual({
      from: '2026-11-17T00:00:00.000Z',
      to: '2026-11-18T00:00:00.000Z',
    });
    expect(period('Thu')).toMatchObject({ from: '2026-11-19T00:00:00.000Z' });
  });

  it('is a week ago on the day itself', () => {
    expect(period('friday')).toMatchObject({ from: '2026-11-13T00:00:00.000Z' });
  });

  it('is counted in the zone: it may be Saturday there already', () => {
    const late = Date.parse('2026-11-20T23:30:00Z');
    expect(period('friday', 'Europe/Berlin', late)).toEqual({
      from: '2026-11-19T23:00:00.000Z',
      to: '2026-11-20T23:00:00.000Z',
    });
  });
});

describe('a day of a zone', () => {
  it('has 23 hours when clocks go forward and 25 when they go back', () => {
    expect(hours('2026-03-29', 'Europe/Berlin')).toBe(23);
    expect(hours('2026-10-25', 'Europe/Berlin')).toBe(25);
    expect(hours('2026-10-26', 'Europe/Berlin')).toBe(24);
  });

  it('begins at its first instant where it has no midnight', () => {
    expect(period('2018-11-04', 'America/Sao_Paulo')).toMatchObject({
      from: '2018-11-04T03:00:00.000Z',
    });
    expect(hours('2018-11-04', 'America/Sao_Paulo')).toBe(23);
  });

  it('is printed resolved, and says where it is not over yet', () => {
    expect(sideOf('tuesday', 'Europe/Berlin', FRIDAY).words).toBe(
      'tuesday = 2026-11-17 00:00:00+01:00 to 2026-11-18 00:00:00+01:00 Europe/Berlin',
    );
    expect(sideOf('2026-11-20', 'UTC', FRIDAY).words).toContain('(not over yet)');
  });
});

describe('a range', () => {
  it('takes times with a zone as they are, and others in the zone asked for', () => {
    expect(period('2026-11-17T10:00:00Z/2026-11-17T12:30', 'Europe/Berlin')).toEqual({
      from: '2026-11-17T10:00:00.000Z',
      to: '2026-11-17T11:30:00.000Z',
    });
  });

  it('takes a date as its first instant', () => {
    expect(period('2026-11-17/2026-11-19')).toEqual({
      from: '2026-11-17T00:00:00.000Z',
      to: '2026-11-19T00:00:00.000Z',
    });
  });

  it('floors a finer start and ceils a finer end', () => {
    expect(period('2026-11-17T10:00:00.0001/2026-11-17T10:00:00.0011')).toEqual({
      from: '2026-11-17T10:00:00.000Z',
      to: '2026-11-17T10:00:00.002Z',
    });
  });

  it('does not guess at a local time that came twice, or never', () => {
    const twice = '2026-10-25T02:30/2026-10-25T05:00';
    expect(() => period(twice, 'Europe/Berlin')).toThrow(
      'such as 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00',
    );
    expect(() => period('2026-03-29T02:30/2026-03-29T05:00', 'Europe/Berlin')).toThrow(
      'does not name one instant',
    );
  });

  it('is refused where it ends before it begins', () => {
    expect(() => period('2026-11-19/2026-11-17')).toThrow('ends before it begins');
  });
});

describe('a zone', () => {
  it('is known by its name', () => {
    expect(checkZone('europe/berlin')).toBe('Europe/Berlin');
    expect(() => checkZone('Mars/Olympus')).toThrow('"Mars/Olympus" is no time zone known here');
  });
});
