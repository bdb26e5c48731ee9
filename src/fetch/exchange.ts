/**
 * One question and its answer, on the client's own dispatcher: no stream and no signal beside the
 * caller's, because thousands of labels ask this often.
 */
import type { Dispatcher } from 'undici';
import { shownUrl } from './address.ts';
import { FetchError } from './fetch-error.ts';
import { interimFailure, timeoutFailure, tooLargeFailure } from './fetch-failure.ts';

/** By name in lower case; an array where one came several times. */
export type Headers = Record<string, string | string[] | undefined>;

export interface Question {
  url: URL;
  method: 'GET' | 'POST';
  /** Name, value, name, value … */
  headers: string[];
  body: Buffer | null;
}

export interface Bounds {
  /** The caller's. */
  signal: AbortSignal;
  /** For the whole of the answer, connecting included. */
  timeoutMs: number;
  /** Of its body, as it comes over the wire. */
  maxBytes: number;
  now: () => number;
}

interface Head {
  status: number;
  headers: Headers;
  /** When it came, ms. */
  headAt: number;
}

export interface Answered extends Head {
  /** As it came over the wire: still compressed. */
  body: Buffer;
  /** Why the body is not whole; null where it is. */
  broken: unknown;
}

/** Interim answers (1xx) say nothing; nobody honest sends many. */
export const MOST_INTERIM = 16;

/**
 * Waits for the whole answer. Rejects with whatever the client threw where there was none at all, with
 * a FetchError where a bound was met first, and with the signal's own reason where the caller aborts.
 */
export function exchange(
  client: Dispatcher,
  question: Question,
  bounds: Bounds,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    new Exchange(question.url, bounds, true, resolve, reject).begin(client, question);
  });
}

/**
 * The same, but it waits for the head only. The body is dropped as it comes, so that the connection
 * can be used again; where it is longer than `maxBytes` or `timeoutMs`, the connection is ended.
 */
export function headOfExchange(
  client: Dispatcher,
  question: Question,
  bounds: Bounds,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    new Exchange(question.url, bounds, false, resolve, reject).begin(client, question);
  });
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #url: URL;
  readonly #bounds: Bounds;
  readonly #keepsBody: boolean;
  readonly #resolve: (answered: Answered) => void;
  readonly #reject: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | null = null;
  #over = false;
  #interim = 0;
  #head: Head | null = null;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(
    url: URL,
    bounds: Bounds,
    keepsBody: boolean,
    resolve: (answered: Answered) => void,
    reject: (error: unknown) => void,
  ) {
    this.#url = url;
    this.#bounds = bounds;
    this.#keepsBody = keepsBody;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(this.#outOfTime, bounds.timeoutMs);
    bounds.signal.addEventListener('abort', this.#aborted);
  }

  begin(client: Dispatcher, { url, method, headers, body }: Question): void {
    const path = url.pathname + url.search;
    try {
      client.dispatch({ origin: url.origin, path, method, headers, body }, this);
    } catch (error) {
      this.#end(error);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It waited for a connection longer than anybody waited for it.
    if (this.#over) this.#hangUp();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Headers,
  ): void {
    if (status < 200) {
      this.#interim += 1;
      if (this.#interim > MOST_INTERIM) this.#breakOff(interimFailure(shownUrl(this.#url)));
      return;
    }
    this.#head = { status, headers, headAt: this.#bounds.now() };
    if (!this.#keepsBody) this.#resolve({ ...this.#head, body: Buffer.alloc(0), broken: null });
    if (Number(headers['content-length']) > this.#bounds.maxBytes) this.#tooLarge();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#bounds.maxBytes) this.#tooLarge();
    else if (this.#keepsBody) this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#end(null);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end(error);
  }

  readonly #outOfTime = (): void => {
    this.#breakOff(timeoutFailure(shownUrl(this.#url), this.#bounds.timeoutMs));
  };

  readonly #aborted = (): void => {
    this.#head = null;
    this.#breakOff(this.#bounds.signal.reason);
  };

  #tooLarge(): void {
    this.#breakOff(tooLargeFailure(shownUrl(this.#url), this.#bounds.maxBytes));
  }

  #breakOff(why: unknown): void {
    this.#end(why);
    this.#hangUp();
  }

  #hangUp(): void {
    this.#controller?.abort(new Error('the rest is not wanted'));
  }

  /** @param why null where the answer is whole */
  #end(why: unknown): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#bounds.signal.removeEventListener('abort', this.#aborted);
    const body = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    this.#chunks = [];
    if (this.#head) this.#resolve({ ...this.#head, body, broken: why });
    else this.#reject(why);
  }
}

/** Whether a connection that was kept open turned out to be closed just as it was used again. */
export function wasClosedUnused(error: unknown): boolean {
  const { code, socket } = error as { code?: unknown; socket?: { bytesRead?: unknown } };
  return !(error instanceof FetchError) && code === 'UND_ERR_SOCKET' && !!socket?.bytesRead;
}
