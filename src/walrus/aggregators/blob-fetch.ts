/**
 * The bytes of a blob from one aggregator into a file. Where an answer breaks off, the same aggregator
 * is asked for the rest; what one served is never completed from another.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { FetchError } from '../../fetch/fetch-error.ts';
import type { DownloadHead, Fetcher } from '../../fetch/fetcher.ts';
import type { Patience } from '../../fetch/silence.ts';
import type { SpoolFile } from './spool.ts';
import { tooLarge, Unavailable, unavailable } from './unavailable.ts';

export interface FetchBounds extends Patience {
  signal: AbortSignal;
  maxBytes: number;
  /** For all of it, waits and further questions included. */
  timeoutMs: number;
  /** Questions after the first; one that brought `PROGRESS_BYTES` doesn't count. */
  furtherTries: number;
  /** Before the first further question; doubled before each one after. */
  pauseMs: number;
  /** Whether an answer that broke off is completed from another one. */
  resumes: boolean;
  /** By a clock that is never set, ms. */
  elapsed: () => number;
}

export interface Fetched {
  /** From how many answers it was put together. */
  pieces: number;
  /** Whether the last answer said where it ends: if not, the bytes may be fewer than there are. */
  saysItsEnd: boolean;
}

/** A long blob through a proxy that cuts every answer short gets there all the same. */
const PROGRESS_BYTES = 16 * 2 ** 20;
/** An aggregator that asks to be left alone for longer is not asked again in this run. */
const MOST_WAITED_SECONDS = 5;

/**
 * @param into an empty file
 * @throws Unavailable; the signal's own reason where it is aborted
 */
export async function fetchBlob(
  fetcher: Fetcher,
  url: URL,
  into: SpoolFile,
  bounds: FetchBounds,
): Promise<Fetched> {
  return new BlobFetch(fetcher, url, into, bounds).run();
}

/** An answer to a question for the rest that can't be joined to what is there. */
class OtherRange extends Error {}

class BlobFetch {
  readonly #fetcher: Fetcher;
  readonly #url: URL;
  readonly #into: SpoolFile;
  readonly #bounds: FetchBounds;
  readonly #endsAt: number;
  #triesLeft: number;
  #pauseMs: number;
  #mayResume: boolean;
  #soughtAgain = false;
  #pieces = 0;
  /** Where the part that is being answered should end. */
  #endOfPart = Number.POSITIVE_INFINITY;
  /** Bytes of the whole, where an answer said so. */
  #total: number | null = null;

  constructor(fetcher: Fetcher, url: URL, into: SpoolFile, bounds: FetchBounds) {
    this.#fetcher = fetcher;
    this.#url = url;
    this.#into = into;
    this.#bounds = bounds;
    this.#endsAt = bounds.elapsed() + bounds.timeoutMs;
    this.#triesLeft = bounds.furtherTries;
    this.#pauseMs = bounds.pauseMs;
    this.#mayResume = bounds.resumes;
  }

  async run(): Promise<Fetched> {
    const { signal } = this.#bounds;
    for (;;) {
      const before = this.#into.bytes;
      try {
        const head = await this.#ask();
        if (this.#isWhole(head)) return { pieces: this.#pieces, saysItsEnd: head.saysItsEnd };
        await this.#goOn(null, before);
      } catch (error) {
        signal.throwIfAborted();
        await this.#goOn(error, before);
      }
    }
  }

  async #ask(): Promise<DownloadHead> {
    const from = this.#mayResume ? this.#into.bytes : 0;
    if (from === 0) await this.#begin();
    const { signal, maxBytes, headMs, idleMs, leastBytes, elapsed } = this.#bounds;
    let status = 200;
    return this.#fetcher.download(this.#url, {
      ...{ signal, maxBytes, headMs, idleMs, leastBytes },
      ...(from === 0 ? {} : { from, alsoStatus: [416] }),
      timeoutMs: Math.max(1, this.#endsAt - elapsed()),
      onHead: (head) => {
        status = head.status;
        return this.#onHead(head, from);
      },
      onChunk: async (chunk) => {
        if (status === 416) return;
        const bytes = this.#into.bytes + chunk.length;
        if (bytes > maxBytes) throw tooLarge(maxBytes);
        if (bytes > this.#endOfPart)
          throw new OtherRange('it answered with a longer part than it says');
        await this.#into.write(chunk);
      },
    });
  }

  async #begin(): Promise<void> {
    await this.#into.restart();
    this.#pieces = 0;
    this.#total = null;
  }

  async #onHead(head: DownloadHead, from: number): Promise<void> {
    const { maxBytes } = this.#bounds;
    this.#endOfPart = Number.POSITIVE_INFINITY;
    if (head.status === 206) {
      this.#total = joinable(head, from, this.#total);
      this.#endOfPart = head.range!.part!.last + 1;
    } else if (head.status === 416) return checkEnd(head, from, this.#total);
    else {
      if (from > 0) await this.#begin();
      this.#total = head.contentLength;
    }
    if ((this.#total ?? 0) > maxBytes) throw tooLarge(maxBytes);
    this.#pieces += 1;
    if (this.#total !== null) await this.#into.makeSureOf(this.#total - this.#into.bytes);
  }

  /** A part may be shorter than what was asked for. */
  #isWhole({ status, range }: DownloadHead): boolean {
    if (status !== 206) return true;
    const { bytes } = this.#into;
    return bytes === (this.#total ?? range!.part!.last + 1);
  }

  /**
   * Waits, where the same aggregator is worth another question.
   * @param error null where a part was shorter than asked for
   * @throws Unavailable where it isn't
   */
  async #goOn(error: unknown, before: number): Promise<void> {
    const { signal, maxBytes, elapsed } = this.#bounds;
    const failure = this.#failure(error, maxBytes);
    if (!this.#mayGoOn(error, before)) throw failure;
    if (error instanceof OtherRange) this.#mayResume = false;
    const asked = (failure.retryAfterSeconds ?? 0) * 1000;
    const pauseMs = Math.max(this.#pauseMs, asked);
    if (asked > MOST_WAITED_SECONDS * 1000 || elapsed() + pauseMs > this.#endsAt) throw failure;
    this.#pauseMs = Math.min(this.#pauseMs * 2, MOST_WAITED_SECONDS * 1000);
    await wait(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }

  #mayGoOn(error: unknown, before: number): boolean {
    if (error instanceof FetchError && error.status === 404) {
      if (this.#soughtAgain) return false;
      this.#soughtAgain = true;
      return true;
    }
    const worthIt =
      error === null || error instanceof OtherRange
        ? this.#mayResume
        : this.#brokeOff(error) || isPassing(error);
    if (!worthIt) return false;
    if (this.#into.bytes - before >= PROGRESS_BYTES) return true;
    this.#triesLeft -= 1;
    return this.#triesLeft >= 0;
  }

  /** In the middle, so that the rest can be asked for. */
  #brokeOff(error: unknown): boolean {
    if (!(error instanceof FetchError) || !this.#mayResume) return false;
    return error.code === 'reset' || (error.code === 'timeout' && this.#into.bytes > 0);
  }

  /** Once bytes came, whatever keeps the rest from coming is the lesser news. */
  #failure(error: unknown, maxBytes: number): Unavailable {
    const { bytes } = this.#into;
    const happened =
      error === null || error instanceof OtherRange
        ? `${this.#url.origin}: ${error?.message ?? 'each part was shorter than asked for'}.`
        : null;
    const why = happened === null ? unavailable(error, maxBytes) : null;
    if (why && (bytes === 0 || why.code === 'too-large' || why.code === 'spool')) return why;
    const outOf = this.#total === null ? '' : ` of ${this.#total}`;
    const message = `After ${bytes}${outOf} bytes it broke off, and the rest could not be had: ${happened ?? why!.message} It may work later.`;
    const retryAfterSeconds = why?.retryAfterSeconds ?? null;
    const code = why?.code === 'timeout' ? 'timeout' : 'truncated';
    return new Unavailable(code, message, { cause: error, retryAfterSeconds });
  }
}

/** 5xx, and no more than that: it may be over in a moment. */
function isPassing(error: unknown): boolean {
  return error instanceof FetchError && error.status !== null && error.status >= 500;
}

/** @returns bytes of the whole, where known. @throws OtherRange */
function joinable({ range, contentLength }: DownloadHead, from: number, total: number | null) {
  if (!range?.part || range.part.first !== from) {
    throw new OtherRange(`asked for what begins at ${from}, it answered with another part`);
  }
  const bytes = range.part.last - from + 1;
  if (contentLength !== null && contentLength !== bytes) {
    throw new OtherRange('it answered with a part that is not as long as it says');
  }
  if (total !== null && range.total !== null && range.total !== total) {
    throw new OtherRange('it answered with a part of another whole');
  }
  const whole = total ?? range.total;
  if (whole !== null && range.part.last >= whole) {
    throw new OtherRange('it answered with a part that lies past the end');
  }
  return whole;
}

/** Where nobody said how long the whole is, "nothing lies there" says that this was its end. @throws OtherRange */
function checkEnd({ range }: DownloadHead, from: number, total: number | null): void {
  if (total === null && range?.part === null && range.total === from) return;
  throw new OtherRange(`asked for what begins at ${from}, it says there is nothing`);
}
