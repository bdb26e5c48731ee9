import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { report } from '../../src/contract/diff.ts';
import { pickCases } from '../../src/diff/cases.ts';
import { buildReport } from '../../src/diff/report.ts';
import { cohorts, compare, NEW, OLD, OTHER, reportOn, sha256, textsOf, trace } from './traces.ts';

const two = fc.tuple(cohorts('before'), cohorts('after'));

describe('the report', () => {
  test('keeps its published shape for any two cohorts', async () => {
    await fc.assert(
      fc.asyncProperty(two, async ([before, after]) => {
        const built = await reportOn(before, after);
        expect(report.parse(JSON.parse(JSON.stringify(built)))).toEqual(built);
      }),
    );
  });

  test('shows the same cases with their sides swapped where the sides are swapped', async () => {
    await fc.assert(
      fc.asyncProperty(two, async ([before, after]) => {
        const [there, back] = [await reportOn(before, after), await reportOn(after, before)];
        const swapped = back.cases.map((one) => ({ ...one, before: one.after, after: one.before }));
        expect(swapped).toEqual(there.cases);
      }),
    );
  });

  test('is the same in whatever order the traces come', async () => {
    await fc.assert(
      fc.asyncProperty(two, async ([before, after]) => {
        const turned = await reportOn(before.toReversed(), after.toReversed());
        expect(turned).toEqual(await reportOn(before, after));
      }),
    );
  });

  test('says what was asked, what produced each side and when', async () => {
    const before = [trace('b', { startedAt: Date.UTC(2026, 10, 17), output: '1' })];
    const after = [trace('a', { startedAt: Date.UTC(2026, 10, 19), output: '1', artifactId: NEW })];
    const comparison = compare(before, after);
    const built = buildReport(comparison, [], {
      label: 'og/eth-volatility',
      before: { from: '2026-11-17T00:00:00.000Z', to: '2026-11-18T00:00:00.000Z' },
      after: { artifact: NEW },
      blobIds: new Map([[NEW, ['jKzAHsOHS1zA193_9N-n5H_IjupBjKce08qMLLseRe8']]]),
      notes: ['Traces that no later reading confirms yet are counted.'],
    });
    expect(built.before).toEqual({
      asked: { from: '2026-11-17T00:00:00.000Z', to: '2026-11-18T00:00:00.000Z' },
      traces: 1,
      inputs: 1,
      artifacts: [{ artifactId: OLD, blobIds: [], traces: 1, share: 1 }],
      leftOut: [],
      from: '2026-11-17T00:00:00.000Z',
      to: '2026-11-17T00:00:00.000Z',
    });
    expect(built.after.artifacts[0]!.blobIds).toEqual([
      'jKzAHsOHS1zA193_9N-n5H_IjupBjKce08qMLLseRe8',
    ]);
    expect(built.verdict).toBe('identical');
    expect(built.notes).toEqual(['Traces that no later reading confirms yet are counted.']);
  });

  test('notes mixed sides, what is left out and what could not be compared', async () => {
    const before = [
      trace('1', { input: '1', decision: 'HOLD' }),
      trace('2', { input: '2', output: '1', artifactId: OTHER }),
      trace('3', { leftOut: 'ambiguous' }),
    ];
    const after = [trace('4', { input: '1' }), trace('5', { input: '2' })];
    const { notes } = await reportOn(before, after);
    expect(notes).toEqual([
      'The before side mixes 2 artifacts. Its numbers are of all of them together; to tell them apart, compare by artifact.',
      'Traces of the before side that are not compared: 1 of 3 (1 ambiguous).',
      'Inputs with a decision on one side only: 1. They count as decided on one side and as (none) on the other.',
      'Inputs with an output on one side only: 1. Their outputs are not compared.',
    ]);
  });
});

describe('the cases', () => {
  const lot = (input: string, before: object, after: object) => ({
    before: trace(`before ${input}`, { input, ...before }),
    after: trace(`after ${input}`, { input, ...after }),
  });

  test('are flips first, then by the largest step of a number, then changed before partly', async () => {
    const lots = [
      lot('"text"', { output: '"a"' }, { output: '"b"' }),
      lot('"small"', { output: '{"p": 1}' }, { output: '{"p": 2}' }),
      lot('"large"', { output: '{"p": 1}' }, { output: '{"p": 9}' }),
      lot('"flip"', { decision: 'HOLD' }, { decision: 'CLEAR' }),
      lot('"far flip"', { decision: 'A', output: '1' }, { decision: 'B', output: '4' }),
      lot('"same"', { output: '1' }, { output: '1' }),
    ];
    const { cases } = await reportOn(
      lots.map(({ before }) => before),
      lots.map(({ after }) => after),
    );
    expect(cases.map(({ input, largestStep }) => [input, largestStep])).toEqual([
      ['"far flip"', 3],
      ['"flip"', null],
      ['"large"', 8],
      ['"small"', 1],
      ['"text"', null],
    ]);
  });

  test('show the latest run of each side and name its latest five traces', async () => {
    const before = [3, 1, 7, 5, 2, 6].map((startedAt) =>
      trace(`b${startedAt}`, { startedAt, output: `${startedAt}`, decision: `${startedAt % 2}` }),
    );
    const after = [
      trace('a1', { startedAt: 9, output: '30', decision: 'HOLD' }),
      trace('a2', { startedAt: 9, output: '40', decision: 'HOLD' }),
    ];
    const { cases } = await reportOn(before, after);
    expect(cases).toEqual([
      {
        inputSha256: sha256('"in"'),
        input: '"in"',
        context: null,
        turn: null,
        flipped: false,
        largestStep: 33,
        before: {
          decision: '(mixed)',
          output: '7',
          traceIds: ['b7', 'b6', 'b5', 'b3', 'b2'],
          runs: 6,
        },
        after: { decision: 'HOLD', output: '40', traceIds: ['a2', 'a1'], runs: 2 },
      },
    ]);
  });

  test('are at most twenty, with ties in the order of the input hash', async () => {
    const lots = Array.from({ length: 60 }, (_, i) =>
      lot(`${i}`, { output: '1' }, { output: '2' }),
    );
    const { cases } = await reportOn(
      lots.map(({ before }) => before),
      lots.map(({ after }) => after),
    );
    const hashes = lots.map(({ before }) => before.inputHash).sort();
    expect(cases.map((one) => one.inputSha256)).toEqual(hashes.slice(0, 20));
  });

  test('cut texts at 2,000 characters, never through one character', async () => {
    const [even, odd] = ['😂'.repeat(1500), `x${'😂'.repeat(1500)}`];
    const { cases } = await reportOn([trace('b', { output: even })], [trace('a', { output: odd })]);
    expect(cases[0]!.before.output).toBe('😂'.repeat(1000));
    expect(cases[0]!.after.output).toBe(`x${'😂'.repeat(999)}`);
  });

  test('show the input as the latest run wrote it, whichever side ran it', async () => {
    const written = (id: string, startedAt: number, input: string, output: string) => ({
      ...trace(id, { startedAt, output }),
      texts: { input, output },
    });
    const [early, late] = [written('e', 1, '1.0', '"a"'), written('l', 2, '1', '"b"')];
    expect((await reportOn([early], [late])).cases[0]!.input).toBe('1');
    expect((await reportOn([late], [early])).cases[0]!.input).toBe('1');
  });

  test('keep a context that is no well-formed text', async () => {
    const told = { context: '"\ud800\u0000' };
    const { cases } = await reportOn(
      [trace('b', { ...told, output: '1' })],
      [trace('a', { ...told, output: '2' })],
    );
    expect(cases[0]!.context).toBe(told.context);
  });

  test('ask for the texts of four traces at a time', async () => {
    const lots = Array.from({ length: 9 }, (_, i) => lot(`${i}`, { output: '1' }, { output: '2' }));
    const [before, after] = [lots.map((one) => one.before), lots.map((one) => one.after)];
    const fetch = textsOf(...before, ...after);
    const asked: number[] = [];
    await pickCases(compare(before, after), (ids) => {
      asked.push(ids.length);
      return fetch(ids);
    });
    expect(Math.max(...asked)).toBe(4);
  });

  test('stand without texts where a trace is gone meanwhile', async () => {
    const comparison = compare([trace('b', { output: '1' })], [trace('a', { output: '2' })]);
    const [only] = await pickCases(comparison, textsOf());
    expect(only).toMatchObject({ input: '', largestStep: null, before: { output: null } });
  });
});
