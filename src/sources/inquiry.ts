/** One reading's questions to a source over HTTP: what was asked, and what it said. */
import type { ManifestFile } from '../lineage/manifest.ts';
import { shownUrl } from './address.ts';
import type { ConditionalCache } from './conditional-cache.ts';
import type { Answer, Fetcher } from './fetcher.ts';
import { parseJson } from './json.ts';
import type { SourceAnswer } from './source.ts';
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
    const [signal, conditional, transcript] = [this.#signal, this.#conditional, this.transcript];
    const answer = await this.#fetcher.get(url, { signal, conditional, transcript, alsoStatus });
    // Several answers are seen together only since the oldest of them.
    const since = [this.#seenSince, answer.seenSince].filter((time) => time !== null);
    this.#seenSince = since.length === 0 ? null : Math.min(...since);
    return answer;
  }

  /** @throws SourceError `not-json`, and as `ask` does */
  async askJson(url: URL): Promise<unknown> {
    return parseJson((await this.ask(url)).bytes, shownUrl(url), this.transcript);
  }

  answer(files: ManifestFile[] | null): SourceAnswer {
    return { files, seenSince: this.#seenSince, raw: this.transcript.raw() };
  }
}
