/**
 * Reads each watched label at its interval: source → reading → store.
 *
 *   schedule ─due─▶ read ─answer─▶ record ─▶ report
 *      ▲                              │
 *      └────────── pause ◀────────────┘
 *
 * One label is never read twice at a time; a read-now joins the read in flight.
 */
import type { SourceSpec } from '../contract/label.ts';
import { type Source, type SourceAnswer, SourceError } from '../sources/source.ts';
import type { LabelPage, Recorded, Store, WatchedReading } from '../store/store.ts';
import type { Clock } from './clock.ts';
import { firstPause, pause } from './pace.ts';

/** What the watch tells those who log and count. */
export interface WatchReport {
  recorded(recorded: Recorded, readMs: number): void;
  /** A reading was made and could not be recorded: it is lost, and the next one follows. */
  lost(label: string, error: unknown): void;
}

export interface WatchedLabel {
  name: string;
  source: SourceSpec;
  everyMs: number;
  lastAttemptAt: number | null;
  consecutiveFailures: number;
}

interface Means {
  store: Pick<Store, 'recordReading' | 'labels'>;
  /** Null for sources that have nothing to read. */
  openSource: (spec: SourceSpec) => Source | null;
  clock: Clock;
  report: WatchReport;
  random?: () => number;
}

/** A read in flight that was let go of: nothing of it is recorded. */
export class ReadDropped extends Error {
  override name = 'ReadDropped';
  readonly code: 'read-dropped' | 'stopping';

  constructor(code: 'read-dropped' | 'stopping') {
    const why =
      code === 'stopping'
        ? 'the service is stopping; ask again once it runs'
        : 'the label was removed or got another source while it was read; ask again';
    super(`nothing was recorded: ${why}`);
    this.code = code;
  }
}

interface Watch {
  name: string;
  spec: SourceSpec;
  source: Source;
  everyMs: number;
  failures: number;
  nextAt: number;
  cancel: () => void;
  inFlight: Promise<Recorded> | null;
  abort: AbortController;
}

const PAGE = 1000;

export class Watcher {
  readonly #means: Means & { random: () => number };
  readonly #watches = new Map<string, Watch>();
  #stopped = false;

  constructor(means: Means) {
    this.#means = { random: Math.random, ...means };
  }

  /** Watches every label of the store. */
  async start(): Promise<void> {
    const { store, clock } = this.#means;
    let before: LabelPage['before'] = null;
    do {
      const page = await store.labels({ before, limit: PAGE });
      for (const label of page) {
        const { everyMs, lastAttemptAt } = label;
        this.#open(label, firstPause(everyMs, lastAttemptAt, clock.now(), this.#means.random()));
      }
      before = page.length === PAGE ? page.at(-1)! : null;
    } while (before);
  }

  /** Takes up a label, or its new settings, and reads it at once. */
  put(label: WatchedLabel): void {
    const watch = this.#watches.get(label.name);
    if (watch && JSON.stringify(watch.spec) === JSON.stringify(label.source)) {
      watch.everyMs = label.everyMs;
      if (watch.inFlight) return;
      watch.cancel();
      this.#schedule(watch, 0);
      return;
    }
    this.remove(label.name);
    this.#open(label, 0);
  }

  /** Lets go of a label; a read in flight is dropped, unrecorded. */
  remove(name: string): void {
    const watch = this.#watches.get(name);
    if (!watch) return;
    watch.cancel();
    watch.abort.abort(new ReadDropped(this.#stopped ? 'stopping' : 'read-dropped'));
    this.#watches.delete(name);
  }

  /** When the label is read next, or null where it isn't watched. */
  nextAt(name: string): number | null {
    return this.#watches.get(name)?.nextAt ?? null;
  }

  /**
   * Reads now, or joins the read in flight. Null where there is nothing to read.
   * Rejects with ReadDropped where the label is let go of before the source has answered.
   */
  readNow(name: string): Promise<Recorded> | null {
    if (this.#stopped) return Promise.reject(new ReadDropped('stopping'));
    const watch = this.#watches.get(name);
    if (!watch) return null;
    watch.cancel();
    return this.#read(watch);
  }

  /** Ends all reads; resolves when none is in flight. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const reads = [...this.#watches.values()].map((watch) => watch.inFlight);
    for (const name of [...this.#watches.keys()]) this.remove(name);
    await Promise.allSettled(reads);
  }

  #open(label: WatchedLabel, delay: number): void {
    const source = this.#means.openSource(label.source);
    if (!source || this.#stopped) return;
    const { name, everyMs, consecutiveFailures: failures } = label;
    const abort = new AbortController();
    const idle = { nextAt: 0, cancel: () => {}, inFlight: null };
    const watch: Watch = { name, spec: label.source, source, everyMs, failures, abort, ...idle };
    this.#watches.set(name, watch);
    this.#schedule(watch, delay);
  }

  #schedule(watch: Watch, delay: number): void {
    if (this.#watches.get(watch.name) !== watch) return;
    watch.nextAt = this.#means.clock.now() + delay;
    watch.cancel = this.#means.clock.after(delay, () => {
      // Whoever asked for a reading hears of its failure; the schedule has told the report.
      this.#read(watch).catch(() => {});
    });
  }

  #read(watch: Watch): Promise<Recorded> {
    watch.inFlight ??= this.#readOnce(watch);
    return watch.inFlight;
  }

  async #readOnce(watch: Watch): Promise<Recorded> {
    const { store, clock, report, random } = this.#means;
    let retryAfterMs = 0;
    try {
      const { reading, retryAfterSeconds } = await this.#ask(watch);
      retryAfterMs = (retryAfterSeconds ?? 0) * 1000;
      watch.abort.signal.throwIfAborted();
      const recorded = await store.recordReading(watch.name, reading, clock.now());
      watch.failures = recorded.observation.outcome === 'failed' ? watch.failures + 1 : 0;
      report.recorded(recorded, reading.receivedAt - reading.requestedAt);
      return recorded;
    } catch (error) {
      if (!watch.abort.signal.aborted) {
        watch.failures++;
        report.lost(watch.name, error);
      }
      throw error;
    } finally {
      // In one go: a read-now that came between would call off the next reading.
      watch.inFlight = null;
      this.#schedule(watch, pause(watch.everyMs, watch.failures, retryAfterMs, random()));
    }
  }

  /** One question to the source; that it fails is an answer too. Only an abort throws. */
  async #ask(watch: Watch): Promise<{ reading: WatchedReading; retryAfterSeconds: number | null }> {
    const { clock } = this.#means;
    const { signal } = watch.abort;
    const requestedAt = clock.now();
    try {
      const { files, seenSince, raw }: SourceAnswer = await watch.source.read(signal);
      signal.throwIfAborted();
      const outcome =
        files === null ? ({ kind: 'absent' } as const) : ({ kind: 'artifact', files } as const);
      const times = { requestedAt, receivedAt: clock.now(), seenSince };
      return { reading: { ...times, outcome, answer: raw }, retryAfterSeconds: null };
    } catch (error) {
      signal.throwIfAborted();
      const failure = error instanceof SourceError ? error : null;
      const code = failure?.code ?? 'internal';
      const message = failure?.message ?? `the reading failed inside Underlabel: ${String(error)}`;
      const outcome = { kind: 'failed', code, message } as const;
      const times = { requestedAt, receivedAt: clock.now(), seenSince: null };
      const reading = { ...times, outcome, answer: failure?.raw ?? null };
      return { reading, retryAfterSeconds: failure?.retryAfterSeconds ?? null };
    }
  }
}
