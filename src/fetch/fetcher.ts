/** The one way in which anything is fetched from an address that a person gave. */
import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { allowList, checkUrl, guardedConnector, shownUrl } from './address.ts';
import { AGENT, askingHeaders, downloadHeaders } from './asking.ts';
import { MAX_BODY_BYTES, unpacked } from './body.ts';
import { createClient } from './client.ts';
import { bearers, type Credential } from './credentials.ts';
import { type Downloaded, download as downloadFrom } from './download.ts';
import type { DownloadHead } from './download-head.ts';
import {
  type Answered,
  exchange,
  headOfExchange,
  type Question,
  wasClosedUnused,
} from './exchange.ts';
import { echoFailure, retryAfter, statusFailure, transportFailure } from './fetch-failure.ts';
import { isOf, seenSince, sendable } from './freshness.ts';
import type { Patience } from './silence.ts';
import { webFetch } from './web-fetch.ts';

export type { Downloaded } from './download.ts';
export type { DownloadHead } from './download-head.ts';

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
  /**
   * Asks for a long answer and hands its body on in pieces, each once the one before was taken. Unpacked
   * bodies only, no redirects. The caller asks for the rest where it breaks off.
   * @returns how the answer began, and how many bytes were handed on
   * @throws FetchError as `get` does, its `body` at most the first 4 kB of an error text; what `onHead`
   * or `onChunk` threw; the signal's own reason where the caller aborts
   */
  download(url: string | URL, wanted: Download): Promise<Downloaded>;
  /**
   * The web's `fetch`, for libraries that take one: the same addresses are refused, no redirect is
   * followed, body and time are bounded, and a configured credential goes to its host unless the
   * caller sends another. It takes bytes, texts, Blobs and streams of this runtime as a body.
   * @throws FetchError where the web's would throw TypeError; so do the streams of bodies
   */
  fetch: typeof globalThis.fetch;
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

export interface Download extends Patience {
  signal: AbortSignal;
  /** First byte wanted, from 0, and last one; without both, the whole is asked for. */
  from?: number;
  to?: number;
  /** Of this answer's body. */
  maxBytes: number;
  /** Past `maxBytes`, drop the rest instead of failing. */
  cutAtMax?: boolean;
  /** For the whole of this answer. */
  timeoutMs: number;
  /** Statuses whose bodies are handed on too, besides 200, and 206 where a range is asked for. */
  alsoStatus?: readonly number[];
  /** With the head, before any byte. What it throws ends the download. */
  onHead?: (head: DownloadHead) => void | Promise<void>;
  onChunk: (chunk: Buffer) => void | Promise<void>;
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
  /** Of an answer to `fetch`. */
  webMaxBytes?: number;
  /** For the whole of one answer to `fetch`. */
  webTimeoutMs?: number;
  /** Connections to one origin at a time; what is asked beyond them waits, within its timeout. */
  connectionsPerHost?: number;
  /** Past so many connections in all, those to further hosts are not kept open between questions. */
  keptConnections?: number;
  /** Certificates (PEM) to trust in place of the usual ones. */
  ca?: string;
  now?: () => number;
  lookup?: LookupFunction;
}

/** Fifty Sui objects, 250 kB each at most, with room to spare. */
const WEB_MAX_BYTES = 32 * 1024 * 1024;
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
    const headers = askingHeaders(bearer, etag);
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

  async function download(address: string | URL, wanted: Download): Promise<Downloaded> {
    const { signal, from, to, alsoStatus = [], onHead = () => {}, cutAtMax = false } = wanted;
    const url = checked(address, signal);
    const bearer = await bearerFor(url);
    const ranged = from !== undefined || to !== undefined;
    const headers = downloadHeaders(bearer, wanted);
    signal.throwIfAborted();
    const accepted = (status: number) =>
      (status === 206 && ranged) || (status !== 206 && alsoStatus.includes(status));
    const question: Question = { url, method: 'GET', headers, body: null };
    const bounds = { ...wanted, accepted, bearer, onHead, cutAtMax, now };
    return downloadFrom(client, question, bounds);
  }

  function checked(address: string | URL, signal: AbortSignal): URL {
    signal.throwIfAborted();
    const url = typeof address === 'string' ? new URL(address) : address;
    checkUrl(url, allowed);
    return url;
  }

  const fetch = webFetch({
    ...{ client, bearerFor, now },
    check: (url) => checkUrl(url, allowed),
    maxBytes: options.webMaxBytes ?? WEB_MAX_BYTES,
    timeoutMs: options.webTimeoutMs ?? 60_000,
  });

  return { get, post, download, fetch, close: () => client.destroy() };
}

function holds(bytes: Buffer, bearer: string | null): boolean {
  return bearer !== null && bytes.includes(bearer);
}
