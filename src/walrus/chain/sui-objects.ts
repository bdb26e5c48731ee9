/**
 * Reads objects from a Sui full node. Readers that come within a few milliseconds, or while earlier
 * calls are still waiting for their turn or their answer, share calls of up to 50 objects: the more
 * is wanted, the fuller the calls. What several want is asked for once.
 */
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { ChainError } from './chain-error.ts';
import type { ChainLimits } from './chain-limits.ts';
import type { FullNode } from './full-node.ts';
import {
  type GivenObject,
  INCLUDE,
  notAnObjectId,
  objectIdOf,
  type ReadObject,
  readObject,
} from './sui-object.ts';

/** Full nodes take no more in one call. */
export const MOST_IN_A_CALL = 50;

interface Wanted {
  objectId: string;
  readers: number;
  answer: PromiseWithResolvers<ReadObject>;
  /** To be called when a reader leaves. */
  left: () => void;
}

export class SuiObjects {
  readonly #node: FullNode;
  readonly #client: SuiGrpcClient;
  readonly #limits: Pick<ChainLimits, 'gatherMs' | 'requestsAtOnce'>;
  readonly #wanted = new Map<string, Wanted>();
  #gathering = false;
  #calls = 0;

  constructor(node: FullNode, limits: Pick<ChainLimits, 'gatherMs' | 'requestsAtOnce'>) {
    this.#node = node;
    this.#client = node.newClient();
    this.#limits = limits;
  }

  /**
   * @returns one result for each id, in their order. What goes wrong with one, or with the call it
   * was in, is its own result
   * @throws the signal's reason where it is aborted
   */
  async read(objectIds: readonly string[], signal: AbortSignal): Promise<ReadObject[]> {
    signal.throwIfAborted();
    const mine: Wanted[] = [];
    const answers = objectIds.map((text): ReadObject | Promise<ReadObject> => {
      const objectId = objectIdOf(text);
      if (!objectId) return { state: 'failed', objectId: text, error: notAnObjectId(text) };
      const wanted = this.#want(objectId);
      mine.push(wanted);
      return wanted.answer.promise;
    });
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const onAbort = () => {
      for (const wanted of mine) {
        wanted.readers--;
        wanted.left();
      }
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([Promise.all(answers), aborted]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  #want(objectId: string): Wanted {
    const wanted = this.#wanted.get(objectId) ?? {
      objectId,
      readers: 0,
      answer: Promise.withResolvers<ReadObject>(),
      left: () => {},
    };
    wanted.readers++;
    this.#wanted.set(objectId, wanted);
    this.#gather();
    return wanted;
  }

  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    setTimeout(() => {
      this.#gathering = false;
      this.#callNext();
    }, this.#limits.gatherMs);
  }

  #callNext(): void {
    while (this.#wanted.size > 0 && this.#calls < this.#limits.requestsAtOnce) {
      const batch = [...this.#wanted.values()].slice(0, MOST_IN_A_CALL);
      for (const { objectId } of batch) this.#wanted.delete(objectId);
      const stillWanted = batch.filter(({ readers }) => readers > 0);
      if (stillWanted.length === 0) continue;
      this.#calls++;
      void this.#call(stillWanted).finally(() => {
        this.#calls--;
        this.#callNext();
      });
    }
  }

  /** One call; nobody waits for it any more once all its readers have left. */
  async #call(batch: readonly Wanted[]): Promise<void> {
    const stop = new AbortController();
    for (const wanted of batch) {
      wanted.left = () => {
        if (batch.every(({ readers }) => readers === 0)) stop.abort();
      };
    }
    const objectIds = batch.map(({ objectId }) => objectId);
    const asking = { objectIds, include: INCLUDE, signal: stop.signal };
    let given: readonly (GivenObject | undefined)[];
    try {
      given = (await this.#node.ask(() => this.#client.getObjects(asking), stop.signal)).objects;
    } catch (error) {
      if (error instanceof ChainError) await this.#failed(batch, error);
      return; // Else it was ended because nobody waits for it.
    }
    const asOf = this.#node.asOf(stop.signal);
    batch.forEach(({ objectId, answer }, at) => {
      answer.resolve(readObject(objectId, given[at], asOf));
    });
  }

  /** One object of great length must not hide 49 others. */
  async #failed(batch: readonly Wanted[], error: ChainError): Promise<void> {
    if (error.code === 'too-large' && batch.length > 1) {
      const half = Math.ceil(batch.length / 2);
      await Promise.all([this.#call(batch.slice(0, half)), this.#call(batch.slice(half))]);
      return;
    }
    for (const { objectId, answer } of batch) answer.resolve({ state: 'failed', objectId, error });
  }
}
