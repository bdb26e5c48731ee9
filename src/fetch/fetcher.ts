/** The one way in which anything is fetched from an address that a person gave. */
import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { allowList, checkUrl, guardedConnector, shownUrl } from './address.ts';
import { MAX_BODY_BYTES, unpacked } from './body.ts';
import { createClient } from './client.ts';
import { bearers, type Credential } from './credentials.ts';
import {
  type Answered,
  exchange,
  type Headers,
  headOfExchange,
  type Question,
  wasClosedUnused,
} from './exchange.ts';
import { echoFailure, retryAfter, statusFailure, transportFailure } from './fetch-failure.ts';

export interface Fetcher {
  /**
   * Asks once, and follows no redirect. (Where a connection that was kept open turns out to be
   * closed as it is used again, the question goes out on another one: RFC 9110, section 9.2.2.)
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
  /** Of the answer that the caller still has: it may come to "not modified" (RFC 9110, section 13.1.2). */
  etag?: string | null;
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
  /** 304 only where `etag` was sent, and the answer is of no other version. */
  status: number;
  /** After decompression. */
  bytes: Buffer;
  /** What to send next time; null where there is none that can be sent. */
  etag: string | null;
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
  /** Connections to one origin at a time; what is asked beyond them waits, within its timeout. */
  connectionsPerHost?: number;
  /** Past so many connections in all, those to further hosts are not kept open between questions. */
  keptConnections?: number;
  /** Certificates (PEM) to trust in place of the usual ones. */
  ca?: string;
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
  const { lookup = systemLookup, ca } = options;
  const client = createClient({
    connect: guardedConnector(allowed, { lookup, timeout: timeoutMs, ca }),
    connectionsPerHost: options.connectionsPerHost ?? 64,
    keptConnections: options.keptConnections ?? 1000,
  });

  async function get(address: string | URL, ask: Ask): Promise<Answer> {
    const { signal, etag = null, alsoStatus = [] } = ask;
    const url = checked(address, signal);
    const bearer = await bearerFor(url);
    const headers = headersFor(bearer, etag);
    const answered = await asked(url, { url, method: 'GET', headers, body: null }, signal);
    const unchanged = answered.status === 304 && isOf(etag, answered.headers);
    const expected = answered.status === 200 || unchanged || alsoStatus.includes(answered.status);
    if (!expected) {
      throw statusFailure(shownUrl(url), answered, now(), evidence(url, answered, bearer));
    }
    const bytes = bodyOf(url, answered);
    if (holds(bytes, bearer)) throw echoFailure(shownUrl(url));
    return {
      status: answered.status,
      bytes,
      etag: sendable(answered.headers.etag ?? (unchanged ? etag : null)),
      seenSince: seenSince(answered.headers, answered.headAt),
    };
  }

  async function asked(url: URL, question: Question, signal: AbortSignal): Promise<Answered> {
    const bounds = { signal, timeoutMs, maxBytes, now };
    try {
      return await exchange(client, question, bounds).catch((error: unknown) => {
        if (signal.aborted || !wasClosedUnused(error)) throw error;
        return exchange(client, question, bounds);
      });
    } catch (error) {
      signal.throwIfAborted();
      throw transportFailure(shownUrl(url), error);
    }
  }

  /** @throws FetchError where it did not come whole, or can't be unpacked */
  function bodyOf(url: URL, { headers, body, broken }: Answered): Buffer {
    try {
      if (broken !== null) throw broken;
      return unpacked(shownUrl(url), headers, body, maxBytes);
    } catch (error) {
      throw transportFailure(shownUrl(url), error);
    }
  }

  /** Where the status says it all, a body that can't be read takes nothing away from it. */
  function evidence(url: URL, answered: Answered, bearer: string | null): Buffer | null {
    try {
      const bytes = bodyOf(url, answered);
      return holds(bytes, bearer) ? null : bytes;
    } catch {
      return Buffer.alloc(0);
    }
  }

  async function post(address: string | URL, { body, headers, signal }: Posting): Promise<Posted> {
    const url = checked(address, signal);
    const lines = ['user-agent', AGENT, ...Object.entries(headers).flat()];
    const question: Question = { url, method: 'POST', headers: lines, body };
    const bounds = { signal, timeoutMs, maxBytes: MOST_DROPPED_BYTES, now };
    try {
      const answered = await headOfExchange(client, question, bounds);
      const retryAfterSeconds = retryAfter(answered.headers['retry-after'], now());
      return { status: answered.status, retryAfterSeconds };
    } catch (error) {
      signal.throwIfAborted();
      throw transportFailure(shownUrl(url), error);
    }
  }

  function checked(address: string | URL, signal: AbortSignal): URL {
    signal.throwIfAborted();
    const url = typeof address === 'string' ? new URL(address) : address;
    checkUrl(url, allowed);
    return url;
  }

  return { get, post, close: () => client.destroy() };
}

const ASKING = [
  ...['accept', 'application/json'],
  ...['accept-encoding', 'gzip'],
  ...['cache-control', 'no-cache'],
  ...['user-agent', AGENT],
];

function headersFor(bearer: string | null, etag: string | null): string[] {
  const headers = [...ASKING];
  if (bearer !== null) headers.push('authorization', `Bearer ${bearer}`);
  if (etag !== null) headers.push('if-none-match', etag);
  return headers;
}

function holds(bytes: Buffer, bearer: string | null): boolean {
  return bearer !== null && bytes.includes(bearer);
}

/** What may stand in a header; some servers leave the quotes out. */
const ETAG = /^[\x21-\x7e]{1,256}$/;

function sendable(etag: string | string[] | null): string | null {
  return typeof etag === 'string' && ETAG.test(etag) ? etag : null;
}

/** Whether "not modified" is said of the version that was asked about (or of none by name). */
function isOf(etag: string | null, { etag: said }: Headers): boolean {
  if (etag === null) return false;
  return said === undefined || `${said}`.replace(/^W\//, '') === etag.replace(/^W\//, '');
}

/** RFC 9111, section 1.2.2: a longer age than this is this. */
const OLDEST_SECONDS = 2 ** 31;

/** The answer's age runs until its headers came; a second more, because `Age` is in whole seconds. */
function seenSince({ age }: Headers, headAt: number): number | null {
  const seconds = [age].flat()[0]?.trim() ?? '';
  if (!/^\d+$/.test(seconds)) return null;
  return headAt - Math.min(Number(seconds), OLDEST_SECONDS) * 1000 - 1000;
}
