/** JSON as people and machines write it: any white space, any spelling of a key or a number, keys twice. */
import fc from 'fast-check';

const space = fc.string({ unit: fc.constantFrom(' ', '\n', '\r', '\t'), maxLength: 2 });

const plain = ['a', 'é', '😀', '{', '}', '[', ']', ',', ':', ' ', '/'];
const escaped = ['\\"', '\\/', '\\n', '\\u0061', '\\ud83d\\ude00', '\\ud800', '\\u0000'];

const textOf = (characters: string[]) =>
  fc.array(fc.constantFrom(...characters), { maxLength: 6 }).map((parts) => `"${parts.join('')}"`);

const text = textOf([...plain, ...escaped, '\\\\']);

const key = fc.oneof(
  fc.constantFrom('"a"', '"\\u0061"', '"b"', '"__proto__"', '"1"', '""', '"toString"'),
  // Without back-slashes: once V8 has parsed a key that holds one, it reads some other keys as that
  // one (nodejs/node#63785), and what is held against JSON.parse fails at random.
  textOf([...plain, ...escaped]),
);

const word = fc.constantFrom(
  ...['0', '-0', '1', '1.0', '1e0', '-12.50', '1E+2', '9007199254740993', '1e400', '5e-324'],
  ...['true', 'false', 'null'],
);

const { value, object } = fc.letrec<{ value: string; list: string; object: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, word, text, tie('list'), tie('object')),
  list: fc
    .array(fc.tuple(space, tie('value'), space), { maxLength: 4 })
    .chain((items) =>
      space.map(
        (gap) => `[${items.map((one) => one.join('')).join(',')}${items.length ? '' : gap}]`,
      ),
    ),
  object: fc
    .array(fc.tuple(space, key, space, fc.constant(':'), space, tie('value'), space), {
      maxLength: 4,
    })
    .chain((items) =>
      space.map(
        (gap) => `{${items.map((one) => one.join('')).join(',')}${items.length ? '' : gap}}`,
      ),
    ),
}));

/** One value, without white space around it. */
export const jsonTexts = value;
export const jsonObjects = object;
export const spaces = space;
