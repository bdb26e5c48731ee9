import { describe, expect, test } from 'vitest';
import { labelInput, sourceSpec } from '../../src/contract/label.ts';
import { moveType } from '../../src/contract/move-type.ts';
import { fieldErrors } from '../../src/contract/path.ts';

const LONG = (digits: string) => `0x${digits.padStart(64, '0')}`;
const REGISTRY = `${LONG('7a')}::registry::Registry`;

const parsed = (source: object) =>
  labelInput.safeParse({ source: { kind: 'sui-object', object: '0x7', ...source } });

/** What is wrong, a message for each field. */
function wrongIn(source: object): Record<string, string> {
  const { error } = parsed(source);
  const errors = error ? fieldErrors(error) : [];
  return Object.fromEntries(errors.map(({ path, message }) => [path, message]));
}

describe('a Move type', () => {
  test.each([
    ['u64', 'u64'],
    ['vector<u8>', 'vector<u8>'],
    [' vector < vector<u8> > ', 'vector<vector<u8>>'],
    ['0x2::coin::Coin<0x2::sui::SUI>', `${LONG('2')}::coin::Coin<${LONG('2')}::sui::SUI>`],
    ['0x00AB::m_1::T', `${LONG('ab')}::m_1::T`],
    [
      '0x1::m::T<u8, vector<0x2::a::B<bool>>>',
      `${LONG('1')}::m::T<u8,vector<${LONG('2')}::a::B<bool>>>`,
    ],
    [`${LONG('f')}::m::T`, `${LONG('f')}::m::T`],
  ])('%s has one spelling', (text, spelling) => {
    expect(moveType(text)).toBe(spelling);
    expect(moveType(spelling)).toBe(spelling);
  });

  test.each([
    '',
    'u512',
    'vector',
    'vector<>',
    'vector<u8,u8>',
    'vector<u8',
    'u8>',
    '0x2',
    '0x2::coin',
    '0x2::coin::',
    '0x2::coin::Coin<>',
    '0x2::coin::Coin<u8',
    '0x2::coin::Coin<u8>>',
    '0x2::coin::Coin::More',
    '0x2:coin::Coin',
    '0x2::co in::Coin',
    '0x2::1coin::Coin',
    '0x::coin::Coin',
    '0xg::coin::Coin',
    `0x${'1'.repeat(65)}::coin::Coin`,
    '@org/app::coin::Coin',
    'sui::coin::Coin',
    '0x2::coin::Coin,0x2::coin::Coin',
    `${'vector<'.repeat(17)}u8${'>'.repeat(17)}`,
    `0x2::a::${'B'.repeat(1000)}`,
  ])('%s is none', (text) => {
    expect(moveType(text)).toBeNull();
  });
});

describe('a label kept on Sui', () => {
  test('has its ids and types in one spelling, so that the same source stays the same', () => {
    const source = sourceSpec.parse({
      kind: 'sui-object',
      object: '0xAB',
      type: '0x7A::registry::Registry',
      dynamicField: { type: '0x1::string::String', value: 'latest', in: 'versions' },
    });
    expect(source).toEqual({
      kind: 'sui-object',
      object: LONG('ab'),
      type: REGISTRY,
      dynamicField: { type: `${LONG('1')}::string::String`, value: 'latest', in: 'versions' },
    });
    expect(sourceSpec.parse(source)).toEqual(source);
  });

  test.each([
    {},
    { path: 'a/b.onnx', network: 'testnet' },
    { attribute: 'next' },
    { type: REGISTRY, field: 'models.latest' },
    { type: REGISTRY, dynamicField: { type: 'u64', value: '7' } },
    { dynamicField: { type: 'vector<u8>', value: 'latest' }, field: 'blob' },
  ])('may be %o', (source) => {
    expect(wrongIn(source)).toEqual({});
  });

  test.each([
    [{ object: '7' }, 'source.object', 'object id'],
    [{ object: '0x' }, 'source.object', 'object id'],
    [{ object: `0x${'1'.repeat(65)}` }, 'source.object', 'object id'],
    [{ object: '0x7 ' }, 'source.object', 'object id'],
    [{ type: 'u64', field: 'a' }, 'source.type', 'Move type of an object'],
    [{ type: 'Registry', field: 'a' }, 'source.type', 'Move type of an object'],
    [{ field: 'a' }, 'source.type', 'required'],
    [{ type: REGISTRY }, 'source.type', 'leave it out'],
    [{ type: REGISTRY, attribute: 'a' }, 'source.type', 'leave out attribute'],
    [{ type: REGISTRY, field: '' }, 'source.field', 'names of fields'],
    [{ type: REGISTRY, field: 'a..b' }, 'source.field', 'names of fields'],
    [{ type: REGISTRY, field: 'a[0]' }, 'source.field', 'names of fields'],
    [{ type: REGISTRY, field: Array(17).fill('a').join('.') }, 'source.field', 'names of fields'],
    [{ attribute: '' }, 'source.attribute', ''],
    [{ attribute: '\ud800' }, 'source.attribute', 'surrogate'],
    [{ path: '../a' }, 'source.path', "'..'"],
    [{ network: 'main net' }, 'source.network', 'mainnet'],
    [{ fild: 'a' }, 'source.fild', 'unknown field'],
    [{ dynamicField: { type: 'u64' } }, 'source.dynamicField.value', ''],
    [{ dynamicField: { type: 'u64', value: '-1' } }, 'source.dynamicField.value', '2^64'],
    [{ dynamicField: { type: 'u8', value: '256' } }, 'source.dynamicField.value', '2^8'],
    [{ dynamicField: { type: 'u8', value: '07' } }, 'source.dynamicField.value', '2^8'],
    [{ dynamicField: { type: 'bool', value: '1' } }, 'source.dynamicField.value', 'true or false'],
    [{ dynamicField: { type: 'address', value: '7' } }, 'source.dynamicField.value', 'hex'],
    [{ dynamicField: { type: 'vector<u8>', value: '0x1' } }, 'source.dynamicField.value', 'pairs'],
    [
      { dynamicField: { type: '0x1::ascii::String', value: 'é' } },
      'source.dynamicField.value',
      'ASCII',
    ],
    [{ dynamicField: { type: REGISTRY, value: '' } }, 'source.dynamicField.type', 'are known'],
    [{ dynamicField: { type: 'toString', value: '' } }, 'source.dynamicField.type', 'Move type'],
    [
      { dynamicField: { type: 'u64', value: '1', in: 'versions' } },
      'source.type',
      'dynamicField.in',
    ],
  ])('is not %o, and says why', (source, path, words) => {
    const wrong = wrongIn(source);
    expect(Object.keys(wrong)).toContain(path);
    expect(wrong[path]).toContain(words);
  });

  test('is of an attribute or of fields, never both', () => {
    const dynamicField = { type: 'u64', value: '1' };
    expect(
      Object.keys(wrongIn({ attribute: 'a', type: REGISTRY, field: 'b', dynamicField })),
    ).toEqual(['source.type', 'source.field', 'source.dynamicField']);
  });
});
