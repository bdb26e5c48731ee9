/** Asks the storage nodes about blobs, few at a time, and remembers what they said while it holds. */
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import type { BlobId } from '../../lineage/manifest.ts';
import { objectOfTransaction } from './blob-events.ts';
import { ChainError } from './chain-error.ts';
import type { ChainLimits } from './chain-limits.ts';
import type { CurrentEpoch } from './epochs.ts';
import type { FullNode } from './full-node.ts';
import { type NodeStatus, nodeStatusOf } from './node-status.ts';
import { RequestPace } from './request-pace.ts';

export interface Heard {
  status: NodeStatus;
  /** The Blob that the status comes from, as far as the chain names one. It may be gone by now. */
  objectId: string | null;
  /** When they said so, ms. */
  at: number;
}

interface Remembered extends Heard {
  epoch: number;
  /** A certified permanent blob stays one until its end, and an invalid one stays that. */
  settled: boolean;
}

interface Means {
  node: FullNode;
  /** Wall clock, ms. */
  now: () => number;
  limits: ChainLimits;
}

const MOST_REMEMBERED = 10_000;

export class NodeStatuses {
  readonly #means: Means;
  readonly #client: SuiGrpcClient;
  readonly #pace: RequestPace;
  readonly #remembered = new Map<BlobId, Remembered>();
  /** That too few answered, and until when nobody is asked again: it is no matter of one blob. */
  #rest: { error: ChainError; until: number } | null = null;

  constructor(means: Means) {
    this.#means = means;
    this.#client = means.node.newClient();
    const { blobsAtOnce, blobsPerSecond } = means.limits;
    this.#pace = new RequestPace({ atOnce: blobsAtOnce, perSecond: blobsPerSecond });
  }

  /**
   * @param fresh what they said before counts for nothing
   * @throws ChainError; the signal's reason where it is aborted
   */
  async of(
    blobId: BlobId,
    current: CurrentEpoch,
    fresh: boolean,
    signal: AbortSignal,
  ): Promise<Heard> {
    const known = fresh ? null : this.#remembered.get(blobId);
    if (known && this.#holds(known, current)) return known;
    const heard = await this.#pace.run(() => this.#ask(blobId, current, signal), signal);
    this.#remembered.delete(blobId);
    this.#remembered.set(blobId, heard);
    const [oldest] = this.#remembered.keys();
    if (oldest !== undefined && this.#remembered.size > MOST_REMEMBERED) {
      this.#remembered.delete(oldest);
    }
    return heard;
  }

  #holds({ epoch, at, settled }: Remembered, current: CurrentEpoch): boolean {
    const { now, limits } = this.#means;
    const age = now() - at;
    const holdsForMs = settled ? limits.settledForMs : limits.unsettledForMs;
    return epoch === current.epoch && age >= 0 && age < holdsForMs;
  }

  async #ask(blobId: BlobId, current: CurrentEpoch, signal: AbortSignal): Promise<Remembered> {
    const at = this.#means.now();
    const status = await this.#statusOf(blobId, current, signal);
    const heard = { status, objectId: null, epoch: current.epoch, at };
    if (status.type === 'invalid') return { ...heard, settled: true };
    if (status.type !== 'permanent') return { ...heard, settled: false };
    try {
      const objectId = await this.#objectOf(blobId, status.statusEvent.txDigest, current, signal);
      return { ...heard, objectId, settled: status.isCertified };
    } catch (error) {
      // What the storage nodes say stands without it; it is looked for again.
      if (error instanceof ChainError) return { ...heard, settled: false };
      throw error;
    }
  }

  async #statusOf(blobId: BlobId, current: CurrentEpoch, signal: AbortSignal) {
    const { node, now, limits } = this.#means;
    if (this.#rest && now() < this.#rest.until) throw this.#rest.error;
    this.#rest = null;
    try {
      return await nodeStatusOf(blobId, current, node, signal);
    } catch (error) {
      if (error instanceof ChainError && error.code === 'unreachable') {
        this.#rest = { error, until: now() + limits.nodesRestMs };
      }
      throw error;
    }
  }

  #objectOf(blobId: BlobId, digest: string, { types }: CurrentEpoch, signal: AbortSignal) {
    const packageId = types.blobType.slice(0, types.blobType.indexOf('::'));
    const from = { node: this.#means.node, client: this.#client };
    return objectOfTransaction(blobId, { digest, packageId }, from, signal);
  }
}
