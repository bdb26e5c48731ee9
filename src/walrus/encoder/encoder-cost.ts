/** What encoding takes, as measured: memory to plan with, time to be patient by. */

// Of a thread with the encoder in it and nothing to encode.
const BASE_BYTES = 32 * 2 ** 20;
// Two hashes or so for each pair of shards.
const BYTES_PER_SHARD_SQUARED = 40;
// The bytes, the encoder's copy of them and the slivers under way: 2.4 to 2.6 were measured.
const BYTES_PER_BYTE = 2.7;

/** @returns bytes of memory that a thread holds at its peak; from above, by about a tenth */
export function memoryToEncode(bytes: number, nShards: number): number {
  return Math.ceil(BASE_BYTES + BYTES_PER_SHARD_SQUARED * nShards ** 2 + BYTES_PER_BYTE * bytes);
}

/** @returns seconds on an ordinary machine: rough, another one takes half of it or three times as long */
export function roughSecondsToEncode(bytes: number, nShards: number): number {
  return 1.1e-6 * nShards ** 2 + 57e-9 * bytes;
}
