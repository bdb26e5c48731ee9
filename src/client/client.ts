/** The client an application holds. Nothing of it throws, rejects, or waits longer than it was told to. */
import type { Span } from '../lineage/attribution.ts';
import { asClientError, ClientError } from './client-error.ts';
import { type Clock, systemClock } from './clock.ts';
import type { FollowMeans } from './followed-label.ts';
import { FollowedLabels } from './followed-labels.ts';
import { type OnError, quiet, type Report, reporter } from './guard.ts';
import { Service } from './service.ts';
import { type Settings, settingsOf } from './settings.ts';
import { type Tag, type TagRequest, unknownTag } from './tag.ts';
import { timeOf } from './times.ts';
import { Turns } from './turns.ts';

export interface ClientOptions {
  /** The service's, such as `http://127.0.0.1:4318`. */
  url: string | URL;
  /** A key with the role `read`, sent to that URL alone; none where the service has none. */
  key?: string | null | undefined;
  /** Followed from the start and for good; others from when they are first asked for. */
  labels?: readonly string[] | undefined;
  /** Told of each failed question, and of whatever else went wrong. */
  onError?: OnError | undefined;
  /** How long the service may take to answer, in ms. 5,000. */
  timeoutMs?: number | undefined;
  /** How many labels are followed at a time. 100. */
  maxLabels?: number | undefined;
  /** How far back what is known should reach, in ms. One hour. */
  historyMs?: number | undefined;
  /** Calls what asks the service: where an instrumentation of `fetch` is to be left out, say. */
  around?: ((ask: () => Promise<void>) => unknown) | undefined;
}

export interface UnderlabelClient {
  /** The tag, at once and from memory. The first tag of a label that is not followed yet knows nothing. */
  tag(request: TagRequest): Tag;
  /** The tag, once something is known of the label, or after `withinMs` (2,000) with what there is. Never rejects. */
  tagWhenLoaded(request: TagRequest, options?: { withinMs?: number }): Promise<Tag>;
  /** Follows a label from now on and for good. */
  follow(label: string): void;
  /** Ends all questions and timers. Tags know nothing from then on. */
  close(): void;
}

export interface Means {
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
}

const AT_ONCE = 4;
const WITHIN_MS = 2000;
const SYSTEM: Means = { clock: systemClock, random: Math.random };

/** Never throws: with options that can't be used, the tags and `onError` say so. */
export function createClient(options: ClientOptions): UnderlabelClient {
  return createClientWith(options, SYSTEM);
}

export function createClientWith(options: ClientOptions, means: Means): UnderlabelClient {
  let report: Report = () => {};
  try {
    report = reporter(options.onError);
    return new Client(settingsOf(options), means, report);
  } catch (thrown) {
    const error = asClientError(thrown);
    report(error);
    return new UnusableClient(error);
  }
}

class Client implements UnderlabelClient {
  readonly #service: Service;
  readonly #labels: FollowedLabels;
  readonly #clock: Clock;
  readonly #report: Report;
  #closed = false;

  constructor(settings: Settings, { clock, random }: Means, report: Report) {
    const { timeoutMs, historyMs, maxLabels } = settings;
    this.#clock = clock;
    this.#report = report;
    this.#service = new Service({ ...settings, clock });
    const turns = new Turns(AT_ONCE);
    const means: FollowMeans = {
      ask: (path) => this.#service.ask(path),
      turn: (work) => turns.take(() => around(settings.around, work)),
      ...{ clock, random, timeoutMs, historyMs, report },
    };
    this.#labels = new FollowedLabels(maxLabels, means);
    for (const label of settings.labels) this.follow(label);
  }

  tag(request: TagRequest): Tag {
    return this.#asked(request).tag();
  }

  async tagWhenLoaded(request: TagRequest, options?: { withinMs?: number }): Promise<Tag> {
    const { loading, tag } = this.#asked(request);
    if (loading) await this.#within(loading, withinOf(options));
    return tag();
  }

  follow(label: string): void {
    try {
      if (!this.#closed) this.#labels.follow(label);
    } catch (thrown) {
      this.#report(asClientError(thrown));
    }
  }

  close(): void {
    this.#closed = true;
    this.#labels.close();
    this.#service.close();
  }

  /** What was asked for, with the times it had then; total. */
  #asked(request: TagRequest): { loading: Promise<void> | null; tag: () => Tag } {
    let name = '';
    try {
      const given = request.label;
      name = typeof given === 'string' ? given : '';
      if (this.#closed)
        throw new ClientError('closed', 'the client was closed, so it knows nothing');
      const span = spanOf(request, this.#clock.now());
      const label = this.#labels.get(given);
      return { loading: label.loading, tag: () => label.tag(span) };
    } catch (thrown) {
      const { code, message } = asClientError(thrown);
      return { loading: null, tag: () => unknownTag(name, { code, message }) };
    }
  }

  async #within(loading: Promise<void>, ms: number): Promise<void> {
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = this.#clock.after(ms, resolve);
    });
    await Promise.race([loading, late]);
    cancel();
  }
}

class UnusableClient implements UnderlabelClient {
  readonly #error: ClientError;

  constructor(error: ClientError) {
    this.#error = error;
  }

  tag(request: TagRequest): Tag {
    const { code, message } = this.#error;
    return unknownTag(labelIn(request), { code, message });
  }

  async tagWhenLoaded(request: TagRequest): Promise<Tag> {
    return this.tag(request);
  }

  follow(): void {}
  close(): void {}
}

function labelIn(request: TagRequest): string {
  try {
    return typeof request.label === 'string' ? request.label : '';
  } catch {
    return '';
  }
}

/** @throws ClientError bad-request */
function spanOf({ startedAt, endedAt }: TagRequest, now: number): Span {
  const ended = endedAt === undefined ? null : timeOf(endedAt);
  const started = startedAt === undefined ? null : timeOf(startedAt);
  if ((endedAt !== undefined && !ended) || (startedAt !== undefined && !started)) {
    const message =
      'startedAt and endedAt are milliseconds since 1970, a Date, or RFC 3339 with a zone; of a trace without times nothing is known';
    throw new ClientError('bad-request', message);
  }
  const end = ended?.ceil ?? now;
  const start = started?.floor ?? ended?.floor ?? now;
  if (end < start) {
    throw new ClientError('bad-request', 'endedAt is before startedAt; such a trace never ran');
  }
  return { start, end };
}

function withinOf(options: { withinMs?: number } | undefined): number {
  try {
    const withinMs = options?.withinMs;
    return typeof withinMs === 'number' && withinMs >= 0
      ? Math.min(withinMs, 2 ** 31 - 1)
      : WITHIN_MS;
  } catch {
    return WITHIN_MS;
  }
}

/** Does the work as the application wants it, and in any case once. @param wrap calls it before it returns, or is not waited for */
async function around<T>(wrap: Settings['around'], work: () => Promise<T>): Promise<T> {
  if (!wrap) return work();
  const begun: Promise<T>[] = [];
  const once = () => (begun[0] ??= work());
  const settled = () => once().then(ignore, ignore);
  try {
    quiet(wrap(settled));
  } catch {}
  return once();
}

function ignore(): void {}
