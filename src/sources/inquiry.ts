/** One reading's questions to a source over HTTP: what was asked, and what it said. */
import { shownUrl } from '../fetch/address.ts';
import type { ConditionalCache } from '../fetch/conditional-cache.ts';
import { FetchError, type FetchErrorCode } from '../fetch/fetch-error.ts';
import type { Answer, Fetcher } from '../fetch/fetcher.ts';
import type { ManifestFile } from '../lineage/manifest.ts';
import { parseJson } from './json.ts';
import type { SourceAnswer, SourceError, SourceErrorCode } from './source.ts';
import { Transcript } from './transcript.ts';

export class Inquiry {
  readonly transcript = new Transcript();
  readonly #fetcher: Fetcher;
  readonly #conditional: ConditionalCache;
  readonly #signal: AbortSignal;
  #seenSince: number | null = null;

  constructor(fetcher: Fetcher, conditional: ConditionalCache, signal: AbortSignal) {
    this.#fetcher = fetcher;
    this.#conditional = conditional;
    this.#signal = signal;
    conditional.startReading();
  }

  /** @throws SourceError where there is no answer of status 200 or `alsoStatus` */
  async ask(url: URL, ...alsoStatus: number[]): Promise<Answer> {
    const [signal, conditional] = [this.#signal, this.#conditional];
    try {
      const answer = await this.#fetcher.get(url, { signal, conditional, alsoStatus });
      this.transcript.add(answer.bytes);
      // Several answers are seen together only since the oldest of them.
      const since = [this.#seenSince, answer.seenSince].filter((time) => time !== null);
      this.#seenSince = since.length === 0 ? null : Math.min(...since);
      return answer;
    } catch (error) {
      throw error instanceof FetchError ? this.#failed(error) : error;
    }
  }

  /** @throws SourceError `not-json`, and as `ask` does */
  async askJson(url: URL): Promise<unknown> {
    return parseJson((await this.ask(url)).bytes, shownUrl(url), this.transcript);
  }

  answer(files: ManifestFile[] | null): SourceAnswer {
    return { files, seenSince: this.#seenSince, raw: this.transcript.raw() };
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
