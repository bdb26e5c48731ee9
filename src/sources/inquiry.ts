/** One reading's questions to a source: what was asked, what it said, and what of that is new. */
import { FetchError, type FetchErrorCode } from '../fetch/fetch-error.ts';
import type { Answer, Fetcher } from '../fetch/fetcher.ts';
import type { ManifestFile } from '../lineage/manifest.ts';
import type { LastReading, LastReadings, Said } from './last-readings.ts';
import type { SourceAnswer, SourceError, SourceErrorCode } from './source.ts';
import { Transcript } from './transcript.ts';

/** What an answer means. It must follow from the answer alone: the same one isn't understood twice. */
export type Understand<Meaning> = (body: Buffer, status: number) => Meaning;

interface Asking {
  fetcher: Fetcher;
  lastReadings: LastReadings;
  /** Whose readings these are; one object a source. */
  owner: object;
  signal: AbortSignal;
}

export class Inquiry {
  readonly transcript = new Transcript();
  readonly #asking: Asking;
  readonly #last: LastReading | null;
  readonly #said = new Map<string, Said>();
  #news = false;
  #seenSince: number | null = null;

  constructor(asking: Asking) {
    this.#asking = asking;
    this.#last = asking.lastReadings.take(asking.owner);
  }

  /** @throws SourceError where there is no answer of status 200 or `alsoStatus`, and what `understand` throws */
  async ask<Meaning>(
    url: URL,
    understand: Understand<Meaning>,
    ...alsoStatus: number[]
  ): Promise<Meaning> {
    const before = this.#last?.said.get(url.href);
    const answer = await this.#fetch(url, before?.etag ?? null, alsoStatus);
    if (answer.seenSince !== null) {
      // Several answers are seen together only since the oldest of them.
      this.#seenSince = Math.min(answer.seenSince, this.#seenSince ?? answer.seenSince);
    }
    const etag = answer.status === 200 || answer.status === 304 ? answer.etag : null;
    if (before && answer.status === 304) {
      this.transcript.add(before.text);
      return this.#sameAs<Meaning>(before, url, etag);
    }
    return this.hear(url, answer.bytes, understand, answer.status, etag);
  }

  /** Takes in an answer, however it came. */
  hear<Meaning>(
    url: URL,
    body: Buffer,
    understand: Understand<Meaning>,
    status = 200,
    etag: string | null = null,
  ): Meaning {
    this.transcript.add(body);
    const before = this.#last?.said.get(url.href);
    const text = body.toString('latin1');
    if (before && before.status === status && before.text === text) {
      return this.#sameAs<Meaning>(before, url, etag);
    }
    const understood = understand(body, status);
    this.#news = true;
    this.#said.set(url.href, { status, etag, text, understood });
    return understood;
  }

  /** Ends the reading. */
  answer(files: ManifestFile[] | null): SourceAnswer {
    const { lastReadings, owner } = this.#asking;
    const last = this.#last;
    const same = last !== null && !this.#news && this.#said.size === last.said.size;
    const raw = same ? last.raw : this.transcript.raw();
    if (raw) {
      if (!same) shareText(this.#said, raw.body);
      lastReadings.keep(owner, { said: this.#said, raw });
    }
    return { files, seenSince: this.#seenSince, raw };
  }

  #sameAs<Meaning>(before: Said, url: URL, etag: string | null): Meaning {
    this.#said.set(url.href, before.etag === etag ? before : { ...before, etag });
    // What is kept under a URL was understood by whoever asks there now.
    return before.understood as Meaning;
  }

  async #fetch(url: URL, etag: string | null, alsoStatus: readonly number[]): Promise<Answer> {
    const { fetcher, signal } = this.#asking;
    try {
      return await fetcher.get(url, { signal, etag, alsoStatus });
    } catch (error) {
      throw error instanceof FetchError ? this.#failed(error) : error;
    }
  }

  /** What a failed fetch means for a label: nothing at all. */
  #failed(cause: FetchError): SourceError {
    if (cause.body) this.transcript.add(cause.body);
    const { code, happened, toDo, retryAfterSeconds } = cause;
    const message = `${happened}, so this reading says nothing about the label. ${toDo}`;
    return this.transcript.failure(readingCode(code), message, { cause, retryAfterSeconds });
  }
}

/** To a reader of labels, what can't be unpacked can't be read, and what holds a secret isn't. */
function readingCode(code: FetchErrorCode): SourceErrorCode {
  if (code === 'bad-encoding') return 'not-json';
  return code === 'echoed-credential' ? 'unknown-shape' : code;
}

/** Where every character is a byte, the evidence holds the texts already: they become parts of it. */
function shareText(said: Map<string, Said>, whole: string | null): void {
  const texts = [...said.values()];
  const length = texts.reduce((sum, { text }) => sum + text.length, 0);
  if (whole?.length !== length) return;
  let at = 0;
  for (const one of texts) {
    one.text = whole.slice(at, at + one.text.length);
    at += one.text.length;
  }
}
