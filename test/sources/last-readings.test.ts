import { describe, expect, it } from 'vitest';
import { type LastReading, LastReadings } from '../../src/sources/last-readings.ts';

const reading = (bytes: number): LastReading => ({
  said: new Map(),
  raw: { sha256: '', bytes, body: null },
});

describe('what sources said last', () => {
  it('is handed over once', () => {
    const kept = new LastReadings();
    const [owner, one] = [{}, reading(10)];
    kept.keep(owner, one);
    expect(kept.take({})).toBeNull();
    expect(kept.take(owner)).toBe(one);
    expect(kept.take(owner)).toBeNull();
  });

  it('takes no more room than it has: the longest unasked are let go of', () => {
    const kept = new LastReadings(1024 * 1024);
    const owners = Array.from({ length: 1000 }, () => ({}));
    for (const owner of owners) kept.keep(owner, reading(1000));
    const left = owners.map((owner) => kept.take(owner) !== null);
    const first = left.indexOf(true);
    expect(first).toBeGreaterThan(500);
    expect(left.slice(first)).not.toContain(false);
    // All of the room is free again.
    for (const owner of owners.slice(0, 300)) kept.keep(owner, reading(1000));
    expect(owners.slice(0, 300).every((owner) => kept.take(owner))).toBe(true);
  });

  it('of one label alone never crowds out the others', () => {
    const kept = new LastReadings(1024 * 1024);
    const [small, large] = [{}, {}];
    kept.keep(small, reading(100));
    kept.keep(large, reading(900_000));
    expect(kept.take(large)).toBeNull();
    expect(kept.take(small)).not.toBeNull();
  });
});
