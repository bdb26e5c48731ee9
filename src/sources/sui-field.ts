/** Where a dynamic field stands: in an object of its own, whose id follows from its parent and its name. */
import { bcs } from '@mysten/sui/bcs';
import { deriveDynamicFieldID } from '@mysten/sui/utils';
import { moveType } from '../contract/move-type.ts';

export interface FieldName {
  /** A Move type in its one spelling. */
  type: string;
  /** Written as that type has it; see `fieldNameProblem`. */
  value: string;
}

const FIELD = moveType('0x2::dynamic_field::Field<bool,bool>')!.replace('<bool,bool>', '');

/** @param parentId of the object, or of the Table or Bag in it, that has the field */
export function fieldId(parentId: string, { type, value }: FieldName): string {
  return deriveDynamicFieldID(parentId, type, encoded(type, value));
}

/** Whether an object of this type is a dynamic field with a name of that one. */
export function isFieldNamed(nameType: string, type: string): boolean {
  return moveType(type)?.startsWith(`${FIELD}<${nameType},`) ?? false;
}

const WHOLE = {
  u8: (value: string) => bcs.u8().serialize(Number(value)),
  u16: (value: string) => bcs.u16().serialize(Number(value)),
  u32: (value: string) => bcs.u32().serialize(Number(value)),
  u64: (value: string) => bcs.u64().serialize(value),
  u128: (value: string) => bcs.u128().serialize(value),
  u256: (value: string) => bcs.u256().serialize(value),
};

function encoded(type: string, value: string): Uint8Array {
  return serialized(type, value).toBytes();
}

function serialized(type: string, value: string) {
  if (Object.hasOwn(WHOLE, type)) return WHOLE[type as keyof typeof WHOLE](value);
  if (type === 'bool') return bcs.bool().serialize(value === 'true');
  if (type === 'vector<u8>') return bcs.byteVector().serialize(bytesOf(value));
  if (type.endsWith('::String')) return bcs.string().serialize(value);
  // What is left: an address, or an ID, which is one.
  return bcs.Address.serialize(value);
}

function bytesOf(value: string): Buffer {
  return value.startsWith('0x') ? Buffer.from(value.slice(2), 'hex') : Buffer.from(value);
}
