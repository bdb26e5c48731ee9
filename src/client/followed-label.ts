/** One label, kept up to date in the background: one question at a time, further apart while they fail. */
import type { Span } from '../lineage/attribution.ts';
import { asClientError, type ClientError } from './client-error.ts';
import type { Clock } from './clock.ts';
import type { Report } from './guard.ts';
import { type Loaded, load } from './load.ts';
import { pause, staleAfterMs } from './pace.ts';
import type { Answer } from './service.ts';
import { type Tag, type TagProblem, tagOf, unknownTag } from './tag.ts';

export interface FollowMeans {
  ask: (path: string) => Promise<Answer>;
  /** Waits for a turn among all labels, and does the work where the application wants it done. */
  turn: <T>(work: () => Promise<T>) => Promise<T>;
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  timeoutMs: number;
  /** How far back tags of the past reach. */
  historyMs: number;
  report: Report;
}

interface Kept extends Loaded {
  /** When it was asked for, by both clocks: a wall clock may be set, the other one sleep. */
  wall: number;
  elapsed: number;
}

export class FollowedLabel {
  readonly name: string;
  readonly #means: FollowMeans;
  readonly #idle: (label: FollowedLabel) => boolean;
  #kept: Kept | null = null;
  #trouble: ClientError | null = null;
  #failures = 0;
  #historyMs: number;
  #flight: Promise<void> | null = null;
  /** By both clocks; from the first one on. */
  #due = { wall: 0, elapsed: 0 };
  #cancel = () => {};
  #closed = false;
  /** By `elapsed`. */
  lastAskedAt = 0;

  /** @param idle asked before each refresh: true ends it, nobody asks for the label any more */
  constructor(name: string, means: FollowMeans, idle: (label: FollowedLabel) => boolean) {
    this.name = name;
    this.#means = means;
    this.#idle = idle;
    this.#historyMs = means.historyMs;
  }

  /** It is wanted now. Where a timer slept (a suspended machine, an edge runtime) it is refreshed. */
  wanted(): void {
    const [wall, elapsed] = [this.#means.clock.now(), this.#means.clock.elapsed()];
    this.lastAskedAt = elapsed;
    const isDue = elapsed >= this.#due.elapsed || wall >= this.#due.wall;
    if (!this.#flight && isDue) this.#refresh();
  }

  /** What is under way to say something, or something newer than what is too old. */
  get loading(): Promise<void> | null {
    const held = this.#held();
    return held === null || held.stale ? this.#flight : null;
  }

  /** @param span as the application states it, in ms */
  tag(span: Span): Tag {
    const held = this.#held();
    const trouble = this.#trouble && { code: this.#trouble.code, message: this.#trouble.message };
    if (!held) return unknownTag(this.name, trouble ?? LOADING);
    return tagOf(this.name, span, held, this.#means.clock.now(), trouble);
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  #held() {
    const kept = this.#kept;
    if (!kept) return null;
    const { clock, timeoutMs } = this.#means;
    const { knowledge, offset, wall, elapsed, cachedMs } = kept;
    const ageMs = Math.max(clock.now() - wall, clock.elapsed() - elapsed, 0) + cachedMs;
    const stale = ageMs > staleAfterMs(knowledge.everyMs, timeoutMs);
    return { knowledge, offset, asOf: wall - cachedMs, ageMs, stale };
  }

  #refresh(): void {
    this.#cancel();
    if (this.#closed) return;
    this.#flight = this.#attempt().finally(() => {
      this.#flight = null;
    });
  }

  /** Never rejects. */
  async #attempt(): Promise<void> {
    const { turn, ask, clock } = this.#means;
    try {
      this.#kept = await turn(async () => {
        const [wall, elapsed] = [clock.now(), clock.elapsed()];
        const before = this.#kept?.knowledge ?? null;
        const loaded = await load(ask, this.name, before, wall - this.#historyMs);
        return { ...loaded, wall, elapsed };
      });
      this.#failures = 0;
      this.#trouble = null;
    } catch (thrown) {
      this.#failed(asClientError(thrown));
    }
    this.#schedule();
  }

  #failed(error: ClientError): void {
    if (this.#closed) return;
    this.#failures++;
    this.#trouble = error;
    if (error.code === 'too-large') this.#historyMs = Math.floor(this.#historyMs / 4);
    // A label that was removed for good, or never was, is known no longer.
    if (error.code === 'unknown-label') this.#kept = null;
    this.#means.report(error);
  }

  #schedule(): void {
    if (this.#closed) return;
    const { clock, random } = this.#means;
    const everyMs = this.#kept?.knowledge.everyMs ?? null;
    const ms = pause(everyMs, this.#failures, this.#trouble?.retryAfterMs ?? 0, random());
    this.#due = { wall: clock.now() + ms, elapsed: clock.elapsed() + ms };
    this.#cancel = clock.after(ms, () => {
      if (!this.#idle(this)) this.#refresh();
    });
  }
}

const LOADING: TagProblem = {
  code: 'loading',
  message: 'the service was asked for this label and has not answered yet',
};
