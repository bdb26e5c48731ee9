/** Every verdict for every kind of column, and what comes in badly. */
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/contract/diff.ts';
import { type Analysis, analyse } from '../../../src/diff/analysis/analyse.ts';
import type { ColumnKind, DiffData } from '../../../src/diff/data.ts';
import {
  alone,
  type ColumnSpec,
  diffData,
  ERROR,
  hash,
  type Input,
  pairs,
  repeated,
  times,
  type Value,
} from './diff-data.ts';

const SETTINGS = { minEffect: 5, seed: 1 };
const run = (data: DiffData): Analysis => analyse(data, SETTINGS);
const columnOf = (inputs: readonly Input[], spec: Partial<ColumnSpec> = {}) =>
  run(diffData(inputs, [{ name: 'decision', ...spec }])).columns[0]!;
const ofKind = (kind: ColumnKind): ColumnSpec => ({ name: '$.field', kind });
const twice = (values: [Value, Value][]) => repeated(pairs(values), 2, 2);
const numbers = (n: number, shift: (i: number) => number): [Value, Value][] =>
  Array.from({ length: n }, (_, i) => [i % 17, (i % 17) + shift(i)]);

const cases: Record<ColumnKind, Record<Exclude<Verdict, never>, Input[]>> = {
  label: {
    changed: pairs([...times(80, 'CLEAR', 'CLEAR'), ...times(20, 'CLEAR', 'HOLD')]),
    'changed-but-small': pairs([...times(2000, 'A', 'A'), ...times(20, 'A', 'B')]),
    'no-evidence': twice([...times(2000, 'A', 'A'), ...times(1, 'A', 'B'), ...times(1, 'B', 'A')]),
    insufficient: pairs([...times(20, 'A', 'A'), ...times(2, 'A', 'B')]),
    identical: pairs(times(6, 'A', 'A')),
    'no-data': pairs(times(20, null, null)),
  },
  number: {
    changed: pairs(numbers(60, () => 3)),
    'changed-but-small': pairs(numbers(200, () => 0.01)),
    'no-evidence': twice(numbers(2000, (i) => (i % 400 === 0 ? ((i / 400) % 2) - 0.5 : 0))),
    insufficient: pairs(numbers(30, (i) => (i % 3) - 1)),
    identical: pairs(numbers(6, () => 0)),
    'no-data': pairs(times(20, null, null)),
  },
  text: {
    changed: twice([...times(60, 'a', 'a'), ...times(40, 'a', 'b')]),
    'changed-but-small': twice([...times(3000, 'a', 'a'), ...times(30, 'a', 'b')]),
    'no-evidence': twice([...times(2000, 'a', 'a'), ...times(2, 'a', 'b')]),
    insufficient: pairs(times(100, 'a', 'b')),
    identical: pairs(times(6, 'a', 'a')),
    'no-data': pairs(times(20, null, null)),
  },
  json: {
    changed: twice([...times(60, hash(1), hash(1)), ...times(40, hash(1), hash(2))]),
    'changed-but-small': twice([...times(3000, hash(1), hash(1)), ...times(30, hash(1), hash(2))]),
    'no-evidence': twice([...times(2000, hash(1), hash(1)), ...times(2, hash(1), hash(2))]),
    insufficient: pairs(times(100, hash(1), hash(2))),
    identical: pairs(times(6, hash(1), hash(1))),
    'no-data': pairs([]),
  },
  vector: {
    changed: twice(times(30, hash(1), hash(2))),
    'changed-but-small': twice([...times(3000, hash(1), hash(1)), ...times(30, hash(1), hash(2))]),
    'no-evidence': twice([...times(2000, hash(1), hash(1)), ...times(2, hash(1), hash(2))]),
    insufficient: pairs(times(100, hash(1), hash(2))),
    identical: pairs(times(6, hash(1), hash(1))),
    'no-data': alone('before', [hash(1)]),
  },
};

describe('the verdict of pairs', () => {
  for (const [kind, table] of Object.entries(cases)) {
    for (const [verdict, inputs] of Object.entries(table)) {
      it(`of ${kind}s can be ${verdict}`, () => {
        const analysis = run(diffData(inputs, [ofKind(kind as ColumnKind)]));
        const [column] = analysis.columns;
        expect(column!.verdict, JSON.stringify(column!.tests)).toBe(verdict);
        expect(analysis.verdict).toBe(verdict);
        expect(column!.needed !== null).toBe(
          verdict === 'insufficient' && kind !== 'text' && kind !== 'json' && kind !== 'vector',
        );
        expect(JSON.stringify(analysis)).not.toMatch(/NaN|Infinity/);
      });
    }
  }
});

describe('a small step one way', () => {
  /** 150 decide otherwise, each in a way of its own, and 8 go one way. */
  const flips = (count: number, same: number): [Value, Value][] => [
    ...times(same, 'CLEAR', 'CLEAR'),
    ...times(8, 'CLEAR', 'HOLD'),
    ...Array.from({ length: count }, (_, i): [Value, Value] => [`D${i}`, `Dx${i}`]),
  ];

  it('is not called small where far more differs and the noise is unknown', () => {
    expect(columnOf(pairs(flips(150, 154))).verdict).toBe('changed');
  });

  it('is small where all that differs is', () => {
    expect(columnOf(pairs(flips(5, 2000))).verdict).toBe('changed-but-small');
  });

  it('of numbers is not called small where each jumps about', () => {
    const jumps = numbers(4000, (i) => (i % 2 === 0 ? 4 : -4) + 0.3);
    const column = columnOf(pairs(jumps), ofKind('number'));
    expect(column.tests.some(({ q }) => q !== null && q <= 0.05)).toBe(true);
    expect(column.verdict).toBe('changed');
  });
});

describe('the verdict of two samples', () => {
  const sides = (before: readonly Value[], after: readonly Value[]) => [
    ...alone('before', before),
    ...alone('after', after),
  ];
  const many = <T>(n: number, of: (i: number) => T) => Array.from({ length: n }, (_, i) => of(i));
  const verdicts: [string, ColumnKind, Input[], Verdict][] = [
    [
      'labels',
      'label',
      sides(
        many(100, () => 'A'),
        many(100, (i) => (i < 30 ? 'B' : 'A')),
      ),
      'changed',
    ],
    [
      'labels',
      'label',
      sides(
        many(9000, (i) => (i % 50 === 0 ? 'B' : 'A')),
        many(9000, (i) => (i % 30 === 0 ? 'B' : 'A')),
      ),
      'changed-but-small',
    ],
    [
      'labels',
      'label',
      sides(
        many(4000, (i) => 'AB'[i % 2]!),
        many(4000, (i) => 'AB'[i % 2]!),
      ),
      'no-evidence',
    ],
    ['labels', 'label', sides(['A', 'A', 'B'], ['B', 'B', 'B']), 'insufficient'],
    ['labels', 'label', sides([null, null], [null, null]), 'no-data'],
    [
      'numbers',
      'number',
      sides(
        many(60, (i) => i % 10),
        many(60, (i) => (i % 10) + 4),
      ),
      'changed',
    ],
    [
      'numbers',
      'number',
      sides(
        many(9000, (i) => i % 100),
        many(9000, (i) => (i % 100) + 1.9),
      ),
      'changed-but-small',
    ],
    [
      'numbers',
      'number',
      sides(
        many(9000, (i) => i % 100),
        many(9000, (i) => i % 100),
      ),
      'no-evidence',
    ],
    ['numbers', 'number', sides([1, 2, 3], [7, 8, 9]), 'insufficient'],
    [
      'texts',
      'text',
      sides(
        many(50, () => 'a'),
        many(50, () => 'b'),
      ),
      'insufficient',
    ],
    ['texts', 'text', sides([null], [null]), 'no-data'],
  ];
  for (const [name, kind, inputs, verdict] of verdicts) {
    it(`of ${name} can be ${verdict}`, () => {
      const [column] = run(diffData(inputs, [ofKind(kind)])).columns;
      expect(column!.verdict, JSON.stringify([column!.tests, column!.direction])).toBe(verdict);
      expect(column!.basis).toBe(verdict === 'no-data' ? 'none' : 'unpaired');
      expect(column!.cases.answer).toBe('unclear');
    });
  }

  it('takes one input of a conversation', () => {
    const inputs = sides(
      many(40, () => 'A'),
      many(40, () => 'B'),
    ).map((input, i) => ({ ...input, conversation: Math.floor(i / 40) }));
    expect(columnOf(inputs).verdict).toBe('insufficient');
  });

  it('describes, and decides nothing, beside enough pairs', () => {
    const inputs = [
      ...pairs(times(40, 'A', 'A')),
      ...alone(
        'after',
        many(60, () => 'B'),
      ),
    ];
    const { tests, verdict, basis, traffic } = columnOf(inputs);
    expect({ verdict, basis }).toEqual({ verdict: 'identical', basis: 'pairs' });
    const found = tests.filter(({ question }) => question === 'distribution');
    expect(found.map(({ decides, q }) => ({ decides, q }))).toEqual([{ decides: false, q: null }]);
    expect(found[0]!.p).toBeLessThan(1e-6);
    expect(traffic).toMatchObject({ of: 'A', behaviour: 0, mix: -60, total: -60 });
  });
});

describe('bad input', () => {
  it('has no data where a side or both are empty, or there are no columns', () => {
    expect(run(diffData([])).verdict).toBe('no-data');
    expect(run(diffData(alone('after', ['A', 'B']))).verdict).toBe('no-data');
    expect(run(diffData(pairs(times(9, 'A', 'A')), [])).verdict).toBe('no-data');
  });

  it('says insufficient of one input, alike or not', () => {
    expect(columnOf(pairs([['A', 'A']])).verdict).toBe('insufficient');
    expect(columnOf(pairs([['A', 'B']])).verdict).toBe('insufficient');
  });

  it('holds for one side constant', () => {
    const half = Array.from({ length: 60 }, (_, i): [Value, Value] => ['A', 'AB'[i % 2]!]);
    expect(columnOf(pairs(half)).verdict).toBe('changed');
    const shift = Array.from({ length: 60 }, (_, i): [Value, Value] => [5, 5 + (i % 2)]);
    expect(columnOf(pairs(shift), { kind: 'number' }).verdict).toBe('changed');
  });

  it('calls no number constant on both sides changed or without evidence from a few', () => {
    const inputs = [...alone('before', [5, 5, 5, 5, 5, 5]), ...alone('after', [5, 5, 5, 5, 5, 5])];
    expect(columnOf(inputs, { kind: 'number' }).verdict).toBe('insufficient');
  });

  it('counts a number that is not finite as there and not a number', () => {
    const inputs = pairs([...times(40, 1, 1), ...times(20, 2, hash(7))]);
    const { verdict, leftOut, direction } = columnOf(inputs, { kind: 'number' });
    expect(verdict).toBe('changed');
    expect(leftOut).toEqual([{ reason: 'not a number', inputs: 20 }]);
    expect(direction.effects.map(({ of }) => of)).toContain('(not a number)');
  });

  it('survives the largest doubles', () => {
    const edge = Number.MAX_VALUE;
    const inputs = pairs([
      ...times(10, -edge, edge),
      ...times(10, edge, -edge),
      ...times(1, 0, 5e-324),
    ]);
    const analysis = run(diffData(inputs, [ofKind('number')]));
    expect(JSON.stringify(analysis)).not.toMatch(/NaN|Infinity/);
    for (const { value } of analysis.columns[0]!.direction.effects) expect(value).not.toBeNaN();
  });

  it('says changed where a number is gone after, and where a field became an error', () => {
    expect(columnOf(pairs(times(40, 5, null)), { kind: 'number' }).verdict).toBe('changed');
    expect(columnOf(pairs(times(40, 'text', null)), { kind: 'text' }).verdict).toBe('changed');
    expect(columnOf(pairs(times(40, 'A', ERROR))).verdict).toBe('changed');
  });

  it('leaves errors out of numbers and counts them', () => {
    const inputs = pairs([...numbers(30, () => 0), ...times(7, ERROR, ERROR)]);
    const column = columnOf([...inputs, ...twice(times(3, 3, ERROR))], { kind: 'number' });
    expect(column.leftOut).toEqual([{ reason: 'error', inputs: 10 }]);
    expect(column).toMatchObject({ verdict: 'insufficient', compared: 30 });
  });

  it('never calls identical what ended in errors on one side', () => {
    for (const [kind, value] of [
      ['number', 3],
      ['text', 'a'],
    ] as const) {
      const some = pairs([...times(30, value, value), ...times(7, value, ERROR)]);
      const of = (inputs: readonly Input[]) => columnOf(inputs, { kind });
      expect(of(some)).toMatchObject({ verdict: 'changed', compared: 30 });
      expect(of(some).direction.effects).toContainEqual(
        expect.objectContaining({ of: '(error)', unit: 'points' }),
      );
      expect(of(pairs(times(30, value, ERROR))).verdict).toBe('changed');
      const one = pairs([...times(500, value, value), ...times(1, value, ERROR)]);
      expect(of(one).verdict).toBe('insufficient');
      const unpaired = [
        ...alone('before', Array(40).fill(value)),
        ...alone('after', [...Array(20).fill(value), ...Array(20).fill(ERROR)]),
      ];
      expect(of(unpaired).verdict).toBe('changed');
    }
  });

  it('claims no absence of a change from two samples where the few pairs flip', () => {
    const many = (side: 'before' | 'after') =>
      alone(
        side,
        Array.from({ length: 4000 }, (_, i) => 'AB'[i % 2]!),
      );
    const sides = [...many('before'), ...many('after')];
    expect(columnOf([...sides, ...pairs(times(5, 'A', 'A'))]).verdict).toBe('no-evidence');
    expect(columnOf([...sides, ...pairs(times(5, 'A', 'B'))])).toMatchObject({
      verdict: 'insufficient',
      needed: null,
    });
  });

  it('claims no absence of a change from a few inputs that repeat, where the others differ', () => {
    for (const [kind, a, b] of [
      ['label', 'A', 'B'],
      ['text', 'a', 'b'],
      ['number', 0, 9],
    ] as const) {
      const of = (flips: number, others: number) =>
        columnOf(
          [
            ...twice(times(100, a, a)),
            ...pairs([
              ...times(flips, a, b),
              ...times(flips, b, a),
              ...times(others / 2, a, a),
              ...times(others / 2, b, b),
            ]),
          ],
          { kind },
        );
      expect(of(40, 1200).verdict).toBe('insufficient');
      expect(of(1, 1200).verdict).toBe('no-evidence');
      expect(of(0, 6).verdict).toBe('identical');
    }
  });

  it('keeps what has no data out of the family', () => {
    const flips = pairs(times(40, 'A', 'B')).map(({ before, after }) => ({
      before: before.map((run) => [...run, null]),
      after: after.map((run) => [...run, null]),
    }));
    const { columns } = run(diffData(flips, [{ name: 'decision' }, { name: '$.typo' }]));
    expect(columns[1]).toMatchObject({ verdict: 'no-data', tests: [] });
    expect(columns[0]!.tests[0]!.q).toBe(columns[0]!.tests[0]!.p);
  });

  it('puts the rarest of 100,000 labels together', () => {
    const values = Array.from({ length: 100_000 }, (_, i): [Value, Value] => [
      `L${i}`,
      i < 500 ? 'HOLD' : `L${i}`,
    ]);
    const { direction, matrix, differing, distribution } = columnOf(pairs(values));
    expect(differing).toHaveLength(500);
    expect(direction.effects.length).toBeLessThanOrEqual(10);
    expect(direction.effects.map(({ of }) => of)).toContain('HOLD');
    expect(matrix!.map(({ after }) => after)).toContain('(other)');
    expect(distribution).toMatchObject({ kind: 'labels' });
    expect(distribution!.kind === 'labels' && distribution!.rows.length).toBeLessThanOrEqual(50);
  });

  it('does not take other labels for the same because both are other', () => {
    const values = Array.from({ length: 3000 }, (_, i): [Value, Value] => [`L${i}`, `L${i + 1}`]);
    const column = columnOf(pairs(values));
    expect(column.cases.differing).toBe(3000);
    expect(column.verdict).toBe('insufficient');
    expect(
      column
        .matrix!.filter((cell) => cell.before === '(other)' && cell.after === '(other)')
        .every(({ differs }) => differs),
    ).toBe(true);
  });

  it('sees that shares moved where both sides are mixed alike', () => {
    const inputs = Array.from({ length: 40 }, () => ({
      before: [['A'], ['A'], ['A'], ['B']],
      after: [['A'], ['B'], ['B'], ['B']],
    }));
    expect(columnOf(inputs)).toMatchObject({
      verdict: 'changed',
      mixed: 40,
      cases: { differing: 0 },
    });
  });

  it('takes one input with 100,000 runs, and 6 conversations of many turns for 6', () => {
    const runs = Array.from({ length: 100_000 }, (_, i) => [i]);
    const inputs = [...pairs(times(9, 1, 1)), { before: runs, after: runs }];
    expect(columnOf(inputs, { kind: 'number' }).verdict).toBe('identical');
    const turns = pairs(times(600, 'A', 'B')).map((input, i) => ({
      ...input,
      conversation: i % 6,
    }));
    const [test] = columnOf(turns).tests;
    expect(test).toMatchObject({ p: 2 / 2 ** 6, decides: true });
  });
});

describe('the overall verdict', () => {
  it('comes from the decision, else from fields named, else from the whole output', () => {
    const inputs = Array.from(
      { length: 40 },
      (): Input => ({ before: [[null, 'a', 'x']], after: [[null, 'a', 'y']] }),
    );
    const columns: ColumnSpec[] = [
      { name: 'decision' },
      { name: '$', kind: 'text', family: 'found' },
      { name: '$.label', family: 'first' },
    ];
    expect(run(diffData(inputs, columns)).verdict).toBe('changed');
    const found = [columns[0]!, columns[1]!, { ...columns[2]!, family: 'found' as const }];
    const { verdict, columns: analysed } = run(diffData(inputs, found));
    expect(verdict).toBe('identical');
    expect(analysed.map(({ family }) => family)).toEqual(['found', 'first', 'found']);
  });
});
