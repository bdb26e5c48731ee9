/** The one way in which anything is fetched from an address that a person gave. */
import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { allowList, checkUrl, guardedConnector, shownUrl } from './address.ts';
import { MAX_BODY_BYTES, readBody } from './body.ts';
import type { ConditionalCache } from './conditional-cache.ts';
import { bearers, type Credential } from './credentials.ts';
import { type Fail, statusFailure, timeoutFailure, transportFailure } from './fetch-failure.ts';
import { SourceError } from './source.ts';
import { Transcript } from './transcript.ts';

export interface Fetcher {
  /**
   * Asks once: no redirects, no retries.
   * @throws SourceError where there is no answer, or one with another status than 200 (or `alsoStatus`);
   * the signal's own reason where the caller aborts
   */
  get(url: string | URL, ask: Ask): Promise<Answer>;
  /** Ends every connection; what is still under way fails. */
  close(): Promise<void>;
}

export interface Ask {
  signal: AbortSignal;
  /** Remembers bodies, so that the source may answer "not modified". */
  conditional?: ConditionalCache;
  /** Where the body is added; errors carry what it holds. */
  transcript?: Transcript;
  /** Statuses that are answers too, besides 200. */
  alsoStatus?: readonly number[];
}

export interface Answer {
  /** 200 where the source answered "not modified". */
  status: number;
  /** The body as UTF-8; what isn't UTF-8 is replaced. */
  text: string;
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

  async function get(address: string | URL, ask: Ask): Promise<Answer> {
    const url = new URL(address);
    const { transcript = new Transcript() } = ask;
    const fail: Fail = (...words) => transcript.failure(...words);
    ask.signal.throwIfAborted();
    checkUrl(url, allowed);
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const signal = AbortSignal.any([ask.signal, timeout]);
      return await exchange(url, { ...ask, transcript }, signal, fail);
    } catch (error) {
      ask.signal.throwIfAborted();
      if (timeout.aborted && !(error instanceof SourceError)) {
        throw timeoutFailure(shownUrl(url), timeoutMs, fail);
      }
      throw transportFailure(shownUrl(url), error, fail);
    }
  }

  async function exchange(
    url: URL,
    ask: Ask & { transcript: Transcript },
    signal: AbortSignal,
    fail: Fail,
  ): Promise<Answer> {
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
    if (!echo) ask.transcript.add(bytes);
    if (!expected) throw statusFailure(shownUrl(url), status, headers, now(), fail);
    if (echo) throw echoFailure(shownUrl(url), fail);
    const etag = unchanged ? unchanged.etag : headers.etag;
    if (status === 200 && typeof etag === 'string') ask.conditional?.keep(url, etag, bytes);
    const text = bytes.toString('utf8');
    const notModified = unchanged !== null;
    return { status, text, bytes, notModified, seenSince: seenSince(headers, receivedAt) };
  }

  return { get, close: () => agent.destroy() };
}

function headersFor(bearer: string | null, etag: string | null): Record<string, string> {
  return {
    accept: 'application/json',
    'accept-encoding': 'gzip',
    'cache-control': 'no-cache',
    'user-agent': 'underlabel',
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

/** Bodies are kept and shown, credentials never: such a body is not kept. */
function echoFailure(shown: string, fail: Fail): SourceError {
  return fail(
    'unknown-shape',
    `${shown} answered with the very credential it was sent, so its answer was dropped. Renew the credential and look at the source.`,
  );
}
