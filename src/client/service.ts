/** The service, as the client asks it: GET, a time limit, a size limit, no redirects, the key to its URL alone. */

import { ClientError } from './client-error.ts';
import type { Clock } from './clock.ts';

/** More than any label's timeline should be. */
const MOST_BYTES = 2 ** 20;

/** By how much the service's clock is ahead of ours, in ms. */
export interface Offset {
  least: number;
  most: number;
}

export interface Answer {
  json: unknown;
  /** Null where the service doesn't tell its time. */
  offset: Offset | null;
  /** How long a cache on the way had kept it, in ms. */
  cachedMs: number;
}

interface Means {
  url: URL;
  key: string | null;
  timeoutMs: number;
  clock: Clock;
}

export class Service {
  readonly #means: Means;
  readonly #asking = new Set<AbortController>();
  #closed = false;

  constructor(means: Means) {
    this.#means = means;
  }

  /** @param path below `/api/v1/`. @throws ClientError */
  async ask(path: string): Promise<Answer> {
    if (this.#closed) throw closed();
    const { timeoutMs, clock } = this.#means;
    const controller = new AbortController();
    this.#asking.add(controller);
    let stop = () => {};
    // A fetch that takes no notice of its signal is not waited for either.
    const late = new Promise<never>((_, reject) => {
      const cancel = clock.after(timeoutMs, () => reject(this.#timeout()));
      controller.signal.addEventListener('abort', () => reject(closed()));
      stop = cancel;
    });
    const asked = this.#fetch(path, controller.signal);
    asked.catch(() => {});
    late.catch(() => {});
    try {
      return await Promise.race([asked, late]);
    } finally {
      stop();
      this.#asking.delete(controller);
      // Whatever is still open of it is let go.
      controller.abort();
    }
  }

  /** Breaks off what is asked, and asks no more. */
  close(): void {
    this.#closed = true;
    for (const controller of this.#asking) controller.abort();
  }

  async #fetch(path: string, signal: AbortSignal): Promise<Answer> {
    const { url, key, clock } = this.#means;
    const headers: Record<string, string> = {
      accept: 'application/json',
      'cache-control': 'no-cache',
    };
    if (key !== null) headers.authorization = `Bearer ${key}`;
    const sentAt = clock.now();
    try {
      const target = new URL(`${url.pathname.replace(/\/+$/, '')}/api/v1/${path}`, url);
      // Not 'error': some edge runtimes know only these two, and neither do they follow this one.
      const response = await fetch(target, { headers, signal, redirect: 'manual' });
      const offset = offsetOf(response.headers, sentAt, clock.now());
      const text = await this.#textOf(response);
      if (!response.ok) throw this.#refusal(response, text);
      const age = Number(response.headers.get('age') ?? 0);
      return { json: parsed(text), offset, cachedMs: age > 0 ? age * 1000 : 0 };
    } catch (error) {
      throw error instanceof ClientError ? error : this.#unreachable(error);
    }
  }

  async #textOf({ headers, body }: Response): Promise<string> {
    if (Number(headers.get('content-length') ?? 0) > MOST_BYTES) throw this.#tooLarge();
    if (!body) return '';
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let [text, bytes] = ['', 0];
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      if (bytes > MOST_BYTES) throw this.#tooLarge();
      text += decoder.decode(value, { stream: true });
    }
  }

  #refusal({ status, type, headers }: Response, text: string): ClientError {
    const shown = this.#shown();
    if (type === 'opaqueredirect' || (status >= 300 && status < 400)) {
      const message = `${shown} sends elsewhere, and the key must not go there: nothing was followed. Give the client the service's own url.`;
      return new ClientError('redirected', message);
    }
    if (status === 404 && problemIn(text) === 'urn:underlabel:problem:unknown-label') {
      const message = `${shown} has no such label, so nothing is known of it; make it there, or name another`;
      return new ClientError('unknown-label', message);
    }
    const retryAfterMs = 1000 * (Number(headers.get('retry-after') ?? 0) || 0);
    const why =
      status === 401 || status === 403
        ? "give the client a key with the role 'read'"
        : "look at the service's log, and whether the client's url is the service's";
    const message = `${shown} answered ${status}: nothing new is known, and it is asked again. If it stays so, ${why}.`;
    return new ClientError('refused', message, { retryAfterMs });
  }

  #tooLarge(): ClientError {
    const message = `${this.#shown()} answered more than ${MOST_BYTES} bytes: it was not read to its end, and the next time less of the past is asked for`;
    return new ClientError('too-large', message);
  }

  #timeout(): ClientError {
    const message = `${this.#shown()} did not answer within ${this.#means.timeoutMs} ms: nothing new is known, and it is asked again`;
    return new ClientError('timeout', message);
  }

  #unreachable(cause: unknown): ClientError {
    const message = `no answer from ${this.#shown()}: nothing new is known, and it is asked again. Check that the service runs and the client's url.`;
    return new ClientError('unreachable', message, { cause });
  }

  /** Without user, query or fragment: they may hold a secret. */
  #shown(): string {
    const { origin, pathname } = this.#means.url;
    return `${origin}${pathname === '/' ? '' : pathname}`;
  }
}

function closed(): ClientError {
  return new ClientError('closed', 'the client was closed, so nothing more is asked');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = "the answer is no JSON, so nothing is taken from it; check the client's url";
    throw new ClientError('foreign-answer', message, { cause });
  }
}

function problemIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { type?: unknown } | null)?.type;
  } catch {
    return null;
  }
}

/** A Date says a second, and was said between the question and the answer. */
function offsetOf(headers: Headers, sentAt: number, receivedAt: number): Offset | null {
  const date = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(date) || receivedAt < sentAt) return null;
  return { least: date - receivedAt, most: date + 1000 - sentAt };
}
