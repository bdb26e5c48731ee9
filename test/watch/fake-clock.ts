/** Time that passes only when a test says so. */
import type { Clock } from '../../src/watch/clock.ts';

export class FakeClock implements Clock {
  #now: number;
  /** What the wall clock was set by, in all. */
  #steps = 0;
  #timers: { at: number; task: () => void }[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  now = (): number => this.#now;
  elapsed = (): number => this.#now - this.#steps;

  after(ms: number, task: () => void): () => void {
    const timer = { at: this.#now + Math.max(ms, 0), task };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Lets time pass, timer by timer, and what each sets off come to rest. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((one) => one !== due);
      this.#now = Math.max(this.#now, due.at);
      due.task();
      await atRest();
    }
    this.#now = end;
    await atRest();
  }

  /** The wall clock is set, by however much; timers go on as they were. */
  set(now: number): void {
    const by = now - this.#now;
    this.#now = now;
    this.#steps += by;
    for (const timer of this.#timers) timer.at += by;
  }
}

/** Once all that can happen without time or the network has happened. */
export function atRest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
