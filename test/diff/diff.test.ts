import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { report } from '../../src/contract/diff.ts';
import { reportText } from '../../src/diff/report/canonical.ts';
import {
  BLOB,
  NEW,
  OLD,
  OTHER,
  pairs,
  reportOn,
  type Sides,
  type Telling,
  tellings,
} from './source-at-hand.ts';

const FIELDS = [{ path: '$.p' }];
const sides = fc.record({ before: tellings('before'), after: tellings('after') });
const runs = { numRuns: 25 };

describe('a diff', () => {
  it('keeps its published shape for any two sides', async () => {
    await fc.assert(
      fc.asyncProperty(sides, async (two) => {
        const built = await reportOn(two, { fields: FIELDS, includeProvisional: true });
        expect(report.parse(JSON.parse(reportText(built)))).toEqual(built);
      }),
      runs,
    );
  });

  it('is the same to the byte in whatever order the traces come', async () => {
    await fc.assert(
      fc.asyncProperty(sides, async ({ before, after }) => {
        // Refs are told by place: what a place held first goes along.
        const one = numbered({ before, after });
        const other = { before: one.before.toReversed(), after: one.after.toReversed() };
        const [first, second] = [await textOf(one), await textOf(other)];
        expect(second).toBe(first);
      }),
      runs,
    );
  });

  it('turned around shows the same cases turned around, and the same verdicts', async () => {
    await fc.assert(
      fc.asyncProperty(sides, async (two) => {
        const there = await reportOn(two, { fields: FIELDS });
        const back = await reportOn({ before: two.after, after: two.before }, { fields: FIELDS });
        const turned = back.cases.map(({ before, after, outcome, paths, words, ...rest }) => ({
          ...rest,
          outcome: outcome && {
            column: outcome.column,
            before: outcome.after,
            after: outcome.before,
          },
          before: after,
          after: before,
          paths:
            paths?.map(({ path, before: b, after: a }) => ({ path, before: a, after: b })) ?? null,
          words: words === null ? null : texts(words, 'added'),
        }));
        const straight = there.cases.map((one) => ({
          ...one,
          words: one.words === null ? null : texts(one.words, 'removed'),
        }));
        expect(turned).toEqual(straight);
        const verdicts = (of: typeof there) =>
          of.columns.map(({ name, verdict }) => [name, verdict]);
        expect(verdicts(back)).toEqual(verdicts(there));
        expect(back.verdict).toBe(there.verdict);
      }),
      runs,
    );
  });

  it('has one id for one content, and another for another seed', async () => {
    const two = pairs(
      8,
      () => ({ decision: 'A' }),
      () => ({ decision: 'B' }),
    );
    const [one, same, other] = [
      await reportOn(two),
      await reportOn(two),
      await reportOn(two, { seed: 2 }),
    ];
    expect(one.id).toMatch(/^d_[0-9a-f]{24}$/);
    expect(same.id).toBe(one.id);
    expect(other.id).not.toBe(one.id);
  });

  it('says what was asked, what produced each side, up to where it looked, and where artifacts differ', async () => {
    const built = await reportOn(
      {
        before: [{ startedAt: Date.UTC(2026, 10, 17), output: '1', failed: true }],
        after: [{ startedAt: Date.UTC(2026, 10, 19), output: '1' }, { leftOut: 'ambiguous' }],
      },
      { after: { artifact: NEW }, fields: FIELDS },
    );
    expect(built.query).toMatchObject({
      before: { from: '2026-11-17T00:00:00.000Z', to: '2026-11-18T00:00:00.000Z' },
      after: { artifact: NEW },
      fields: [{ path: '$.p', kind: null }],
      minEffect: 5,
      seed: 1,
    });
    expect(built.watermark).toEqual({ trace: 3, reading: '2026-11-20T00:00:00.000Z' });
    expect(built.before).toMatchObject({
      traces: 1,
      errors: 1,
      artifacts: [{ artifactId: OLD, blobIds: [BLOB], traces: 1, share: 1 }],
      from: '2026-11-17T00:00:00.000Z',
    });
    expect(built.after.leftOut).toEqual([{ reason: 'ambiguous', traces: 1 }]);
    const [from, to] = [OLD, NEW].map(encodeURIComponent);
    expect(built.artifactDiff).toBe(`/api/v1/artifacts/${from}/compare/${to}`);
  });

  it('refuses a period that several artifacts answered in, and names them', async () => {
    const mixed: Sides = {
      before: [{ artifactId: OLD }, { artifactId: OTHER }, { artifactId: OTHER }],
      after: [{}],
    };
    await expect(reportOn(mixed)).rejects.toMatchObject({
      code: 'several-artifacts',
      side: 'before',
      artifacts: [
        { artifactId: OTHER, traces: 2 },
        { artifactId: OLD, traces: 1 },
      ],
      message: expect.stringMatching(
        /2 artifacts answered: sha256:5.*\(2 traces, 66\.7 %\).*'across'/,
      ),
    });
    const across = await reportOn(mixed, { across: true });
    expect(across.notes.join()).toContain('The before side mixes 2 artifacts.');
    const asBlob = await reportOn(mixed, { before: { blobId: 'b' } });
    expect(asBlob.before.artifacts).toHaveLength(2);
  });

  it('counts provisional traces only where they are asked for, and says how many', async () => {
    const two: Sides = { before: [{ leftOut: 'provisional' }], after: [{}] };
    const without = await reportOn(two);
    expect(without.before.leftOut).toEqual([{ reason: 'provisional', traces: 1 }]);
    const built = await reportOn(two, { includeProvisional: true });
    expect([built.before.traces, built.before.leftOut]).toEqual([1, []]);
    expect(built.notes[0]).toMatch(/^Provisional traces are counted \(1 before, 0 after\)/);
  });

  it('tells a change from none, and too little from both', async () => {
    const flips = await reportOn(
      pairs(
        40,
        () => ({ decision: 'CLEAR' }),
        (i) => ({ decision: i < 20 ? 'HOLD' : 'CLEAR' }),
      ),
    );
    expect(flips.verdict).toBe('changed');
    expect(flips.summary).toMatch(
      /^40 shared inputs between sha256:1a2b3c4d and sha256:9f8e7d6c: 20 flipped, 20 CLEAR→HOLD; .*50\.0 points \[.*\]; noise floor unknown; q = .*\.$/,
    );
    const same = await reportOn(
      pairs(
        40,
        () => ({ decision: 'A' }),
        () => ({ decision: 'A' }),
      ),
    );
    expect([same.verdict, same.summary]).toEqual([
      'identical',
      expect.stringMatching(/none flipped; identical\.$/),
    ]);
    const few = await reportOn(
      pairs(
        40,
        () => ({ decision: 'A' }),
        (i) => ({ decision: i < 2 ? 'B' : 'A' }),
      ),
    );
    expect([few.verdict, few.summary]).toEqual([
      'insufficient',
      expect.stringMatching(
        /2 flipped, 2 A→B; .*too few to tell: \d+ shared inputs would show 5 points\.$/,
      ),
    ]);
    const none = await reportOn({
      before: [{ input: '1' }],
      after: [{ input: '2' }, { input: '3' }],
    });
    expect([none.verdict, none.summary]).toEqual([
      'no-data',
      'Nothing to compare between sha256:1a2b3c4d and sha256:9f8e7d6c: no input ran on both sides (1 input before, 2 after).',
    ]);
  });

  it('survives sides without a single trace', async () => {
    const built = await reportOn({ before: [], after: [] });
    expect([built.verdict, built.cases, built.artifactDiff]).toEqual(['no-data', [], null]);
    expect(built.summary).toContain('between no artifact and no artifact');
  });
});

describe('what a column says of its details', () => {
  const text = (i: number, word: string) =>
    JSON.stringify(`this is the ${word} answer to question ${i}`);

  it('is the share of words that changed, of texts', async () => {
    const built = await reportOn(
      pairs(
        60,
        (i) => ({ output: text(i, 'first') }),
        (i) => ({ output: text(i, 'second') }),
      ),
    );
    const [whole] = built.columns.filter(({ path }) => path === '$');
    expect(whole).toMatchObject({ kind: 'text', change: { measure: 'words', pairs: 60, of: 60 } });
    expect(whole!.change!.median).toBeCloseTo(1 / 8, 5);
  });

  it('is the paths that changed, of JSON, and says where it looked at some of the pairs only', async () => {
    const output = (i: number, b: number) => ({
      output: JSON.stringify({ deep: { a: i, b }, id: i }),
    });
    const built = await reportOn(
      pairs(
        600,
        (i) => output(i, 1),
        (i) => output(i, 2),
      ),
    );
    const [whole] = built.columns.filter(({ path }) => path === '$');
    expect(whole!.paths).toEqual([
      { path: '$.deep.b', pairs: 500, changed: 500, added: 0, removed: 0, rate: 1 },
    ]);
    expect(built.notes.join('\n')).toContain('$ (500 of 600)');
    expect(built.notes.join('\n')).toContain('600 inputs differ. The cases are chosen from 200');
  });

  it('is how far vectors lie apart, relative to what they were', async () => {
    const vector = (scale: number) => (i: number) => ({
      output: JSON.stringify({ v: Array.from({ length: 20 }, (_, k) => scale * (i + k + 1.5)) }),
    });
    const built = await reportOn(pairs(30, vector(1), vector(1.5)), {
      fields: [{ path: '$.v', kind: 'vector' }],
    });
    const [column] = built.columns.filter(({ path }) => path === '$.v');
    expect(column!.change).toMatchObject({ measure: 'relative-l2', pairs: 30, of: 30 });
    expect(column!.change!.median).toBeCloseTo(0.5, 6);
  });

  it('skips texts over 262,144 characters', async () => {
    const long = (word: string) => JSON.stringify(`${word} ${'x '.repeat(140_000)}`);
    const built = await reportOn(
      pairs(
        8,
        (i) => ({ output: i === 0 ? long('a') : '"a b"' }),
        (i) => ({ output: i === 0 ? long('b') : '"a c"' }),
      ),
      { fields: [{ path: '$', kind: 'text' }] },
    );
    const [whole] = built.columns.filter(({ path }) => path === '$');
    expect(whole!.change).toMatchObject({ pairs: 7, of: 8, median: 0.5 });
    expect(built.cases.every(({ words, paths }) => words !== null || paths === null)).toBe(true);
  });
});

describe('the flip matrix', () => {
  it('names trace ids where a cell differs, twenty pairs at most, and counts the rest', async () => {
    const built = await reportOn(
      pairs(
        60,
        () => ({ decision: 'A' }),
        (i) => ({ decision: i < 50 ? 'B' : 'A' }),
      ),
    );
    const matrix = built.columns.find(({ name }) => name === 'decision')!.matrix!;
    expect(
      matrix.map(({ before, after, inputs, cases }) => [before, after, inputs, cases.length]),
    ).toEqual([
      ['A', 'B', 50, 20],
      ['A', 'A', 10, 0],
    ]);
    const [pair] = matrix[0]!.cases;
    expect(Number(pair!.after.slice(6)) - Number(pair!.before.slice(7))).toBe(60); // the same input
    expect(built.decisions).toEqual({
      compared: 60,
      flipped: 50,
      mixed: 0,
      matrix: [
        { before: 'A', after: 'B', inputs: 50 },
        { before: 'A', after: 'A', inputs: 10 },
      ],
    });
  });

  it('has null for a decision that is missing, and never counts a mixed side as flipped', async () => {
    const built = await reportOn({
      before: [
        { input: '1', decision: 'A' },
        { input: '2', decision: 'A' },
        { input: '2', decision: 'B' },
      ],
      after: [{ input: '1' }, { input: '2', decision: 'A' }],
    });
    expect(built.decisions).toMatchObject({ compared: 2, flipped: 1, mixed: 1 });
    expect(built.decisions.matrix).toContainEqual({ before: 'A', after: null, inputs: 1 });
  });
});

describe('the outputs', () => {
  it('are changed, partly changed or the same, as sets', async () => {
    const built = await reportOn({
      before: [
        { input: '1', output: '{"a":1}' },
        { input: '2', output: '{"a":1}' },
        { input: '2', output: '{"a":2}' },
        { input: '3', output: '7' },
        { input: '4', output: '7' },
      ],
      after: [
        { input: '1', output: '{"a":9}' },
        { input: '2', output: '{"a":2}' },
        { input: '3', output: '7' },
        { input: '4' },
      ],
    });
    expect(built.outputs).toEqual({
      compared: 3,
      changed: 1,
      partly: 1,
      changedShare: 0.333333333333,
    });
    expect(built.notes).toContain(
      'Inputs with an output on one side only: 1. Their outputs are not compared.',
    );
  });
});

/** Each trace with the ref of its place, kept when the order is turned. */
function numbered({ before, after }: { before: Telling[]; after: Telling[] }) {
  return {
    before: before.map((t, i) => ({ ...t, ref: i + 1 })),
    after: after.map((t, i) => ({ ...t, ref: 100 + i })),
  };
}

async function textOf(two: Sides): Promise<string> {
  return reportText(await reportOn(two, { fields: FIELDS }));
}

/** Words that stayed are shown as one of the two texts has them. */
function texts(words: readonly { op: string; text: string }[], gone: 'removed' | 'added') {
  const of = (op: string) => words.filter((run) => run.op === op).map(({ text }) => text);
  return { gone: of(gone), come: of(gone === 'removed' ? 'added' : 'removed'), same: of('same') };
}
