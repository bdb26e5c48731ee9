/**
 * OpenGradient's Model Hub: the files of a release. No complete answer of the hub has been
 * captured, so every known form is read, and whatever else comes is `unknown-shape`: a failed
 * reading, never an absent model and never a change.
 */
import { globToRegExp } from '../contract/glob.ts';
import type { SourceSpec } from '../contract/label.ts';
import { shownUrl } from '../fetch/address.ts';
import { ConditionalCache } from '../fetch/conditional-cache.ts';
import type { ManifestFile } from '../lineage/manifest.ts';
import { hubFile, hubFileName } from './hub-file.ts';
import { type Chosen, chooseRelease, isEmpty, releaseList, releaseName } from './hub-release.ts';
import { Inquiry } from './inquiry.ts';
import { isObject, type JsonObject, parseJson, quoted } from './json.ts';
import type { Means } from './means.ts';
import { type Source, SourceError } from './source.ts';
import { checkedFiles } from './stated-files.ts';

type HubSpec = Extract<SourceSpec, { kind: 'model-hub' }>;

const PUBLIC_BASE = 'https://hub-api.opengradient.ai';
/** The public hub serves files from another host than models. */
const PUBLIC_FILES = 'https://api.opengradient.ai';

export function modelHub(spec: HubSpec, { fetcher }: Means): Source {
  const conditional = new ConditionalCache();
  return {
    host: new URL(spec.baseUrl ?? PUBLIC_BASE).host,
    async read(signal) {
      const reading = new HubReading(spec, new Inquiry(fetcher, conditional, signal));
      const model = await reading.model();
      if (model === null) return reading.inquiry.answer(null);
      const release = await reading.releaseOf(model);
      return reading.inquiry.answer(await reading.filesOf(release));
    },
  };
}

/** One reading: the model, then its release, then that release's files. */
class HubReading {
  readonly inquiry: Inquiry;
  readonly #spec: HubSpec;

  constructor(spec: HubSpec, inquiry: Inquiry) {
    this.#spec = spec;
    this.inquiry = inquiry;
  }

  /** Null: the hub says that it has no such model. */
  async model(): Promise<JsonObject | null> {
    const { model, author, baseUrl = PUBLIC_BASE } = this.#spec;
    const url = this.#address(baseUrl, model);
    if (author !== undefined) url.searchParams.set('authorUsername', author);
    const { status, bytes } = await this.inquiry.ask(url, 404);
    if (status === 404) return this.#absent(url, bytes);
    const answer = this.#clear(url, parseJson(bytes, shownUrl(url), this.inquiry.transcript));
    if (!isObject(answer)) throw this.#unknown(url, 'expected one model');
    this.#mustBe(url, answer.name, model);
    if (author !== undefined) this.#mustBe(url, answer.authorUsername, author);
    return answer;
  }

  async releaseOf(model: JsonObject): Promise<string> {
    const { model: name, version, baseUrl = PUBLIC_BASE } = this.#spec;
    const url = this.#address(baseUrl, name);
    const listed = releaseList(model);
    if (listed != null && !isEmpty(listed)) {
      return this.#chosen(url, chooseRelease(listed, version));
    }
    if (model.latestVersion != null && model.latestVersion !== '') {
      const latest = releaseName(model.latestVersion);
      if (latest === null) throw this.#unknown(url, 'its latestVersion is no version text');
      // It names one release; whether another one exists, only the list can say.
      if (version === 'latest' || version === latest) return latest;
    }
    const listUrl = this.#address(baseUrl, name, 'versions');
    const answer = this.#clear(listUrl, await this.inquiry.askJson(listUrl));
    const list = isObject(answer) ? releaseList(answer) : answer;
    return this.#chosen(listUrl, chooseRelease(list, version));
  }

  async filesOf(release: string): Promise<ManifestFile[]> {
    const { model, files: glob, baseUrl, filesUrl = baseUrl ?? PUBLIC_FILES } = this.#spec;
    const url = this.#address(filesUrl, model, 'versions', release, 'files');
    const answer = this.#clear(url, await this.inquiry.askJson(url));
    const [list, at] = isObject(answer) ? [answer.files, 'files'] : [answer, ''];
    if (!Array.isArray(list)) throw this.#unknown(url, 'expected a list of files, or {"files"}');
    const wanted = glob === undefined ? null : globToRegExp(glob);
    const matching = list.flatMap((item: unknown, index) => {
      const where = `${at}[${index}]`;
      const name = isObject(item) ? hubFileName(item) : null;
      if (name === null) throw this.#unknown(url, `${where} has no name that is known`);
      if (wanted && !wanted.test(name)) return [];
      const file = hubFile(item as JsonObject, where);
      if (typeof file === 'string') throw this.#unknown(url, file);
      return [file];
    });
    if (matching.length > 0) return checkedFiles(matching, shownUrl(url), this.inquiry.transcript);
    const none = wanted
      ? `none of its ${list.length} files matches ${quoted(glob)}`
      : 'it has no files';
    throw this.#failure('no-files', url, `release ${quoted(release)}: ${none}`);
  }

  #chosen(url: URL, chosen: Chosen): string {
    if ('release' in chosen) return chosen.release;
    // A release that isn't there has no files; that is understood, only not what was hoped for.
    throw this.#failure(chosen.missing ? 'no-files' : 'unknown-shape', url, chosen.problem);
  }

  /** Only the hub's own `{detail}` says "absent"; any other 404 may be a wrong address or a proxy. */
  #absent(url: URL, bytes: Buffer): null {
    let answer: unknown = null;
    try {
      answer = parseJson(bytes, shownUrl(url), this.inquiry.transcript);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
    }
    if (isObject(answer) && answer.detail != null) return null;
    throw this.#failure('http-status', url, 'status 404, but without the detail a Model Hub gives');
  }

  /** Some servers say 200 and mean an error. */
  #clear(url: URL, answer: unknown): unknown {
    const keys = isObject(answer) ? Object.keys(answer) : [];
    const isError = keys.length > 0 && keys.every((key) => key === 'detail' || key === 'error');
    if (isError) throw this.#unknown(url, 'it answered status 200 with an error in it');
    return answer;
  }

  #mustBe(url: URL, said: unknown, asked: string): void {
    if (said == null || said === asked) return;
    throw this.#unknown(url, `asked about ${quoted(asked)}, it answered about ${quoted(said)}`);
  }

  #address(base: string, ...segments: string[]): URL {
    const url = new URL(base);
    const path = ['api', 'v0', 'models', ...segments.map(encodeURIComponent)].join('/');
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
    url.search = '';
    url.hash = '';
    // A URL resolves these away, and another address would be asked.
    const dots = segments.find((segment) => segment === '.' || segment === '..');
    if (dots !== undefined) throw this.#unknown(url, `${quoted(dots)} can't stand in an address`);
    return url;
  }

  #unknown(url: URL, problem: string): SourceError {
    return this.#failure('unknown-shape', url, problem);
  }

  #failure(code: 'unknown-shape' | 'no-files' | 'http-status', url: URL, problem: string) {
    return this.inquiry.transcript.failure(
      code,
      `${shownUrl(url)}: ${problem}; so this reading says nothing about the label. Check the label's source, and what the hub answers there.`,
    );
  }
}
