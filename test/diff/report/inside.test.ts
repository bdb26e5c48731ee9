import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedPaths } from '../../../src/diff/report/changed-paths.ts';
import { jsonStart, textStart } from '../../../src/diff/report/json-start.ts';
import { wordDiff } from '../../../src/diff/report/word-diff.ts';

describe('a word diff', () => {
  it('keeps what stayed, and puts what went before what came', () => {
    expect(wordDiff('It pays on time, always.', 'It pays late, always.')).toEqual([
      { op: 'same', text: 'It pays' },
      { op: 'removed', text: ' on time' },
      { op: 'added', text: ' late' },
      { op: 'same', text: ', always.' },
    ]);
  });

  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', '.', ' ', '\n', 'é', '漢'), { maxLength: 40 })
    .map((parts) => parts.join(''));

  it('holds both texts whole, but for white space', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const runs = wordDiff(a, b)!;
        const side = (op: string) =>
          runs
            .filter((run) => run.op === 'same' || run.op === op)
            .map((run) => run.text)
            .join('');
        const bare = (one: string) => one.replaceAll(/\s/g, '');
        expect(bare(side('removed'))).toBe(bare(a));
        expect(bare(side('added'))).toBe(bare(b));
      }),
    );
  });

  it('turned around swaps what went and what came', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const of = (runs: ReturnType<typeof wordDiff>, op: string) =>
          runs!.filter((run) => run.op === op).map((run) => run.text);
        const [there, back] = [wordDiff(a, b), wordDiff(b, a)];
        expect(of(back, 'added')).toEqual(of(there, 'removed'));
        expect(of(back, 'removed')).toEqual(of(there, 'added'));
      }),
    );
  });

  it('is not made of texts with more than 2,000 words or 16,000 characters', () => {
    expect(wordDiff(' a'.repeat(2000), ' b'.repeat(2000))).toHaveLength(2);
    expect(wordDiff('a '.repeat(2001), 'b')).toBe(null);
    expect(wordDiff('x'.repeat(16_001), 'b')).toBe(null);
  });
});

describe('the paths that differ', () => {
  const paths = (before: string, after: string) =>
    changedPaths(JSON.parse(before), JSON.parse(after));

  it('are told with what stood there, and null where nothing did', () => {
    expect(
      paths('{"b":1,"a":{"x":[1,2]},"same":0}', '{"a":{"x":[1,3,4]},"same":0,"odd key":{}}'),
    ).toEqual([
      { path: '$.a.x[1]', before: '2', after: '3' },
      { path: '$.a.x[2]', before: null, after: '4' },
      { path: '$.b', before: '1', after: null },
      { path: "$['odd key']", before: null, after: '{}' },
    ]);
  });

  it('hold what an object inherits for nothing', () => {
    expect(paths('{"__proto__":1}', '{}')).toEqual([
      { path: '$.__proto__', before: '1', after: null },
    ]);
    expect(paths('{}', '{"toString":1}')).toHaveLength(1);
  });

  it('are at most twenty, of at most 50,000 places', () => {
    const list = (of: number) => JSON.stringify(Array.from({ length: 60_000 }, () => of));
    expect(paths(list(1), list(2))).toHaveLength(20);
    const late = JSON.stringify([...Array.from({ length: 60_000 }, () => 1), 2]);
    expect(paths(late, late.replace('2]', '3]'))).toEqual([]);
  });

  it('are found at any depth without running out of stack', () => {
    const deep = (end: string) => `${'[{"a":'.repeat(4000)}${end}${'}]'.repeat(4000)}`;
    const [only] = paths(deep('1'), deep('2'));
    expect(only).toMatchObject({ before: '1', after: '2' });
    expect(only!.path.length).toBeLessThanOrEqual(201);
  });
});

describe('the beginning of a value', () => {
  it('is its JSON where that is short, and cut where it is long', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: fc.constantFrom('a', ' ', '"', '\\', '\n', '😂', '\ud800') }),
        (value) => {
          const whole = JSON.stringify(value);
          const start = jsonStart(value, 40);
          if (whole.length <= 40) expect(start).toBe(whole);
          else expect([start.length <= 40, start.endsWith('…')]).toEqual([true, true]);
        },
      ),
    );
  });

  it('never ends within a character', () => {
    expect(textStart(`x${'😂'.repeat(9)}`, 4)).toBe('x😂');
    expect(textStart('😂😂', 4)).toBe('😂😂');
  });
});
