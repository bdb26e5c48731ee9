/**
 * The Sui full node that is asked: every request to it goes through here, at a bounded pace, and its
 * answers come whole. Asked to leave it alone, it is left alone.
 */
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { ChainError } from './chain-error.ts';
import type { ChainLimits } from './chain-limits.ts';
import {
  answeredFailure,
  deliveryFailure,
  NotDelivered,
  saidFailure,
} from './full-node-failure.ts';
import { RequestPace } from './request-pace.ts';
import { type Fetch, wholeFetch } from './whole-fetch.ts';

interface Means {
  /** For the client's own use; any name. */
  network: string;
  grpcUrl: string;
  fetch: Fetch;
  /** Wall clock, ms. */
  now: () => number;
  limits: ChainLimits;
}

const FIRST_REST_MS = 1000;
const LONGEST_REST_MS = 5 * 60_000;
/** However long it asks to be left alone. */
const LONGEST_ASKED_REST_MS = 60 * 60_000;

export class FullNode {
  readonly #means: Means;
  readonly #shown: string;
  readonly #pace: RequestPace;
  readonly #whole: Fetch;
  /** By the signal of the call: the gRPC client gives nobody the headers. */
  readonly #asOf = new WeakMap<AbortSignal, number>();
  #restUntil = 0;
  /** How often in a row it asked for less. */
  #slowDowns = 0;

  constructor(means: Means) {
    this.#means = means;
    // Providers' keys may stand in the path.
    this.#shown = new URL(means.grpcUrl).origin;
    const { requestsAtOnce, requestsPerSecond, maxAnswerBytes, timeoutMs } = means.limits;
    this.#pace = new RequestPace({ atOnce: requestsAtOnce, perSecond: requestsPerSecond });
    this.#whole = wholeFetch(means.fetch, { maxBytes: maxAnswerBytes, timeoutMs });
  }

  /** A client of its own cache: what the SDK remembers, it remembers for ever, and for each client. */
  newClient(): SuiGrpcClient {
    const { network, grpcUrl } = this.#means;
    // Its other format, base64, is a third longer and is taken apart byte by byte.
    return new SuiGrpcClient({
      network,
      baseUrl: grpcUrl,
      format: 'binary',
      fetch: (input, init) => this.#fetch(input, init),
    });
  }

  /**
   * Runs what asks the full node through a client of `newClient`.
   * @throws ChainError where it could not be asked; the signal's reason where it is aborted
   */
  async ask<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    this.#leaveAlone();
    try {
      const answer = await untilAborted(call(), signal);
      this.#slowDowns = 0;
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      const failure = saidFailure(this.#shown, error);
      if (failure.code === 'rate-limited' && this.#restUntil <= this.#means.now()) {
        this.#rest(failure.retryAfterSeconds);
      }
      throw failure;
    }
  }

  /**
   * Time (ms) of the newest checkpoint that the full node had executed as it answered; full nodes
   * behind one address are not equally far. Null where it doesn't say.
   * @param call the signal that was handed to the client's one call
   */
  asOf(call: AbortSignal): number | null {
    return this.#asOf.get(call) ?? null;
  }

  async #fetch(input: Parameters<Fetch>[0], init: RequestInit = {}): Promise<Response> {
    const signal = init.signal ?? null;
    return this.#pace.run(async () => {
      const response = await this.#whole(input, init).catch((error: unknown) => {
        signal?.throwIfAborted();
        const url = new URL(input instanceof Request ? input.url : input);
        throw new NotDelivered(deliveryFailure(this.#shown, url, error, this.#means.limits));
      });
      const failure = answeredFailure(this.#shown, response, this.#means.now());
      if (failure) throw new NotDelivered(failure);
      const asOf = response.headers.get('x-sui-timestamp-ms') ?? '';
      if (signal && /^\d{1,15}$/.test(asOf)) this.#asOf.set(signal, Number(asOf));
      return response;
    }, signal);
  }

  #rest(retryAfterSeconds: number | null): void {
    const doubled = FIRST_REST_MS * 2 ** Math.min(this.#slowDowns, 20);
    this.#slowDowns++;
    const askedMs = Math.min((retryAfterSeconds ?? 0) * 1000, LONGEST_ASKED_REST_MS);
    this.#restUntil = this.#means.now() + Math.max(Math.min(doubled, LONGEST_REST_MS), askedMs);
  }

  /** @throws ChainError while it asked to be left alone */
  #leaveAlone(): void {
    const leftMs = this.#restUntil - this.#means.now();
    // A wall clock that stepped back must not make a rest of minutes one of days.
    if (leftMs <= 0 || leftMs > LONGEST_ASKED_REST_MS) return;
    const seconds = Math.ceil(leftMs / 1000);
    throw new ChainError(
      'rate-limited',
      {
        happened: `${this.#shown} asked to be asked less, and is left alone for ${seconds} s more`,
        toDo: 'Give it fewer blobs to watch, or a full node with a higher limit.',
      },
      { retryAfterSeconds: seconds },
    );
  }
}

/** The SDK's Walrus client takes no signal; whoever gave up need not wait for it. */
async function untilAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([answer, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
