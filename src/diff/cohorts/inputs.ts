/**
 * The inputs of both sides. Runs are of one input where its hash, context and turn agree; a context
 * whose runs have turns is a conversation, and its turns are no independent inputs.
 */
import { hash } from 'node:crypto';
import type { CohortTrace } from '../source.ts';
import { KeyIndex } from './key-index.ts';
import { IntegerRows } from './rows.ts';

type Identity = Pick<CohortTrace, 'context' | 'turn'> & { inputHash: Buffer };

export class Inputs {
  readonly #inputs = new KeyIndex();
  readonly #conversations = new KeyIndex();
  /** By input; −1: it stands alone. */
  readonly #conversationOf = new IntegerRows();

  get size(): number {
    return this.#inputs.size;
  }

  /** The input's number, in the order in which inputs came. A number equal to the former `size` is new. */
  numberOf(identity: Identity): number {
    const { size } = this.#inputs;
    const number = this.#inputs.numberOf(keyOf(identity));
    const { context, turn } = identity;
    if (number === size && context !== null && turn !== null) {
      const conversation = this.#conversations.numberOf(hash('sha256', context, 'buffer'));
      this.#conversationOf.set(number, conversation);
    }
    return number;
  }

  /** The inputs' numbers in the order of their keys, which is the order they have in a diff. */
  inOrder(): Uint32Array {
    return this.#inputs.inOrder();
  }

  /**
   * By place in the order: what conversation the input belongs to, with a number of its own where it
   * stands alone. Null where no two inputs share one.
   */
  clusters(order: Uint32Array): Uint32Array | null {
    const numbers = new IntegerRows(); // by conversation
    const clusters = new Uint32Array(order.length);
    let next = 0;
    order.forEach((input, place) => {
      const conversation = this.#conversationOf.get(input);
      const known = conversation < 0 ? -1 : numbers.get(conversation);
      const cluster = known < 0 ? next++ : known;
      if (conversation >= 0) numbers.set(conversation, cluster);
      clusters[place] = cluster;
    });
    return next === order.length ? null : clusters;
  }

  release(): void {
    this.#inputs.release();
    this.#conversations.release();
    this.#conversationOf.release();
  }
}

function keyOf({ inputHash, context, turn }: Identity): Buffer {
  if (context === null && turn === null) return inputHash;
  const place = Buffer.from(JSON.stringify([context, turn]));
  return hash('sha256', Buffer.concat([inputHash, place]), 'buffer');
}
