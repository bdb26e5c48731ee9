import { describe, expect, it } from 'vitest';
import { FoundFields } from '../../../src/diff/cohorts/found-fields.ts';
import { answering, collect, collectInOrder, columnOf, saidByAll, trace } from './told.ts';

const repeat = <T>(times: number, value: (i: number) => T) =>
  Array.from({ length: times }, (_, i) => value(i));
const foundIn = (outputs: readonly unknown[], others: readonly unknown[] = []) => {
  const { data } = collect(answering(outputs), answering(others));
  const found = data.columns.filter(({ name, source }) => source === 'output' && name !== '$');
  return { paths: found.map(({ path }) => path), skipped: data.skipped, columns: found };
};

describe('fields nobody named', () => {
  it('are found at every path, in short lists by place and in long ones of numbers as one', () => {
    const output = { a: { b: 1, 'c d': true }, legs: [{ n: 1 }, 'x'], far: repeat(17, (i) => i) };
    const { columns, paths } = foundIn([output]);
    expect(paths).toEqual(['$.a.b', "$.a['c d']", '$.far', '$.legs[0].n', '$.legs[1]']);
    expect(columns.map(({ kind }) => kind)).toEqual([
      'number',
      'label',
      'vector',
      'number',
      'label',
    ]);
    expect(columns.every(({ family }) => family === 'found')).toBe(true);
  });

  it('are at most six steps deep, and of objects with a thousand names at most', () => {
    const deep = { a: { b: { c: { d: { e: { f: 1, g: { h: 1 } } } } } } };
    expect(foundIn([deep]).paths).toEqual(['$.a.b.c.d.e.f']);
    const table = Object.fromEntries(repeat(1001, (i) => [`k${i}`, i]));
    expect(foundIn([{ table, n: 1 }]).paths).toEqual(['$.n']);
    expect(foundIn([{ 'a\u0000b': 1, [`k${'x'.repeat(64)}`]: 1, ok: 1 }]).paths).toEqual(['$.ok']);
  });

  it('are not those that are named, however their paths are written', () => {
    const fields = [{ path: "$['a']", kind: null }];
    const { data } = collect(answering([{ a: 1, b: 2 }]), [], { fields });
    expect(data.columns.map(({ name }) => name)).toEqual([
      'decision',
      "$['a']",
      '$',
      'latency',
      '$.b',
    ]);
  });

  it('may be called __proto__', () => {
    const result = collect(
      [trace(1, { outputText: '{"__proto__":{"x":"A"},"constructor":"B"}' })],
      [trace(2, { outputText: '{}' })],
    );
    expect(saidByAll(columnOf(result, '$.__proto__.x'), 'before')).toEqual(['A']);
    expect(saidByAll(columnOf(result, '$.constructor'), 'after')).toEqual(['(missing)']);
  });

  it('count once where a name stands twice: the last one, as everywhere in JSON', () => {
    const result = collect([trace(1, { outputText: '{"a":1,"a":2}' })], []);
    expect(saidByAll(columnOf(result, '$.a'), 'before')).toEqual([2]);
  });

  it('are missing in the runs before they first turn up', () => {
    const outputs = [...repeat(90, () => ({ a: 1 })), ...repeat(10, () => ({ a: 1, late: 'x' }))];
    const late = columnOf(collect(answering(outputs), []), '$.late');
    expect(saidByAll(late, 'before').filter((one) => one === '(missing)')).toHaveLength(90);
  });

  it('say so where an object stands in their place', () => {
    const before = repeat(4, (i) => ({ v: i % 2 ? 'yes' : 'no' }));
    const result = collect(answering(before), answering([{ v: { yes: 1 } }]));
    expect(columnOf(result, '$.v')).toMatchObject({
      kind: 'label',
      typeNote: 'texts 4 before, 0 after; taken apart: objects 0 before, 1 after',
    });
    expect(saidByAll(columnOf(result, '$.v'), 'after')).toEqual(['(missing)']);
  });

  it('are kept where most runs have them, thirty at most, and the others are listed', () => {
    const outputs = repeat(4, (run) =>
      Object.fromEntries(repeat(run < 2 ? 40 : 20, (i) => [`f${i + 10}`, 1])),
    );
    const { paths, skipped } = foundIn(outputs);
    expect(paths).toHaveLength(30);
    expect(paths.slice(0, 20)).toEqual(repeat(20, (i) => `$.f${i + 10}`));
    expect(skipped.map(({ path, reason, runs }) => `${path} ${reason} ${runs}`)).toEqual(
      repeat(10, (i) => `$.f${i + 40} too-many 2`),
    );
  });

  it('are skipped where fewer than one run in a hundred has them on either side', () => {
    const outputs = [{ rare: 1, n: 1 }, ...repeat(100, () => ({ n: 1 }))];
    const { paths, skipped } = foundIn(outputs);
    expect(paths).toEqual(['$.n']);
    expect(skipped).toEqual([
      { path: '$.rare', reason: 'rare', distinct: 1, runs: 1, atLeast: true },
    ]);
    expect(foundIn(outputs, [{ rare: 1, n: 1 }]).paths).toEqual(['$.n', '$.rare']);
  });

  it('are skipped as near-unique where most runs have an id or a time of their own', () => {
    const outputs = repeat(60, (i) => ({
      id: `run-${i}`,
      at: 1_790_000_000_000 + i,
      score: i / 7,
      cents: 1000 + i,
      why: `the price moved by ${i} points since`,
      group: i % 40,
    }));
    const { paths, skipped } = foundIn(outputs);
    expect(paths).toEqual(['$.cents', '$.group', '$.score', '$.why']);
    expect(skipped).toEqual([
      { path: '$.at', reason: 'near-unique', distinct: 60, runs: 60, atLeast: false },
      { path: '$.id', reason: 'near-unique', distinct: 60, runs: 60, atLeast: false },
    ]);
    expect(foundIn(outputs.slice(0, 49)).skipped).toEqual([]);
    expect(foundIn(outputs, outputs).paths).toContain('$.id');
  });

  it('are the same ones whatever the order, where there are far more than can be followed', () => {
    const outputs = repeat(300, (run) => ({
      score: run,
      ...Object.fromEntries(
        repeat(12, (i) => [`k${1000 + ((run * 7919 + i * 104_729) % 3000)}`, i]),
      ),
    }));
    const told = answering(outputs).map((one) => ['before', one] as const);
    const result = collectInOrder(told);
    expect(collectInOrder(told.toReversed())).toEqual(result);
    expect(columnOf(result, '$.score').kind).toBe('number');
    expect(result.data.skipped.length).toBeLessThanOrEqual(200);
  });

  it('are given up from the same place on, whatever the order, where they would take too much memory', () => {
    const values = repeat(200, (run) => {
      return Object.fromEntries(
        repeat(12, (i) => [`f${10 + i}`, i % 3 && run > 9 * i ? run / 7 : 'x']),
      );
    });
    const followed = (order: readonly unknown[]) => {
      const options = { asked: null, mostLabels: 100, onlyLabels: false };
      const fields = new FoundFields(options, new Set(), 12_000);
      order.forEach((value, row) => {
        fields.read(0, row, value);
        if (row % 10 === 0) fields.fit(row + 1);
      });
      fields.fit(order.length);
      return fields
        .fields()
        .filter(({ values }) => !values.givenUp)
        .map(({ path }) => path);
    };
    // 200 runs: 4 bytes each where all are labels, 12 where some are numbers.
    expect(followed(values)).toEqual(repeat(7, (i) => `$.f${10 + i}`));
    expect(followed(values.toReversed())).toEqual(followed(values));
  });

  it('named like ids do not crowd out the others', () => {
    const outputs = repeat(1500, (run) => ({
      [`0x${(run * 7919).toString(16).padStart(8, '0')}`]: { price: run },
      zone: 'EU',
    }));
    expect(foundIn(outputs).paths).toEqual(['$.zone']);
  });

  it('with too many different texts are compared as texts', () => {
    const outputs = repeat(22_000, (i) => ({ v: `some name with spaces ${i % 11_000}` }));
    const { columns } = foundIn(outputs);
    expect(columns[0]).toMatchObject({ path: '$.v', kind: 'text', labels: [] });
    expect(new Set(columns[0]?.before.numbers).size).toBe(11_000);
  });
});

describe('slices', () => {
  const slicesOf = (inputs: readonly unknown[], services: readonly (string | null)[] = []) => {
    const traces = inputs.map((input, i) => trace(i, { input, service: services[i] ?? null }));
    return collect(traces, []).data;
  };

  it('are fields of the input with two values or more, for each input the one it has', () => {
    const data = slicesOf(repeat(12, (i) => ({ zone: i % 3 ? 'EU' : 'US', n: i, same: 'x' })));
    expect(data.slices.map(({ name, values }) => [name, values])).toEqual([
      ['$.zone', ['EU', 'US']],
    ]);
    expect([...data.slices[0]!.codes].filter((code) => code === 1)).toHaveLength(4);
  });

  it('have at most fifty values, and are eight at most', () => {
    const many = repeat(60, (i) => ({ a: `a${i % 51}`, b: `b${i % 50}` }));
    expect(slicesOf(many).slices.map(({ name }) => name)).toEqual(['$.b']);
    const wide = repeat(4, (i) => Object.fromEntries(repeat(12, (f) => [`f${f}`, i > 1])));
    expect(slicesOf(wide).slices).toHaveLength(8);
  });

  it('say who sent an input, by its first run on either side', () => {
    const at = (ref: number, startedAt: number, service: string | null) =>
      trace(ref, { startedAt, service });
    const { data } = collect(
      [at(1, 5, 'desk'), trace(4, { input: 'x' })],
      [at(2, 4, 'night'), at(3, 9, 'desk')],
    );
    const [service] = data.slices;
    expect(service).toMatchObject({ name: 'service', values: ['desk', 'night'] });
    expect([...service!.codes].sort()).toEqual([-1, 1]);
  });

  it('are not looked for where nothing is to be found', () => {
    const traces = [trace(1, { input: { a: 'x' } }), trace(2, { input: { a: 'y' } })];
    expect(collect(traces, [], { discover: false }).data.slices).toEqual([]);
  });
});
