/**
 * Reads each watched label at its interval: source → reading → store.
 *
 *   schedule ─due─▶ lanes ─turn─▶ question ─answer─▶ record ─▶ report
 *      ▲                                               │
 *      └────────────────── pause ◀─────────────────────┘
 *
 * One label is never read twice at a time; a read-now joins the read that waits or is in flight.
 */
import type { SourceSpec } from '../contract/label.ts';
import type { Source } from '../sources/source.ts';
import type { LabelPage, Recorded, Store } from '../store/store.ts';
import type { Clock } from './clock.ts';
import { type Confirmed, type Overdue, OverdueList, unconfirmedAtStart } from './deadline.ts';
import { Lanes, type Limits, Turn, USUAL_LIMITS } from './lanes.ts';
import { firstPause, pause } from './pace.ts';
import { type Asked, ask } from './question.ts';
import { Schedule } from './schedule.ts';

/** What the watch tells those who log and count. */
export interface WatchReport {
  /** @param readMs how long the source took @param lateMs how long after it was due the read began */
  recorded(recorded: Recorded, readMs: number, lateMs: number): void;
  /** A reading was made and could not be recorded: it is lost, and the next one follows. */
  lost(label: string, error: unknown): void;
}

export interface WatchedLabel extends Confirmed {
  name: string;
  source: SourceSpec;
  everyMs: number;
}

interface Means {
  store: Pick<Store, 'recordReading' | 'labels'>;
  /** Null for sources that have nothing to read. */
  openSource: (spec: SourceSpec) => Source | null;
  clock: Clock;
  report: WatchReport;
  random?: () => number;
  limits?: Limits;
  /** A label is overdue once it wasn't confirmed for so many of its intervals. */
  deadlineIntervals?: number;
}

/** A read that was let go of: nothing of it is recorded. */
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

/** There are thousands, and most are idle: what only a read needs is made for the read. */
interface Watch {
  readonly name: string;
  readonly spec: SourceSpec;
  readonly source: Source;
  everyMs: number;
  failures: number;
  /** When the next reading is due, or the one that waits or is in flight was; as `Clock.elapsed` counts. */
  dueAt: number;
  /** As of when it is confirmed, or taken up where it wasn't since; as `Clock.elapsed` counts. */
  confirmedAt: number;
  read: Read | null;
}

interface Read extends PromiseWithResolvers<Recorded> {
  readonly turn: Turn;
  readonly abort: AbortController;
}

const PAGE = 1000;
const DEADLINE_INTERVALS = 4;
/** Readings due within so much begin together: many at a time cost less than one by one. */
const GRAIN_MS = 250;

export class Watcher {
  readonly #means: Means & { random: () => number };
  readonly #deadlineIntervals: number;
  readonly #watches = new Map<string, Watch>();
  readonly #schedule: Schedule<Watch>;
  readonly #lanes: Lanes;
  #stopped = false;

  constructor(means: Means) {
    this.#means = { random: Math.random, ...means };
    this.#deadlineIntervals = means.deadlineIntervals ?? DEADLINE_INTERVALS;
    this.#lanes = new Lanes(means.limits ?? USUAL_LIMITS);
    this.#schedule = new Schedule(means.clock, GRAIN_MS, (watch) => this.#queue(watch, false));
  }

  /** Watches every label of the store. */
  async start(): Promise<void> {
    const { store, clock, random } = this.#means;
    let before: LabelPage['before'] = null;
    do {
      const page = await store.labels({ before, limit: PAGE });
      for (const label of page) {
        const { everyMs, lastAttemptAt } = label;
        const limitMs = this.#deadlineIntervals * everyMs;
        const unconfirmedMs = unconfirmedAtStart(label, clock.now(), limitMs);
        const pauseMs = firstPause(everyMs, lastAttemptAt, clock.now(), random());
        this.#open(label, pauseMs, unconfirmedMs);
      }
      before = page.length === PAGE ? page.at(-1)! : null;
    } while (before);
  }

  /** Takes up a label, or its new settings, and reads it at once. */
  put(label: WatchedLabel): void {
    const watch = this.#watches.get(label.name);
    if (watch && JSON.stringify(watch.spec) === JSON.stringify(label.source)) {
      watch.everyMs = label.everyMs;
      if (!watch.read) this.#readIn(watch, 0);
      return;
    }
    this.remove(label.name);
    this.#open(label, 0, 0);
  }

  /** Lets go of a label; a read that waits or is in flight is dropped, unrecorded. */
  remove(name: string): void {
    const watch = this.#watches.get(name);
    if (!watch) return;
    this.#watches.delete(name);
    this.#schedule.delete(watch);
    if (!watch.read) return;
    const { turn, abort, reject } = watch.read;
    abort.abort(new ReadDropped(this.#stopped ? 'stopping' : 'read-dropped'));
    // One in flight keeps its place until its source has let go.
    if (turn.state !== 'waiting') return;
    this.#lanes.end(turn);
    reject(abort.signal.reason);
  }

  /**
   * When the label is read next, wall clock; where a read waits or is in flight, when that was due.
   * Null where it isn't watched.
   */
  nextAt(name: string): number | null {
    const { clock } = this.#means;
    const watch = this.#watches.get(name);
    return watch ? Math.round(clock.now() + watch.dueAt - clock.elapsed()) : null;
  }

  /**
   * Reads now, before others that wait; or joins the read in flight. Null where there is nothing to read.
   * Rejects with ReadDropped where the label is let go of before the source has answered.
   */
  readNow(name: string): Promise<Recorded> | null {
    if (this.#stopped) return Promise.reject(new ReadDropped('stopping'));
    const watch = this.#watches.get(name);
    if (!watch) return null;
    if (watch.read) {
      this.#lanes.promote(watch.read.turn);
      return watch.read.promise;
    }
    this.#schedule.delete(watch);
    watch.dueAt = this.#means.clock.elapsed();
    return this.#queue(watch, true);
  }

  /**
   * Labels that were not confirmed within their deadline. One that was never read counts from when
   * it was taken up, or made. Labels that are pushed to are never among them: nothing here can read
   * them, so how old their readings may get is for those who push to say.
   */
  overdue(): Overdue {
    const list = new OverdueList();
    const now = this.#means.clock.elapsed();
    for (const { name, confirmedAt, everyMs } of this.#watches.values()) {
      const ms = now - confirmedAt;
      if (ms > this.#deadlineIntervals * everyMs) list.add(name, ms);
    }
    return list.overdue;
  }

  /** A label is overdue once it wasn't confirmed for so many of its intervals. */
  get deadlineIntervals(): number {
    return this.#deadlineIntervals;
  }

  /** How many labels are watched. */
  watched(): number {
    return this.#watches.size;
  }

  /** How many of them failed at their last reading. */
  unreadable(): number {
    let count = 0;
    for (const { failures } of this.#watches.values()) if (failures > 0) count++;
    return count;
  }

  /** Reads in flight. */
  get inFlight(): number {
    return this.#lanes.inFlight;
  }

  /** Reads that are due and wait for room. */
  get waiting(): number {
    return this.#lanes.waiting;
  }

  /** Ends all reads; resolves when none is in flight. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const reads = [...this.#watches.values()].map((watch) => watch.read?.promise);
    for (const name of [...this.#watches.keys()]) this.remove(name);
    await Promise.allSettled(reads);
  }

  #open(label: WatchedLabel, pauseMs: number, unconfirmedMs: number): void {
    const source = this.#means.openSource(label.source);
    if (!source || this.#stopped) return;
    const { name, everyMs, consecutiveFailures: failures } = label;
    const confirmedAt = this.#means.clock.elapsed() - unconfirmedMs;
    const idle = { dueAt: 0, confirmedAt, read: null };
    const watch: Watch = { name, spec: label.source, source, everyMs, failures, ...idle };
    this.#watches.set(name, watch);
    this.#readIn(watch, pauseMs);
  }

  #readIn(watch: Watch, ms: number): void {
    if (this.#watches.get(watch.name) !== watch) return;
    watch.dueAt = this.#means.clock.elapsed() + ms;
    this.#schedule.set(watch, watch.dueAt);
  }

  #queue(watch: Watch, urgent: boolean): Promise<Recorded> {
    const settle = Promise.withResolvers<Recorded>();
    // Whoever asked for a reading hears of its failure; otherwise the report has told of it.
    settle.promise.catch(() => {});
    const turn = new Turn(watch.source.host, urgent, () => settle.resolve(this.#read(watch, read)));
    const read: Read = { ...settle, turn, abort: new AbortController() };
    watch.read = read;
    this.#lanes.join(turn);
    return settle.promise;
  }

  async #read(watch: Watch, { turn, abort: { signal } }: Read): Promise<Recorded> {
    const { store, clock, report, random } = this.#means;
    const lateMs = Math.max(clock.elapsed() - watch.dueAt, 0);
    let pauseMs: number | null = null;
    try {
      const asked = await ask(watch.source, clock, signal).finally(() => this.#lanes.end(turn));
      signal.throwIfAborted();
      const recorded = await store.recordReading(watch.name, asked.reading, clock.now());
      pauseMs = this.#learn(watch, asked, recorded);
      report.recorded(recorded, asked.tookMs, lateMs);
      return recorded;
    } catch (error) {
      if (!signal.aborted) {
        watch.failures++;
        report.lost(watch.name, error);
      }
      throw error;
    } finally {
      // In one go: a read-now that came between would call off the next reading.
      watch.read = null;
      this.#readIn(watch, pauseMs ?? pause(watch.everyMs, watch.failures, 0, random()));
    }
  }

  /** What a reading says about the label's deadline and its next reading. @returns ms until that one */
  #learn(watch: Watch, { reading, retryAfterMs, beganAt }: Asked, { observation }: Recorded) {
    const { random } = this.#means;
    const { outcome, error, requestedAt } = observation;
    if (outcome === 'failed') {
      watch.failures++;
      // Its own clock is no reason to leave a source alone: once that goes right again, readings count.
      const failures = error?.code === 'clock' ? 1 : watch.failures;
      return pause(watch.everyMs, failures, retryAfterMs, random());
    }
    watch.failures = 0;
    // What a cache answered was seen, and so asked, before this.
    watch.confirmedAt = beganAt - Math.max(reading.requestedAt - requestedAt, 0);
    return pause(watch.everyMs, 0, 0, random());
  }
}
