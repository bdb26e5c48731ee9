/** Names of dynamic fields, as people state them: a Move type and a value in text. */
import { moveAddress, moveType } from './move-type.ts';

const STRING = moveType('0x1::string::String')!;
const ASCII = moveType('0x1::ascii::String')!;
const ID = moveType('0x2::object::ID')!;

/** How the value of each type is written. */
const WRITTEN = {
  bool: { expected: 'true or false', fits: (value: string) => /^(true|false)$/.test(value) },
  ...whole('u8', 8),
  ...whole('u16', 16),
  ...whole('u32', 32),
  ...whole('u64', 64),
  ...whole('u128', 128),
  ...whole('u256', 256),
  address: address(),
  [ID]: address(),
  [STRING]: { expected: 'any text', fits: () => true },
  [ASCII]: { expected: 'ASCII text', fits: isAscii },
  'vector<u8>': {
    expected: 'a text, whose UTF-8 counts, or 0x and pairs of hex digits',
    fits: (value: string) => !value.startsWith('0x') || /^0x([0-9a-fA-F]{2})+$/.test(value),
  },
};

function whole(type: string, bits: number) {
  const fits = (value: string) =>
    /^(0|[1-9]\d{0,77})$/.test(value) && BigInt(value) < 1n << BigInt(bits);
  return { [type]: { expected: `a whole number below 2^${bits}`, fits } };
}

function address() {
  return { expected: '0x and hex digits', fits: (value: string) => moveAddress(value) !== null };
}

function isAscii(value: string): boolean {
  return [...value].every((character) => character.codePointAt(0)! < 128);
}

const SHORT =
  'bool, u8 … u256, address, vector<u8>, 0x1::string::String, 0x1::ascii::String, 0x2::object::ID';

/** Why a name can't be used, and what of it is wrong; null where it can. @param type in its one spelling */
export function fieldNameProblem(
  type: string,
  value: string,
): { field: 'type' | 'value'; message: string } | null {
  const written = Object.hasOwn(WRITTEN, type) ? WRITTEN[type as keyof typeof WRITTEN] : undefined;
  if (!written) return { field: 'type', message: `names of these types are known: ${SHORT}` };
  if (written.fits(value)) return null;
  return { field: 'value', message: `a name of type ${type} is ${written.expected}` };
}
