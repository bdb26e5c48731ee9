/** The one way in which anything is fetched from an address that a person gave. */
import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { allowList, checkUrl, guardedConnector, shownUrl } from './address.ts';
import { MAX_BODY_BYTES, readBody } from './body.ts';
import type { ConditionalCache } from './conditional-cache.ts';
import { bearers, type Credential } from './credentials.ts';
import { FetchError } from './fetch-error.ts';
import {
  echoFailure,
  retryAfter,
  statusFailure,
  timeoutFailure,
  transportFailure,
} from './fetch-failure.ts';

export interface Fetcher {
  /**
   * Asks once: no redirects, no retries.
   * @throws FetchError where there is no answer, or one with another status than 200 (or `alsoStatus`);
   * the signal's own reason where the caller aborts
   */
  get(url: string | URL, ask: Ask): Promise<Answer>;
  /**
   * Sends a body once and tells how it was answered, whatever the status; of the answer's own body
   * nothing is kept. No redirects, and no configured credential is sent.
   * @throws FetchError where there is no answer; the signal's own reason where the caller aborts
   */
  post(url: string | URL, what: Posting): Promise<Posted>;
  /** Ends every connection; what is still under way fails. */
  close(): Promise<void>;
}

export interface Ask {
  signal: AbortSignal;
  /** Remembers bodies, so that the source may answer "not modified". */
  conditional?: ConditionalCache;
  /** Statuses that are answers too, besides 200. */
  alsoStatus?: readonly number[];
}

export interface Posting {
  body: Buffer;
  headers: Record<string, string>;
  signal: AbortSignal;
}

export interface Posted {
  status: number;
  /** Seconds the other side asks to be left alone for; null where it doesn't. */
  retryAfterSeconds: number | null;
}

export interface Answer {
  /** 200 where the source answered "not modified". */
  status: number;
  /** The body itself, after decompression. */
  bytes: Buffer;
  notModified: boolean;
  /** Earliest instant (ms) at which a cache on the way may have seen this; null where none says so. */
  seenSince: number | null;
}

export interface FetcherOptions {
  /** Hosts that may be private or plain `http:`: a name, name:port or IP address. */
  allowHosts: readonly string[];
  /** By host as a URL writes it. */
  credentials: Record<string, Credential>;
  /** Of a body, also after decompression. */
  maxBytes?: number;
  /** For the whole of one answer. */
  timeoutMs?: number;
  now?: () => number;
  lookup?: LookupFunction;
}

const AGENT = 'underlabel';
/** Of an answer nobody asked for: so much is read, so that the connection can be used again. */
const MOST_DROPPED_BYTES = 16 * 1024;

/** @throws Error where a host or a token in the options can't be one */
export function createFetcher(options: FetcherOptions): Fetcher {
  const { maxBytes = MAX_BODY_BYTES, timeoutMs = 20_000, now = Date.now } = options;
  const allowed = allowList(options.allowHosts);
  const bearerFor = bearers(options.credentials, allowed);
  const agent = new Agent({
    connect: guardedConnector(allowed, options.lookup ?? systemLookup, timeoutMs),
    // One limit for the whole answer replaces the client's own, which a slow trickle restarts.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  /** Within the time there is; whatever goes wrong is told as a FetchError. */
  async function within<Result>(
    url: URL,
    caller: AbortSignal,
    exchange: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    caller.throwIfAborted();
    checkUrl(url, allowed);
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      return await exchange(AbortSignal.any([caller, timeout]));
    } catch (error) {
      caller.throwIfAborted();
      if (timeout.aborted && !(error instanceof FetchError)) {
        throw timeoutFailure(shownUrl(url), timeoutMs);
      }
      throw transportFailure(shownUrl(url), error);
    }
  }

  async function ask(url: URL, ask: Ask, signal: AbortSignal): Promise<Answer> {
    const bearer = await bearerFor(url);
    const known = ask.conditional?.get(url) ?? null;
    const response = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      headers: headersFor(bearer, known?.etag ?? null),
      signal,
    });
    const receivedAt = now();
    const { statusCode, headers } = response;
    const unchanged = statusCode === 304 ? known : null;
    const status = unchanged ? 200 : statusCode;
    const expected = status === 200 || (ask.alsoStatus ?? []).includes(status);
    if (unchanged) await response.body.dump();
    const reading = unchanged ? Promise.resolve(unchanged.body) : readBody(response, maxBytes);
    // Where the status says it all, a body that can't be read takes nothing away from it.
    const bytes = await (expected ? reading : reading.catch(() => Buffer.alloc(0)));
    const echo = bearer !== null && bytes.includes(bearer);
    if (!expected) throw statusFailure(shownUrl(url), status, headers, now(), echo ? null : bytes);
    if (echo) throw echoFailure(shownUrl(url));
    const etag = unchanged ? unchanged.etag : headers.etag;
    if (status === 200 && typeof etag === 'string') ask.conditional?.keep(url, etag, bytes);
    const notModified = unchanged !== null;
    return { status, bytes, notModified, seenSince: seenSince(headers, receivedAt) };
  }

  async function send(url: URL, { body, headers }: Posting, signal: AbortSignal): Promise<Posted> {
    const response = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'POST',
      headers: { 'user-agent': AGENT, ...headers },
      body,
      signal,
    });
    // Not waited for: it may never end. The time limit ends it.
    response.body.dump({ limit: MOST_DROPPED_BYTES }).catch(() => {});
    const retryAfterSeconds = retryAfter(response.headers['retry-after'], now());
    return { status: response.statusCode, retryAfterSeconds };
  }

  return {
    async get(address, what) {
      const url = new URL(address);
      return within(url, what.signal, (signal) => ask(url, what, signal));
    },
    async post(address, what) {
      const url = new URL(address);
      return within(url, what.signal, (signal) => send(url, what, signal));
    },
    close: () => agent.destroy(),
  };
}

function headersFor(bearer: string | null, etag: string | null): Record<string, string> {
  return {
    accept: 'application/json',
    'accept-encoding': 'gzip',
    'cache-control': 'no-cache',
    'user-agent': AGENT,
    ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
    ...(etag === null ? {} : { 'if-none-match': etag }),
  };
}

/** RFC 9111, section 1.2.2: a longer age than this is this. */
const OLDEST_SECONDS = 2 ** 31;

/** The answer's age runs until its headers came; a second more, because `Age` is in whole seconds. */
function seenSince(headers: Dispatcher.ResponseData['headers'], receivedAt: number): number | null {
  const age = [headers.age].flat()[0]?.trim() ?? '';
  if (!/^\d+$/.test(age)) return null;
  return receivedAt - Math.min(Number(age), OLDEST_SECONDS) * 1000 - 1000;
}
