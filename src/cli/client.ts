/** The running service, as a command sees it: a question, and an answer or an error in plain words. */
import { holdName } from '../contract/hold.ts';
import { labelName } from '../contract/names.ts';
import type { Problem } from '../contract/problem.ts';
import { CommandError } from './exit.ts';
import { shown } from './plain.ts';

export const DEFAULT_URL = 'http://127.0.0.1:4318';

export interface Answer<T> {
  status: number;
  /** The body as it was sent. */
  text: string;
  body: T;
  /** The service's own clock (ms) when it answered: what "ago" counts from, wherever the command runs. */
  at: number;
}

/** What is too large to hold, and what to check it by once it is there. */
export interface Download {
  bytes: number;
  sha256: Buffer;
  /** Breaks off with a CommandError where the service does. */
  parts: AsyncIterable<Uint8Array>;
}

interface FlowOptions {
  query?: Query;
  headers?: Record<string, string>;
  /** Ends it: what waits then rejects with the signal's reason. */
  signal?: AbortSignal;
}

export type Query = Record<string, string | number | boolean | undefined>;

interface Sent {
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
}

export class Service {
  readonly #url: URL;
  readonly #key: string | null;

  /** @param key sent as a Bearer, and shown nowhere */
  constructor(url: URL, key: string | null) {
    this.#url = url;
    this.#key = key;
  }

  get<T>(path: string, query: Query = {}): Promise<Answer<T>> {
    return this.#ask<T>('GET', path, query);
  }

  /** @param json the body's text; left out, none is sent */
  send<T>(method: 'PUT' | 'POST' | 'DELETE', path: string, json?: string): Promise<Answer<T>> {
    return this.#ask<T>(method, path, {}, json);
  }

  /** @throws CommandError also where it comes without a length or a digest */
  async download(method: 'GET' | 'POST', path: string): Promise<Download> {
    const response = await this.#fetch(this.#urlOf(path), method);
    if (!response.ok) throw this.#refusal(response, await this.#textOf(response));
    const { headers, body } = response;
    const digest = /(?:^|, *)sha-256=:([A-Za-z0-9+/]{43}=):/.exec(headers.get('repr-digest') ?? '');
    const bytes = Number(headers.get('content-length') ?? Number.NaN);
    if (!digest || !body || !Number.isSafeInteger(bytes)) {
      await body?.cancel();
      throw this.#foreign(response);
    }
    return { bytes, sha256: Buffer.from(digest[1]!, 'base64'), parts: this.#partsOf(body) };
  }

  /**
   * What is read as it comes; breaks off with a CommandError where the service does.
   * @param type the media type that it must be of
   */
  async flow(
    path: string,
    type: string,
    options: FlowOptions = {},
  ): Promise<AsyncIterable<Uint8Array>> {
    const { query = {}, headers = {}, signal } = options;
    const init = { headers: { ...headers, accept: type }, ...(signal ? { signal } : {}) };
    const response = await this.#fetch(this.#urlOf(path, query), 'GET', init);
    if (!response.ok) throw this.#refusal(response, await this.#textOf(response));
    const { headers: sent, body } = response;
    if (sent.get('content-type')?.split(';')[0] !== type || !body) {
      await body?.cancel();
      throw this.#foreign(response);
    }
    return this.#partsOf(body, signal);
  }

  async #ask<T>(method: string, path: string, query: Query, json?: string): Promise<Answer<T>> {
    const sent = json === undefined ? {} : { body: json };
    const response = await this.#fetch(this.#urlOf(path, query), method, sent);
    const text = await this.#textOf(response);
    if (!response.ok) throw this.#refusal(response, text);
    if (response.status !== 204 && !isJson(response)) throw this.#foreign(response);
    const body = (text === '' ? null : JSON.parse(text)) as T;
    return { status: response.status, text, body, at: timeOf(response) };
  }

  #urlOf(path: string, query: Query = {}): URL {
    const url = new URL(`${this.#url.pathname.replace(/\/$/, '')}/api/v1/${path}`, this.#url);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }

  async #fetch(
    url: URL,
    method: string,
    { body, headers: more, signal }: Sent = {},
  ): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json', ...more };
    if (this.#key !== null) headers.authorization = `Bearer ${this.#key}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const sent = { method, headers, body: body ?? null, signal: signal ?? null };
    try {
      // A redirect is answered by none of ours; followed, it would carry the question elsewhere.
      return await fetch(url, { ...sent, redirect: 'manual' });
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      throw unreachable(this.#url, cause);
    }
  }

  async #textOf(response: Response): Promise<string> {
    try {
      return await response.text();
    } catch (cause) {
      throw unreachable(this.#url, cause);
    }
  }

  async *#partsOf(
    body: ReadableStream<Uint8Array>,
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      throw brokenOff(this.#url, cause);
    }
  }

  #refusal(response: Response, text: string): CommandError {
    const problem = problemIn(response, text);
    if (!problem) return this.#foreign(response);
    const hint =
      response.status === 401 && this.#key === null
        ? "\nNo key was sent: put one of the service's keys in UNDERLABEL_KEY."
        : '';
    return new RefusedError(problem, `${problemText(problem)}${hint}`);
  }

  #foreign(response: Response): CommandError {
    const kind = response.headers.get('content-type') ?? 'nothing';
    return new CommandError(
      'foreign-answer',
      `${shownUrl(this.#url)} answered ${response.status} with ${shown(kind)}, which is not Underlabel's way, so nothing is known. Check --url and UNDERLABEL_URL.`,
    );
  }
}

/** The service said no. */
export class RefusedError extends CommandError {
  readonly problem: Problem;

  constructor(problem: Problem, text: string) {
    super('refused', text);
    this.problem = problem;
  }
}

/** @throws CommandError `usage` where it can't be a label's name */
export function labelPath(name: string): string {
  const parsed = labelName.safeParse(name);
  if (parsed.success) return `labels/${encodeURIComponent(name)}`;
  const problem = parsed.error.issues[0]?.message;
  throw new CommandError('usage', `${shown(JSON.stringify(name))} can't be a label: ${problem}`);
}

/** @throws CommandError `usage` where it is no whole id of an artifact */
export function artifactPath(id: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(id)) return `artifacts/${encodeURIComponent(id)}`;
  const what = /^(sha256:)?[0-9a-f]{6,63}…?$/.test(id)
    ? 'is not the whole of an id'
    : 'is no id of an artifact';
  throw new CommandError(
    'usage',
    `${shown(JSON.stringify(id))} ${what}: that is 'sha256:' and 64 hex digits. 'underlabel label show NAME' shows those that were under a label.`,
  );
}

/** @throws CommandError `usage` where a path can't name it: `.` and `..` collapse on the way */
export function tracePath(id: string): string {
  // Paths of their own: a trace of such a name is found in lists.
  const taken = ['', '.', '..', 'export', 'stream'];
  if (!taken.includes(id)) return `traces/${encodeURIComponent(id)}`;
  throw new CommandError('usage', `${JSON.stringify(id)} can't be asked for by its id`);
}

/** @throws CommandError `usage` where it can't be a hold's name */
export function holdPath(name: string): string {
  const parsed = holdName.safeParse(name);
  if (parsed.success) return `holds/${encodeURIComponent(name)}`;
  const problem = parsed.error.issues[0]?.message;
  throw new CommandError('usage', `${shown(JSON.stringify(name))} can't be a hold: ${problem}`);
}

/** A problem in words: what happened, then one line for each wrong field. */
export function problemText({ title, detail, errors = [] }: Problem): string {
  const fields = errors.map(({ path, message }) => `  ${path ? `${path}: ` : ''}${message}`);
  // Where the detail is only the fields once more, the title says all that they don't.
  const repeats = errors.length > 0 && errors.every(({ message }) => detail.includes(message));
  return [repeats ? `${title}:` : detail, ...fields].map(shown).join('\n');
}

function problemIn(response: Response, text: string): Problem | null {
  if (!isJson(response)) return null;
  try {
    const problem = JSON.parse(text) as Partial<Problem>;
    return typeof problem.detail === 'string' ? (problem as Problem) : null;
  } catch {
    return null;
  }
}

function timeOf(response: Response): number {
  const at = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(at) ? Date.now() : at;
}

function isJson(response: Response): boolean {
  return /^application\/([\w.-]+\+)?json\b/.test(response.headers.get('content-type') ?? '');
}

function brokenOff(url: URL, cause: unknown): CommandError {
  const text = `the answer of ${shownUrl(url)} broke off (${reasonOf(cause)}). Look at the service's log, then try again.`;
  return new CommandError('unreachable', text, { cause });
}

function reasonOf(error: unknown): string {
  const reason = (error as { cause?: { code?: string; message?: string } }).cause;
  return reason?.code ?? reason?.message ?? String(error);
}

function unreachable(url: URL, cause: unknown): CommandError {
  return new CommandError(
    'unreachable',
    `no answer from ${shownUrl(url)} (${reasonOf(cause)}), so nothing is known to be done. Start the service with 'underlabel serve', or name another with --url or UNDERLABEL_URL.`,
    { cause },
  );
}

/** Without its query: that may hold a secret. */
function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname === '/' ? '' : url.pathname}`;
}
