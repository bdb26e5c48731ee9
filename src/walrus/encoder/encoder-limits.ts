/**
 * What the encoder takes. It checks little of it itself: three shards are a trap, 65,537 count as
 * one, and bytes past 2 GiB end in a trap after a minute of work.
 */
import type { Refusal } from './encode-error.ts';

/** Shards of the Walrus network, on mainnet and testnet alike. Another number gives other IDs. */
export const N_SHARDS = 1000;

/** Below it no shard may fail, so there is nothing to encode. */
export const MIN_SHARDS = 4;

/**
 * Ours: time and memory grow with the square, and 4,000 take a minute and 0.6 GB even for an empty
 * blob. Up to here the memory lasts for the longest bytes there can be.
 */
export const MAX_SHARDS = 4000;

/** The encoder is 32-bit WebAssembly. (Walrus itself takes about 13.6 GiB.) */
export const MAX_ENCODABLE_BYTES = 2 ** 31 - 1;

// A symbol's length is a u16, and even (RS2).
const MAX_SYMBOL_BYTES = 65_534;

/** The most bytes that can be encoded for so many shards: one symbol for each row and column. */
export function mostBytes(nShards: number): number {
  const faulty = Math.floor((nShards - 1) / 3);
  const symbols = (nShards - 2 * faulty) * (nShards - faulty);
  return Math.min(MAX_ENCODABLE_BYTES, symbols * MAX_SYMBOL_BYTES);
}

export function shardsRefusal(nShards: number): Refusal | null {
  if (Number.isInteger(nShards) && nShards >= MIN_SHARDS && nShards <= MAX_SHARDS) return null;
  return {
    code: 'shards',
    problem: `n_shards is ${nShards}, and the encoder takes a whole number from ${MIN_SHARDS} to ${MAX_SHARDS}`,
    toDo: `Give the number of the network, ${N_SHARDS} on mainnet and testnet`,
  };
}

export function lengthRefusal(bytes: number, nShards: number): Refusal | null {
  const most = mostBytes(nShards);
  if (bytes <= most) return null;
  const ends = most === MAX_ENCODABLE_BYTES ? 'below 2 GiB' : `at ${most} for ${nShards} shards`;
  return {
    code: 'too-large',
    problem: `there are ${bytes} bytes and the encoder ends ${ends}`,
    toDo: 'Compute it with the Walrus command line',
  };
}
