/**
 * OpenGradient's Model Hub: the files of a release. No complete answer of the hub has been
 * captured, so every known form is read, and whatever else comes is `unknown-shape`: a failed
 * reading, never an absent model and never a change.
 */
import { globToRegExp } from '../contract/glob.ts';
import type { SourceSpec } from '../contract/label.ts';
import { shownUrl } from '../fetch/address.ts';
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

export function modelHub(spec: HubSpec, { fetcher, lastReadings }: Means): Source {
  const owner = {};
  return {
    host: new URL(spec.baseUrl ?? PUBLIC_BASE).host,
    async read(signal) {
      const inquiry = new Inquiry({ fetcher, lastReadings, owner, signal });
      const reading = new HubReading(spec, inquiry);
      const model = await reading.model();
      if (model === 'absent') return inquiry.answer(null);
      const release = model === 'listed apart' ? await reading.listedRelease() : model.release;
      return inquiry.answer(await reading.filesOf(release));
    },
  };
}

/** What the hub says of a model: nothing at all, which release is meant, or neither. */
type Model = 'absent' | { release: string } | 'listed apart';

/** One reading: the model, then its release, then that release's files. */
class HubReading {
  readonly #inquiry: Inquiry;
  readonly #spec: HubSpec;

  constructor(spec: HubSpec, inquiry: Inquiry) {
    this.#spec = spec;
    this.#inquiry = inquiry;
  }

  async model(): Promise<Model> {
    const { model, author, baseUrl = PUBLIC_BASE } = this.#spec;
    const url = this.#address(baseUrl, model);
    if (author !== undefined) url.searchParams.set('authorUsername', author);
    const understand = (body: Buffer, status: number): Model => {
      if (status === 404) return this.#absent(url, body);
      const answer = this.#clear(url, body);
      if (!isObject(answer)) throw this.#unknown(url, 'expected one model');
      this.#mustBe(url, answer.name, model);
      if (author !== undefined) this.#mustBe(url, answer.authorUsername, author);
      return this.#releaseIn(url, answer);
    };
    return this.#inquiry.ask(url, understand, 404);
  }

  #releaseIn(url: URL, model: JsonObject): Model {
    const { version } = this.#spec;
    const listed = releaseList(model);
    if (listed != null && !isEmpty(listed)) {
      return { release: this.#chosen(url, chooseRelease(listed, version)) };
    }
    if (model.latestVersion == null || model.latestVersion === '') return 'listed apart';
    const latest = releaseName(model.latestVersion);
    if (latest === null) throw this.#unknown(url, 'its latestVersion is no version text');
    // It names one release; whether another one exists, only the list can say.
    return version === 'latest' || version === latest ? { release: latest } : 'listed apart';
  }

  async listedRelease(): Promise<string> {
    const { model, version, baseUrl = PUBLIC_BASE } = this.#spec;
    const url = this.#address(baseUrl, model, 'versions');
    return this.#inquiry.ask(url, (body) => {
      const answer = this.#clear(url, body);
      const list = isObject(answer) ? releaseList(answer) : answer;
      return this.#chosen(url, chooseRelease(list, version));
    });
  }

  async filesOf(release: string): Promise<ManifestFile[]> {
    const { model, baseUrl, filesUrl = baseUrl ?? PUBLIC_FILES } = this.#spec;
    const url = this.#address(filesUrl, model, 'versions', release, 'files');
    return this.#inquiry.ask(url, (body) => this.#filesIn(url, this.#clear(url, body), release));
  }

  #filesIn(url: URL, answer: unknown, release: string): ManifestFile[] {
    const { files: glob } = this.#spec;
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
    if (matching.length > 0) return checkedFiles(matching, shownUrl(url), this.#inquiry.transcript);
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
  #absent(url: URL, body: Buffer): 'absent' {
    let answer: unknown = null;
    try {
      answer = parseJson(body, shownUrl(url), this.#inquiry.transcript);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
    }
    if (isObject(answer) && answer.detail != null) return 'absent';
    throw this.#failure('http-status', url, 'status 404, but without the detail a Model Hub gives');
  }

  /** Some servers say 200 and mean an error. */
  #clear(url: URL, body: Buffer): unknown {
    const answer = parseJson(body, shownUrl(url), this.#inquiry.transcript);
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
    return this.#inquiry.transcript.failure(
      code,
      `${shownUrl(url)}: ${problem}; so this reading says nothing about the label. Check the label's source, and what the hub answers there.`,
    );
  }
}
