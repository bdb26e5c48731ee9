/** One object on Sui, as a full node gave it: checked to be the one that was asked for, and whole. */
import { ObjectError, type SuiClientTypes } from '@mysten/sui/client';
import { isValidSuiObjectId, normalizeSuiObjectId } from '@mysten/sui/utils';
import { ChainError, quotedShort } from './chain-error.ts';

interface Answered {
  /** Normalized, as all ids here: `0x` and 64 hex digits. */
  objectId: string;
  /** Time (ms) of the newest checkpoint that the full node had executed; null or left out where it doesn't say. */
  asOf?: number | null;
}

export interface FoundObject extends Answered {
  state: 'found';
  /** A decimal number; another one after each change, as is the digest. */
  version: string;
  digest: string;
  /** Move type, normalized. */
  type: string;
  /** BCS of the Move struct. */
  content: Uint8Array;
  /** The Move struct as the full node renders it, however deep that is; null where it doesn't. */
  json: unknown;
}

export type ReadObject =
  | FoundObject
  /** Deleted, wrapped in another object, or never there: the chain doesn't say which. */
  | (Answered & { state: 'missing' })
  | { state: 'failed'; objectId: string; error: ChainError };

export const INCLUDE = { content: true, json: true } as const;

export type GivenObject = SuiClientTypes.Object<typeof INCLUDE> | Error;

/** The id in the one form that is used here; null where the text is none. */
export function objectIdOf(text: string): string | null {
  const objectId = normalizeSuiObjectId(text);
  return isValidSuiObjectId(objectId) ? objectId : null;
}

export function notAnObjectId(text: string): ChainError {
  return new ChainError('bad-object-id', {
    happened: `${quotedShort(text)} is not an object id on Sui`,
    toDo: 'Give 0x and up to 64 hex digits.',
  });
}

/** @param given what the SDK made of the full node's answer: its types promise more than was checked */
export function readObject(
  objectId: string,
  given: GivenObject | undefined,
  asOf: number | null,
): ReadObject {
  if (given instanceof ObjectError && given.reason === 'notFound') {
    return { state: 'missing', objectId, asOf };
  }
  const failed = (what: string): ReadObject => ({
    state: 'failed',
    objectId,
    error: new ChainError('bad-answer', {
      happened: `the full node answered for object ${objectId} with ${what}`,
      toDo: 'Look at the full node; it may work later.',
    }),
  });
  if (given === undefined) return failed('nothing');
  if (given instanceof Error) return failed(`an error: ${quotedShort(given.message)}`);
  const { version, digest, type, content, json } = given;
  if (objectIdOf(`${given.objectId}`) !== objectId) return failed('another object');
  if (type === 'package') {
    const error = new ChainError('wrong-type', {
      happened: `${objectId} is a Move package, not an object`,
      toDo: 'Give the id of an object.',
    });
    return { state: 'failed', objectId, error };
  }
  const whole =
    /^\d+$/.test(`${version}`) &&
    typeof digest === 'string' &&
    typeof type === 'string' &&
    (content as unknown) instanceof Uint8Array;
  if (!whole) return failed('less than was asked for');
  return { state: 'found', objectId, version, digest, type, content, json, asOf };
}
