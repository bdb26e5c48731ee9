import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprint } from '../../src/contract/fingerprint.ts';
import { membersAt, nestsDeeperThan, objectsUnder, scan } from '../../src/contract/json-text.ts';
import { jsonObjects, jsonTexts, spaces } from './json-texts.ts';

/** How deep it nests and how many members it has, told by what is left without its strings. */
function shapeOf(text: string): { depth: number; members: number } {
  const bare = text.replace(/"(?:\\.|[^"\\])*"/g, '');
  let [level, depth] = [0, 0];
  for (const char of bare) {
    if (char === '{' || char === '[') depth = Math.max(depth, ++level);
    if (char === '}' || char === ']') level--;
  }
  return { depth, members: bare.split(':').length - 1 };
}

describe('the scan of a JSON text', () => {
  test('finds where a value begins and ends, how deep it nests, and its members', () => {
    const after = fc.constantFrom('', ',1', ']', '}', ' ,"x"', '\n}');
    fc.assert(
      fc.property(jsonTexts, spaces, after, (text, before, rest) => {
        const found = scan(`${before}${text}${rest}`, 0);
        const end = before.length + text.length;
        expect(found).toEqual({ start: before.length, end, ...shapeOf(text) });
      }),
      { numRuns: 2000 },
    );
  });

  /** Members as JSON.parse would have them. */
  const valuesOf = (text: string, members: ReturnType<typeof membersAt>['members']) =>
    [...members].map(([key, at]) => [key, JSON.parse(text.slice(at.start, at.end))] as const);
  const inOrder = (members: Iterable<readonly [string, unknown]>) =>
    [...members].sort(([a], [b]) => (a < b ? -1 : 1));
  const isObject = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !Array.isArray(value);

  test('finds the members of an object, as JSON.parse has them', () => {
    fc.assert(
      fc.property(jsonObjects, spaces, spaces, (object, before, after) => {
        const text = before + object + after;
        const { members, end } = membersAt(text, 0);
        expect(end).toBe(before.length + object.length);
        expect(inOrder(valuesOf(text, members))).toEqual(inOrder(Object.entries(JSON.parse(text))));
      }),
      { numRuns: 2000 },
    );
  });

  test('finds the objects of the list under a key, as JSON.parse has them', () => {
    const key = fc.constantFrom('"a"', '"\\u0061"', '"b"');
    const members = fc.array(fc.tuple(spaces, key, spaces, jsonTexts), { maxLength: 4 });
    fc.assert(
      fc.property(members, spaces, (told, gap) => {
        const bodies = told.map(
          ([before, name, after, value]) => `${before}${name}${after}:${value}`,
        );
        const text = `${gap}{${bodies.join(`${gap},`)}${gap}}${gap}`;
        const list: unknown = (JSON.parse(text) as { a?: unknown }).a;
        fc.pre(Array.isArray(list));
        const found = objectsUnder(text, 'a').map((one) => inOrder(valuesOf(text, one)));
        const expected = (list as unknown[]).map((item) =>
          isObject(item) ? inOrder(Object.entries(item)) : [],
        );
        expect(found).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test('tells whether a text nests deeper than it may, be it JSON or not', () => {
    fc.assert(
      fc.property(jsonTexts, fc.nat({ max: 5 }), (text, limit) => {
        expect(nestsDeeperThan(limit, text)).toBe(shapeOf(text).depth > limit);
      }),
    );
    for (const text of ['"', '"\\', '"\\"', ']]]]', '[[[', '{"a":"[[[[', '', '\\"[[[[']) {
      expect(nestsDeeperThan(3, text)).toBe(false);
    }
    expect(nestsDeeperThan(3, '[[[[')).toBe(true);
  });

  test('goes as deep as a text goes, and is not slowed by many back-slashes', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(scan(deep, 0)).toMatchObject({ end: 200_000, depth: 100_000 });
    const slashes = JSON.stringify('\\"'.repeat(200_000));
    const began = performance.now();
    expect(scan(slashes, 0).end).toBe(slashes.length);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

const sha256 = (text: string) => hash('sha256', text, 'buffer');

describe('the fingerprint of a JSON value', () => {
  test.each([
    [
      // The example of RFC 8785, section 3.2.2, without its 1E30, which is no integer of I-JSON.
      String.raw`{"numbers": [333333333.33333329, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`,
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    ],
    [
      // Section 3.2.3: keys in order of UTF-16 code units.
      String.raw`{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}`,
      `{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}`,
    ],
    ['{"10":1,"9":2}', '{"10":1,"9":2}'],
    ['{"9":2,"10":1}', '{"10":1,"9":2}'],
    ['{"b":{"d":1,"c":2},"a":[{"f":1,"e":2}]}', '{"a":[{"e":2,"f":1}],"b":{"c":2,"d":1}}'],
    ['{"__proto__":{"b":1},"a":2}', '{"__proto__":{"b":1},"a":2}'],
    ['9007199254740991', '9007199254740991'],
    ['-0', '0'],
    [' "a" ', '"a"'],
  ])('of %s is that of its RFC 8785 form', (raw, canonical) => {
    expect(fingerprint(raw)).toEqual({ hash: sha256(canonical), exact: false });
  });

  test('is the SHA-256 of what the standard makes of it, or of the raw text where it has nothing to say', () => {
    fc.assert(
      fc.property(jsonTexts, (raw) => {
        const value: unknown = JSON.parse(raw);
        const { hash: found, exact } = fingerprint(raw, value);
        expect(found).toEqual(sha256(exact ? raw : (canonicalize(value) as string)));
      }),
      { numRuns: 2000 },
    );
  });

  test('is the same however a value is written', () => {
    const spellings = [
      '{"a":1,"b":[2.5,"é"]}',
      '{ "b" : [ 25e-1 , "\\u00e9" ] ,\n "a" : 1.0 }',
      '{"\\u0061":10E-1,"b":[2.50,"é"]}',
    ];
    const prints = spellings.map((raw) => fingerprint(raw));
    for (const print of prints) expect(print).toEqual(prints[0]);
    expect(prints[0]!.exact).toBe(false);
  });

  test('tells apart what is not the same', () => {
    const raws = ['0', '"0"', 'null', '"null"', 'false', '""', '[]', '{}', '[[]]', '[null]'];
    raws.push('{"a":null}', '{"a":{}}', '{"__proto__":null}', '{"__proto__":{}}', '{"":0}');
    const hashes = raws.map((raw) => fingerprint(raw).hash.toString('hex'));
    expect(new Set(hashes).size).toBe(raws.length);
  });

  test.each([
    ['integers past 2⁵³', '9007199254740993', '9007199254740992'],
    ['negative ones', '-9007199254740993', '-9007199254740992'],
    ['ones written with an exponent', '1e30', '1000000000000000000000000000001'],
    ['ones deep inside', '{"a":[{"b":9007199254740993}]}', '{"a":[{"b":9007199254740992}]}'],
    ['numbers past a double', '1e400', '1e401'],
    ['lone surrogates', '"\\ud800"', '"\\ud801"'],
    ['lone surrogates in a key', '{"\\ud800":1}', '{"\\udfff":1}'],
    ['a pair the wrong way round', '"\\ude00\\ud83d"', '"\\ude00\\ud83e"'],
    ['a key twice', '{"a":1,"a":2}', '{"a":2}'],
    ['a key twice in two spellings', '{"a":1,"\\u0061":2}', '{"a":3,"\\u0061":2}'],
    ['a key twice, with members lost', '{"a":{"b":1},"a":2}', '{"a":{"c":1},"a":2}'],
    ['a key twice, deep inside', '[{"x":{"a":1,"a":2}}]', '[{"x":{"a":2}}]'],
  ])('tells %s apart by their raw text, and is marked', (_, one, other) => {
    const [first, second] = [fingerprint(one), fingerprint(other)];
    expect(first).toEqual({ hash: sha256(one), exact: true });
    expect(second.hash).not.toEqual(first.hash);
    expect(fingerprint(` ${one}`).hash).not.toEqual(first.hash);
  });

  test('is not marked for a pair of surrogates, or for a colon and a key inside a string', () => {
    expect(fingerprint('"\\ud83d\\ude00"')).toEqual(fingerprint('"😀"'));
    expect(fingerprint('{"a":"{\\"a\\":1,\\"a\\":2}"}').exact).toBe(false);
  });
});
