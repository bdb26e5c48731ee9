import { describe, expect, it } from 'vitest';
import { CODE } from '../../../src/diff/data.ts';
import { answering, collect, columnOf, saidByAll, trace } from './told.ts';

const repeat = <T>(times: number, value: (i: number) => T) =>
  Array.from({ length: times }, (_, i) => value(i));
const named = (
  path: string,
  kind: 'label' | 'number' | 'text' | 'json' | 'vector' | null = null,
) => ({
  fields: [{ path, kind }],
  discover: false,
});

describe('the kind of a field that nobody said', () => {
  const kindOf = (values: readonly unknown[], others: readonly unknown[] = []) => {
    const outputs = (some: readonly unknown[]) => answering(some.map((v) => ({ v })));
    return columnOf(collect(outputs(values), outputs(others), named('$.v')), '$.v');
  };

  it('is number where all are numbers, whatever nulls stand between them', () => {
    expect(kindOf([1, 2.5], [-0]).kind).toBe('number');
    const column = kindOf([1, null, 2]);
    expect(column).toMatchObject({
      kind: 'number',
      typeNote: 'numbers 2 before, 0 after; nulls 1 before, 0 after',
    });
    expect(saidByAll(column, 'before')).toEqual(['(missing)', 1, 2]);
  });

  it('is label for booleans, nulls and short texts, each shown as what it is', () => {
    const column = kindOf(
      [true, 'true', null, 'null', '7', 'HOLD'],
      ['(missing)', '"', '', '-1e9', '07'],
    );
    expect(column).toMatchObject({ kind: 'label', typed: 'seen' });
    expect(saidByAll(column, 'before')).toEqual([
      '"7"',
      '"null"',
      '"true"',
      'HOLD',
      'null',
      'true',
    ]);
    expect(saidByAll(column, 'after')).toEqual(['""', '"(missing)"', '"-1e9"', '"\\""', '07']);
  });

  it('is text for long texts, those with line breaks, and too many different ones', () => {
    expect(kindOf(['x'.repeat(65)]).kind).toBe('text');
    expect(kindOf(['a\nb', 'c']).kind).toBe('text');
    expect(kindOf(repeat(51, (i) => `name ${i}`)).kind).toBe('text');
    expect(kindOf(repeat(50, (i) => `name ${i}`)).kind).toBe('label');
    expect(kindOf(repeat(611, (i) => `name ${i % 61}`)).kind).toBe('label');
    expect(kindOf(repeat(610, (i) => `name ${i % 61}`)).kind).toBe('text');
  });

  it('is json for objects and lists, and vector for lists of so many numbers', () => {
    expect(kindOf([{ a: 1 }], [[1]]).kind).toBe('json');
    expect(kindOf([[1, 2]], [[3, 4.5]]).kind).toBe('vector');
    expect(kindOf([[1, 2]], [[3]]).kind).toBe('json');
    expect(kindOf([[]]).kind).toBe('json');
  });

  it('is label where a number on Tuesday is a text on Thursday, and the note counts both', () => {
    const column = kindOf(
      repeat(40, (i) => i % 3),
      repeat(38, (i) => `${i % 3}`),
    );
    expect(column).toMatchObject({
      kind: 'label',
      typeNote: 'numbers 40 before, 0 after; texts 0 before, 38 after',
      labels: ['"0"', '"1"', '"2"', '0', '1', '2'],
    });
    expect(new Set(saidByAll(column, 'before'))).toEqual(new Set(['0', '1', '2']));
  });

  it('is text where such a mixture has many values, and equal ones stay equal', () => {
    const column = kindOf(
      repeat(60, (i) => i / 7),
      ['x', 'x', 0.5, 'y\n'],
    );
    expect(column.kind).toBe('text');
    const [x, other, ...rest] = column.after.numbers!;
    expect(column.after.codes.every((code) => code === CODE.hash)).toBe(true);
    expect(new Set([x, other, ...rest]).size).toBe(3);
  });

  it('is number with a hash where one is out of range', () => {
    const column = columnOf(
      collect(
        [trace(1, { outputText: '{"v":1e400}' }), trace(2, { outputText: '{"v":-1e400}' })],
        [trace(3, { outputText: '{"v":1}' })],
        named('$.v'),
      ),
      '$.v',
    );
    expect(column.kind).toBe('number');
    expect(column.typeNote).toBe(
      'numbers 0 before, 1 after; numbers out of range 2 before, 0 after',
    );
    expect([...column.before.codes]).toEqual([CODE.hash, CODE.hash]);
    expect(new Set(column.before.numbers).size).toBe(2);
    expect([...column.after.codes]).toEqual([CODE.number]);
  });
});

describe('a kind that was asked for', () => {
  const values = [1, '2', true, null, { a: 1 }, [1, 2]];
  const asked = (kind: 'label' | 'number' | 'text' | 'json' | 'vector') => {
    return columnOf(collect(answering(values.map((v) => ({ v }))), [], named('$.v', kind)), '$.v');
  };

  it('is used, and what does not fit is missing and counted', () => {
    const number = asked('number');
    expect(number).toMatchObject({ kind: 'number', typed: 'asked' });
    expect(number.typeNote).toBe(
      'counted as missing: texts 1 before, 0 after; booleans 1 before, 0 after; nulls 1 before, 0 after; lists 1 before, 0 after; objects 1 before, 0 after',
    );
    expect(saidByAll(number, 'before').slice(0, 5)).toEqual(repeat(5, () => '(missing)'));
    expect(saidByAll(asked('label'), 'before')).toEqual([
      '"2"',
      '(missing)',
      '(missing)',
      '1',
      'null',
      'true',
    ]);
    expect(saidByAll(asked('text'), 'before').filter((one) => one === '(missing)')).toHaveLength(5);
    expect(saidByAll(asked('vector'), 'before').filter((one) => one === '(missing)')).toHaveLength(
      5,
    );
  });

  it('takes any value as json, and the order of names makes no difference', () => {
    expect(asked('json').typeNote).toBeNull();
    expect(new Set(saidByAll(asked('json'), 'before')).size).toBe(6);
    const text = (v: string) => trace(1, { outputText: `{"v":${v}}` });
    const { after, before } = columnOf(
      collect([text('{"a":1.0,"b":[2]}')], [text('{"b":[2],"a":1}')], named('$.v', 'json')),
      '$.v',
    );
    expect(before).toEqual(after);
  });

  it('holds labels longer than 200 code units as hashes', () => {
    const outputs = answering([{ v: 'x'.repeat(200) }, { v: 'y'.repeat(201) }]);
    const { before, labels } = columnOf(collect(outputs, [], named('$.v', 'label')), '$.v');
    expect(labels).toEqual(['x'.repeat(200)]);
    expect([...before.codes].sort()).toEqual([CODE.hash, 0]);
  });
});

describe('paths', () => {
  it('lead to own properties alone, through lists and odd names', () => {
    const output = '{"__proto__":{"x":"P"},"a":{"b":[{"c d":"deep","it\'s":"here"}]}}';
    const at = (path: string) => {
      const result = collect([trace(1, { outputText: output })], [], named(path));
      return saidByAll(columnOf(result, path), 'before')[0];
    };
    expect(at('$.__proto__.x')).toBe('P');
    expect(at("$.a.b[0]['c d']")).toBe('deep');
    expect(at("$.a.b[0]['it\\'s']")).toBe('here');
    for (const path of [
      '$.constructor',
      '$.a.b.length',
      '$.a[0]',
      '$.a.b[1]',
      "$.a.b['0']",
      '$.x.y',
    ]) {
      expect(at(path)).toBe('(missing)');
    }
  });

  it('that are none are refused', () => {
    for (const path of ['', 'a', '$.', '$[x]', '$..a', '$[0', "$['a]"]) {
      expect(() => collect([], [], named(path))).toThrow(/no path to a field/);
    }
  });
});

describe('the whole output', () => {
  const whole = (outputs: readonly unknown[]) => columnOf(collect(answering(outputs), []), '$');

  it('is compared by its hash where it is long or has parts, and as itself where it is short', () => {
    expect(whole([{ a: 1 }, [2]]).kind).toBe('json');
    expect(
      whole([
        [1, 2],
        [3, 4],
      ]).kind,
    ).toBe('vector');
    expect(whole([1, 2])).toMatchObject({ kind: 'number' });
    expect(whole(['YES', true])).toMatchObject({ kind: 'label', labels: ['YES', 'true'] });
    expect(whole(['x'.repeat(70), 'y'])).toMatchObject({ kind: 'text', labels: [] });
  });

  it('decides where nobody decided and no field is named', () => {
    const families = (result: ReturnType<typeof collect>) =>
      Object.fromEntries(result.data.columns.map(({ family, name }) => [name, family]));
    const outputs = answering([{ a: 1 }]);
    expect(families(collect(outputs, []))).toMatchObject({ decision: 'found', $: 'first' });
    expect(families(collect(outputs, [], named('$.a')))).toMatchObject({
      '$.a': 'first',
      $: 'found',
    });
    expect(families(collect(answering([1], { decision: 'GO' }), []))).toMatchObject({
      decision: 'first',
      $: 'found',
      latency: 'found',
    });
  });

  it('may be named like any field, and stands once', () => {
    const { data } = collect(answering(['a', 'b']), [], named('$', 'label'));
    expect(data.columns.map(({ family, name }) => `${name} ${family}`)).toEqual([
      'decision found',
      '$ first',
      'latency found',
    ]);
  });

  it('is not read where no field is wanted', () => {
    const unread = { ...trace(1, { output: { a: 1 } }), output: () => expect.fail('it was read') };
    const { data } = collect([unread], [], { fields: [], discover: false });
    expect(data.columns.find(({ name }) => name === '$')).toMatchObject({
      kind: 'json',
      typeNote: null,
    });
  });

  it('counts by its hash alone where it is no JSON or longer than 4 MiB', () => {
    const long = JSON.stringify({ a: 'x'.repeat(4 * 1024 * 1024) });
    const texts = ['{"a":', long];
    const result = collect(
      texts.map((outputText, i) => trace(i, { outputText, input: i })),
      [],
      named('$.a'),
    );
    expect(saidByAll(columnOf(result, '$.a'), 'before')).toEqual(['(missing)', '(missing)']);
    expect(new Set(saidByAll(columnOf(result, '$'), 'before')).size).toBe(2);
  });

  it('of a megabyte, or nested ten thousand deep, is taken in', () => {
    const deep = `${'[{"a":'.repeat(10_000)}1${'}]'.repeat(10_000)}`;
    const wide = JSON.stringify({ n: 7, list: repeat(200_000, (i) => i) });
    const result = collect(
      [trace(1, { outputText: deep }), trace(2, { input: 2, outputText: wide })],
      [trace(3, { outputText: deep })],
      { fields: [{ path: '$[0].a', kind: 'json' }] },
    );
    expect(result.data.inputs).toBe(2);
    expect(columnOf(result, '$.n').kind).toBe('number');
    expect(columnOf(result, '$.list')).toMatchObject({ kind: 'vector' });
  });
});

describe('what comes with a trace', () => {
  it('is compared where any trace has it', () => {
    const result = collect(
      [trace(1, { startedAt: 100, endedAt: 350, inputTokens: 12 })],
      [trace(2, { startedAt: 7, endedAt: 8 })],
    );
    expect(result.data.columns.map(({ name }) => name)).toEqual([
      'decision',
      '$',
      'latency',
      'inputTokens',
    ]);
    expect(saidByAll(columnOf(result, 'latency'), 'before')).toEqual([250]);
    expect(saidByAll(columnOf(result, 'latency'), 'after')).toEqual([1]);
    expect(saidByAll(columnOf(result, 'inputTokens'), 'after')).toEqual(['(missing)']);
  });
});

describe('decisions', () => {
  it('may be a hundred thousand different ones', () => {
    const traces = repeat(100_000, (i) => trace(i, { input: i % 10, decision: `decision ${i}` }));
    const column = columnOf(collect(traces, []), 'decision');
    expect(column.kind).toBe('label');
    expect(column.labels).toHaveLength(100_000);
    expect(new Set(column.before.codes).size).toBe(100_000);
  });
});
