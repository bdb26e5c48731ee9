/** Sends traces, several batches under way at a time; what isn't acknowledged is sent again after the restart. */
import { setTimeout as pause } from 'node:timers/promises';
import type { IngestAnswer } from '../../src/contract/trace.ts';
import { type Asking, ask } from './asking.ts';
import type { Moments } from './moments.ts';
import type { Random } from './random.ts';
import { spansOf } from './spans.ts';
import { type Batch, idOf, isSpans, traceOf } from './traces.ts';

const UNDER_WAY = 3;
const LARGEST_BATCH = 20;

/** OTLP/JSON: empty where all is well. */
interface SpansAnswer {
  partialSuccess?: unknown;
}

interface Means {
  asking: Asking;
  moments: Moments;
  random: Random;
  seed: number;
  labels: readonly string[];
}

export class Ingest {
  /** By number; all of them acknowledged once `run` has resolved. */
  readonly batches: Batch[] = [];
  readonly acknowledged: Batch[] = [];
  /** Traces sent again because nobody said that they were stored; and those that were stored after all. */
  resent = 0;
  storedUnacknowledged = 0;
  readonly #means: Means;

  constructor(means: Means) {
    this.#means = means;
  }

  get traces(): number {
    return this.acknowledged.reduce((sum, { size }) => sum + size, 0);
  }

  /** Until `ending` aborts, and then until all that was begun is acknowledged, or `over` aborts. */
  async run(ending: AbortSignal, over: AbortSignal): Promise<void> {
    const worker = async () => {
      while (!ending.aborted && !over.aborted) {
        await this.#send(over);
        await pause(this.#means.random.between(10, 120));
      }
    };
    await Promise.all(Array.from({ length: UNDER_WAY }, worker));
  }

  async #send(over: AbortSignal): Promise<void> {
    const { asking, moments, random } = this.#means;
    const again = this.acknowledged.length > 0 && random.chance(0.03);
    const batch = again ? random.pick(this.acknowledged) : this.#make();
    for (let attempts = again ? 1 : 0; ; attempts++) {
      if ((await asking.standing.whenUp(over)) === null) return;
      if (attempts > 0 && !again) this.resent += batch.size;
      const asked = this.#ask(batch);
      moments.emit('batch');
      const answer = await asked;
      if (!answer) {
        await pause(20);
        continue;
      }
      if ('accepted' in answer) this.#check(batch, answer, again, attempts);
      else this.#checkSpans(batch, answer);
      if (!again) this.acknowledged.push(batch);
      return;
    }
  }

  #ask(batch: Batch): Promise<IngestAnswer | SpansAnswer | null> {
    const { asking } = this.#means;
    const traces = this.#traces(batch);
    if (!isSpans(batch)) return ask<IngestAnswer>(asking, 'traces', { body: { traces } });
    return ask<SpansAnswer>(asking, '/v1/traces', { body: spansOf(traces) });
  }

  #make(): Batch {
    const { random } = this.#means;
    const number = this.batches.length;
    const batch = { number, size: random.between(1, LARGEST_BATCH), madeAt: Date.now() };
    this.batches.push(batch);
    return batch;
  }

  #traces(batch: Batch) {
    const { labels, seed } = this.#means;
    return Array.from({ length: batch.size }, (_, index) => traceOf(batch, index, labels, seed));
  }

  /** Duplicates are a success like others: there is nothing to be said where all is well. */
  #checkSpans(batch: Batch, answer: SpansAnswer): void {
    if (Object.keys(answer).length === 0) return;
    const { findings } = this.#means.asking;
    findings.note(`batch ${batch.number} of ${batch.size} spans: ${JSON.stringify(answer)}`);
  }

  #check(batch: Batch, answer: IngestAnswer, again: boolean, attempts: number): void {
    const { accepted, duplicates, ids, rejected } = answer;
    const { findings } = this.#means.asking;
    const name = `batch ${batch.number} of ${batch.size} traces`;
    const shown = `accepted ${accepted}, duplicates ${duplicates}, rejected ${JSON.stringify(rejected)}`;
    const whole = accepted === batch.size || duplicates === batch.size;
    if (!whole) findings.note(`${name} was taken in part: ${shown}`);
    if (again && accepted > 0) findings.note(`${name} was acknowledged before, and then: ${shown}`);
    if (attempts === 0 && duplicates > 0) findings.note(`${name} was new, and yet: ${shown}`);
    const told = ids.every((id, index) => id === idOf(batch.number, index));
    if (!told || ids.length !== accepted + duplicates)
      findings.note(`${name}: its ids are not its own`);
    if (!again) this.storedUnacknowledged += duplicates;
  }
}
