import { describe, expect, it } from 'vitest';
import { ago, attributionSentence, clockSecond, clocks, span } from '../../src/cli/words.ts';
import type { AttributionJson } from '../../src/contract/observation.ts';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const at = (time: string) => ({
  requestedAt: `2026-11-17T${time}.000Z`,
  receivedAt: `2026-11-17T${time}.000Z`,
});

const BRACKETED: AttributionJson = {
  certainty: 'bracketed',
  observed: 'bracketed',
  artifactId: A,
  candidates: [A],
  window: null,
  conflict: false,
  declaredBlobId: null,
  grounds: { before: at('10:02:11'), after: at('10:02:41'), maxGapMs: 30_000 },
};

describe('an attribution in a sentence', () => {
  it('says what brackets it', () => {
    expect(attributionSentence(BRACKETED)).toBe(
      'bracketed: read at 2026-11-17 10:02:11 before and 10:02:41 UTC after, same artifact both times',
    );
  });

  it('does not call absence an artifact', () => {
    expect(attributionSentence({ ...BRACKETED, artifactId: null, candidates: [null] })).toContain(
      'nothing under the label both times',
    );
  });

  it('says that nothing confirms it yet', () => {
    const grounds = { before: at('10:02:11'), after: null, maxGapMs: null };
    expect(
      attributionSentence({
        ...BRACKETED,
        certainty: 'provisional',
        observed: 'provisional',
        grounds,
      }),
    ).toMatch(/^provisional: .*no reading asked after it confirms that yet$/);
  });

  it('lists all candidates where it is ambiguous', () => {
    const window = { after: '2026-11-17T10:02:11.000Z', before: '2026-11-18T10:02:41.500Z' };
    expect(
      attributionSentence({
        ...BRACKETED,
        certainty: 'ambiguous',
        observed: 'ambiguous',
        artifactId: null,
        candidates: [A, null, B],
        window,
      }),
    ).toBe(
      'ambiguous: it changed between 2026-11-17 10:02:11 and 2026-11-18 10:02:41.500 UTC, so it is one of 3: sha256:aaaaaaaaaaaa, absent, sha256:bbbbbbbbbbbb',
    );
  });

  it('keeps what a trace declares apart from what the readings say', () => {
    const sentence = attributionSentence({
      ...BRACKETED,
      certainty: 'declared',
      artifactId: null,
      declaredBlobId: 'blob',
      conflict: true,
    });
    expect(sentence).toBe(
      'declared: the trace itself names blob blob, unverified; conflict: no artifact that the readings allow holds it; the readings say bracketed: read at 2026-11-17 10:02:11 before and 10:02:41 UTC after, same artifact both times',
    );
  });
});

describe('times in words', () => {
  it('are never in the future, and never rounded up', () => {
    const now = Date.parse('2026-11-17T10:00:00Z');
    expect(ago('2026-11-17T10:00:05Z', now)).toBe('just now');
    expect(ago('2026-11-17T09:58:30Z', now)).toBe('90 s ago');
    expect(ago('2026-11-17T08:00:01Z', now)).toBe('119 min ago');
    expect(span(250)).toBe('250 ms');
    expect(span(3 * 86_400_000 - 1)).toBe('2 d');
  });

  it('name the day once where it is the same', () => {
    expect(clocks('2026-11-17T10:00:00Z', '2026-11-17T10:00:00.250Z')).toBe(
      '2026-11-17 10:00:00 and 10:00:00.250 UTC',
    );
  });

  it('round to the side they are asked to', () => {
    expect(clockSecond('2026-11-17T10:00:00.250Z', 'floor')).toBe('2026-11-17 10:00:00 UTC');
    expect(clockSecond('2026-11-17T10:00:00.250Z', 'ceil')).toBe('2026-11-17 10:00:01 UTC');
  });
});
