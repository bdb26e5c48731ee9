import { describe, expect, it } from 'vitest';
import { runDiff } from '../../../src/diff/diff.ts';
import {
  order,
  pairs,
  reportOn,
  type Sides,
  sha256,
  sourceOf,
  type Telling,
} from '../source-at-hand.ts';

/** One input a lot, named by its input. */
function lots(told: Record<string, [Telling, Telling]>): Sides {
  const side = (k: 0 | 1) =>
    Object.entries(told).map(([name, two]) => ({ input: JSON.stringify(name), ...two[k] }));
  return { before: side(0), after: side(1) };
}

describe('the cases of a report', () => {
  it('are flips first, then by the largest step of a number', async () => {
    const { cases } = await reportOn(
      lots({
        text: [{ output: '"a"' }, { output: '"b"' }],
        small: [{ output: '{"p": 1}' }, { output: '{"p": 2}' }],
        large: [{ output: '{"p": 1}' }, { output: '{"p": 9}' }],
        flip: [{ decision: 'HOLD' }, { decision: 'CLEAR' }],
        'far flip': [
          { decision: 'A', output: '1' },
          { decision: 'B', output: '4' },
        ],
        same: [{ output: '1' }, { output: '1' }],
      }),
    );
    expect(
      cases.map(({ input, largestStep, flipped }) => [JSON.parse(input), largestStep, flipped]),
    ).toEqual([
      ['far flip', 3, true],
      ['flip', null, true],
      ['large', 8, false],
      ['small', 1, false],
      ['text', null, false],
    ]);
    expect(cases[0]!.outcome).toEqual({ column: 'decision', before: 'A', after: 'B' });
  });

  it('flip in the first named label where nobody decided', async () => {
    const { cases } = await reportOn(
      pairs(
        8,
        () => ({ output: '{"say":"yes"}' }),
        (i) => ({ output: i ? '{"say":"yes"}' : '{"say":"no"}' }),
      ),
      { fields: [{ path: '$.say', kind: 'label' }] },
    );
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({
      flipped: true,
      outcome: { column: '$.say', before: 'yes', after: 'no' },
      before: { decision: null },
      paths: [{ path: '$.say', before: '"yes"', after: '"no"' }],
    });
  });

  it('never come from what differs everywhere, such as the time an answer took', async () => {
    const { cases } = await reportOn(
      pairs(
        8,
        () => ({ took: 1, output: '1' }),
        () => ({ took: 2, output: '1' }),
      ),
    );
    expect(cases).toEqual([]);
  });

  it('show the latest run of each side and name its latest five traces', async () => {
    const before = [3, 1, 7, 5, 2, 6].map((startedAt) => ({
      id: `b${startedAt}`,
      startedAt,
      output: `${startedAt}`,
      decision: `d${startedAt % 2}`,
    }));
    const after = [
      { id: 'a1', startedAt: 9, output: '30', decision: 'HOLD' },
      { id: 'a2', startedAt: 9, output: '40', decision: 'HOLD' },
    ];
    const { cases } = await reportOn({ before, after });
    expect(cases).toEqual([
      {
        inputSha256: sha256('"in"').toString('hex'),
        input: '"in"',
        context: null,
        turn: null,
        flipped: false,
        outcome: { column: 'decision', before: '(mixed)', after: 'HOLD' },
        largestStep: 33,
        before: {
          decision: '(mixed)',
          output: '7',
          traceIds: ['b7', 'b6', 'b5', 'b3', 'b2'],
          runs: 6,
        },
        after: { decision: 'HOLD', output: '40', traceIds: ['a2', 'a1'], runs: 2 },
        paths: null,
        words: null,
      },
    ]);
  });

  it('are at most twenty, with texts cut at 2,000 characters, never through one', async () => {
    const output = (i: number, end: string) =>
      JSON.stringify(`${'x'.repeat(i % 2)}${'😂'.repeat(1500)}${end}`);
    const { cases } = await reportOn(
      pairs(
        60,
        (i) => ({ output: output(i, 'a') }),
        (i) => ({ output: output(i, 'b') }),
      ),
    );
    expect(cases).toHaveLength(20);
    for (const { before } of cases) {
      expect(before.output!.isWellFormed()).toBe(true);
      expect([1999, 2000]).toContain(before.output!.length);
    }
  });

  it('show the input as the latest run wrote it, whichever side ran it', async () => {
    // One hash, two ways to write it, as the fingerprint of 1.0 and 1 is one.
    const source = sourceOf({
      before: [{ input: '1', startedAt: 1, output: '"a"' }],
      after: [{ input: '1', startedAt: 2, output: '"b"' }],
    });
    const fetch = source.traces;
    source.traces = async (refs) => {
      const found = await fetch(refs);
      return new Map(
        [...found].map(([ref, shown]) => [ref, { ...shown, input: ref === 1 ? '1.0' : '1' }]),
      );
    };
    const { cases } = await runDiff(source, order());
    expect(cases[0]!.input).toBe('1');
  });

  it('stand without the texts of a trace that is gone meanwhile, and are left out where both are', async () => {
    const two = lots({
      a: [{ output: '1' }, { output: '2' }],
      b: [{ output: '1' }, { output: '2' }],
    });
    const { cases } = await reportOn(two, {}, [1, 2, 3]);
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({
      input: '"b"',
      largestStep: null,
      before: { output: null, traceIds: [] },
      after: { output: '2', traceIds: ['after-4'] },
    });
  });

  it('ask for four traces at a time', async () => {
    const source = sourceOf(
      pairs(
        30,
        () => ({ output: '1' }),
        () => ({ output: '2' }),
      ),
    );
    await runDiff(source, order());
    expect(Math.max(...source.asked)).toBe(4);
  });
});
