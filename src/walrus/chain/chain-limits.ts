/** How much is asked of Sui and of the storage nodes, and how much of what they answer is read. */
export interface ChainLimits {
  /** Requests to the full node. The public ones take 100 in 30 s (docs.sui.io: "RPC Best Practices"). */
  requestsPerSecond: number;
  requestsAtOnce: number;
  /** For one whole answer of the full node, ms; waiting for its turn not included. */
  timeoutMs: number;
  /** Of one answer: 50 objects of up to 250 kB, each in BCS and as JSON. */
  maxAnswerBytes: number;
  /** So many blobs' states are asked of the storage nodes at a time; each asks all nodes, about a hundred. */
  blobsAtOnce: number;
  blobsPerSecond: number;
  /** For one storage node, ms. */
  nodeTimeoutMs: number;
  /** Where too few storage nodes answered, none is asked for so long, ms, about any blob. */
  nodesRestMs: number;
  /** Of one storage node's answer. */
  maxStatusBytes: number;
  /** What storage nodes said of a certified permanent blob holds for the epoch, and no longer than so, ms: it may be extended. */
  settledForMs: number;
  /** What they said of any other (unknown, registered, deletable), ms. */
  unsettledForMs: number;
  /** The epoch is read again after so long, ms, even if it can't have moved by our clock, which may be wrong. */
  epochForMs: number;
  /** While the epoch is due to change or is changing, it is read again after so long, ms. */
  changingEpochForMs: number;
  /** Readers that come within so many ms share a request; those who have to wait share one anyway. */
  gatherMs: number;
}

export const DEFAULT_LIMITS: ChainLimits = {
  requestsPerSecond: 3,
  requestsAtOnce: 4,
  timeoutMs: 15_000,
  maxAnswerBytes: 32 * 2 ** 20,
  blobsAtOnce: 2,
  blobsPerSecond: 2,
  nodeTimeoutMs: 8000,
  nodesRestMs: 30_000,
  maxStatusBytes: 64 * 1024,
  settledForMs: 6 * 60 * 60_000,
  unsettledForMs: 60_000,
  epochForMs: 60 * 60_000,
  changingEpochForMs: 30_000,
  gatherMs: 5,
};
