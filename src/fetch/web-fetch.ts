/**
 * The same guarded client in the shape of the web's `fetch`, for libraries that take one. What they
 * ask may be named by others (storage nodes' addresses stand on the chain), so every answer is bounded.
 */
import { type Dispatcher, Headers, Response, fetch as undiciFetch } from 'undici';
import { shownUrl } from './address.ts';
import { AGENT } from './asking.ts';
import { encodingOf } from './body.ts';
import type { BearerFor } from './credentials.ts';
import { EchoWatch } from './echo.ts';
import { FetchError } from './fetch-error.ts';
import {
  echoFailure,
  encodingFailure,
  statusFailure,
  timeoutFailure,
  tooLargeFailure,
  transportFailure,
} from './fetch-failure.ts';

export interface WebFetchMeans {
  client: Dispatcher;
  /** @throws FetchError where the URL may not be asked */
  check: (url: URL) => void;
  bearerFor: BearerFor;
  /** Of the body. */
  maxBytes: number;
  /** For the whole of the answer. */
  timeoutMs: number;
  now: () => number;
}

/** Types of the client's own web classes differ a little from the global ones, which it stands in for. */
type Given = NonNullable<Parameters<typeof undiciFetch>[1]>;

export function webFetch(means: WebFetchMeans): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const request = typeof input === 'object' && 'url' in input ? input : null;
    const url = new URL(request?.url ?? String(input));
    const signal = init.signal ?? request?.signal ?? null;
    signal?.throwIfAborted();
    means.check(url);
    const bearer = await means.bearerFor(url);
    const asked = new Asked(url, bearer, signal, means);
    const given = {
      method: request?.method,
      body: request?.body,
      ...init,
      headers: headersFor(init.headers ?? request?.headers, bearer),
    } as unknown as Given;
    return asked.response(given) as unknown as Promise<globalThis.Response>;
  };
}

function headersFor(given: RequestInit['headers'], bearer: string | null): Headers {
  const headers = new Headers([...new globalThis.Headers(given)]);
  // Unpacking is work that the other side could multiply.
  headers.set('accept-encoding', 'identity');
  if (!headers.has('user-agent')) headers.set('user-agent', AGENT);
  if (bearer !== null && !headers.has('authorization')) {
    headers.set('authorization', `Bearer ${bearer}`);
  }
  return headers;
}

class Asked {
  readonly #url: URL;
  readonly #shown: string;
  readonly #bearer: string | null;
  readonly #signal: AbortSignal | null;
  readonly #means: WebFetchMeans;
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(url: URL, bearer: string | null, signal: AbortSignal | null, means: WebFetchMeans) {
    this.#url = url;
    this.#shown = shownUrl(url);
    this.#bearer = bearer;
    this.#signal = signal;
    this.#means = means;
    const outOfTime = () => this.#stop.abort(timeoutFailure(this.#shown, means.timeoutMs));
    // An answer that nobody reads to its end must not keep the process from ending.
    this.#timer = setTimeout(outOfTime, means.timeoutMs).unref();
    if (signal?.aborted) this.#aborted();
    signal?.addEventListener('abort', this.#aborted);
  }

  async response(given: Given): Promise<Response> {
    try {
      const answer = await undiciFetch(this.#url, {
        ...given,
        duplex: 'half',
        redirect: 'manual',
        dispatcher: this.#means.client,
        signal: this.#stop.signal,
      });
      this.#check(answer);
      const { status, statusText, headers } = answer;
      if (answer.body === null) this.#over();
      const body = answer.body === null ? null : this.#bounded(answer.body.getReader());
      const response = new Response(body, { status, statusText, headers });
      Object.defineProperty(response, 'url', { value: answer.url });
      return response;
    } catch (error) {
      throw this.#ended(error);
    }
  }

  /** What the head says is enough to refuse. */
  #check({ status, headers }: Response): void {
    const [bearer, shown, { maxBytes, now }] = [this.#bearer, this.#shown, this.#means];
    const all = Object.fromEntries(headers);
    if (bearer !== null && Object.values(all).some((value) => value.includes(bearer))) {
      throw echoFailure(shown);
    }
    if (status >= 300 && status < 400 && status !== 304) {
      throw statusFailure(shown, { status, headers: all }, now(), null);
    }
    const encoding = encodingOf(all);
    if (encoding !== null) throw encodingFailure(shown, encoding, 'identity');
    if (Number(all['content-length']) > maxBytes) throw tooLargeFailure(shown, maxBytes);
  }

  #bounded(reader: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> {
    const echo = new EchoWatch(this.#bearer);
    const { maxBytes } = this.#means;
    let bytes = 0;
    return new ReadableStream({
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read();
          if (done) {
            this.#over();
            return controller.close();
          }
          bytes += value.length;
          if (bytes > maxBytes) throw tooLargeFailure(this.#shown, maxBytes);
          if (echo.found(value)) throw echoFailure(this.#shown);
          controller.enqueue(value);
        } catch (error) {
          controller.error(this.#ended(error));
        }
      },
      cancel: () => void this.#ended(new Error('the rest is not wanted')),
    });
  }

  readonly #aborted = (): void => this.#stop.abort(this.#signal?.reason);

  #over(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#aborted);
  }

  /** Hangs up, whatever came so far. @returns why, in the terms of this room */
  #ended(error: unknown): unknown {
    this.#over();
    const stopped = this.#stop.signal;
    if (stopped.aborted) return stopped.reason;
    this.#stop.abort(error);
    // The web's fetch says of every failure only that it failed, and keeps the reason behind it.
    const { cause } = error as { cause?: unknown };
    const wrapped = error instanceof TypeError && cause instanceof Error;
    try {
      return transportFailure(this.#shown, wrapped ? cause : error);
    } catch {
      return wrapped ? notAsked(this.#shown, cause) : error;
    }
  }
}

/** The web refuses some ports, of mail servers say. */
function notAsked(shown: string, cause: Error): FetchError {
  const happened = `${shown} could not be asked: ${cause.message}`;
  return new FetchError('connect', { happened, toDo: 'Check the host and its port.' }, { cause });
}
