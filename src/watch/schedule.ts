/**
 * When what is due, for many things with one timer. By elapsed time: a wall clock that is set
 * neither holds anything up nor makes everything due at once.
 */
import TinyQueue from 'tinyqueue';
import type { Clock } from './clock.ts';

/** `item` is null where it was called off or put off: the heap finds that out when its time comes. */
interface Entry<T> {
  readonly at: number;
  item: T | null;
}

/** So many entries that were called off are left alone: clearing them out would cost more than it gives. */
const FEW = 64;

export class Schedule<T> {
  readonly #clock: Clock;
  readonly #grainMs: number;
  readonly #due: (item: T) => void;
  readonly #entries = new Map<T, Entry<T>>();
  #heap = heapOf<T>([]);
  #timer: { at: number; cancel: () => void } | null = null;

  /**
   * @param grainMs it looks so often at most: what is due in between is told of together, a little late
   * @param due called once for each item when its time has come, the earliest first
   */
  constructor(clock: Clock, grainMs: number, due: (item: T) => void) {
    this.#clock = clock;
    this.#grainMs = grainMs;
    this.#due = due;
  }

  /** How many entries it holds, those that were called off and not yet cleared out included. */
  get held(): number {
    return this.#heap.length;
  }

  /** From now on the item is due then, and at no other time. @param at as `Clock.elapsed` counts, ms */
  set(item: T, at: number): void {
    this.#callOff(item);
    const entry: Entry<T> = { at, item };
    this.#entries.set(item, entry);
    this.#heap.push(entry);
    this.#clearOut();
    this.#arm();
  }

  delete(item: T): void {
    this.#callOff(item);
    this.#entries.delete(item);
    this.#clearOut();
    if (this.#entries.size === 0) this.#disarm();
  }

  #callOff(item: T): void {
    const entry = this.#entries.get(item);
    if (entry) entry.item = null;
  }

  #clearOut(): void {
    if (this.#heap.length <= 2 * this.#entries.size + FEW) return;
    this.#heap = heapOf([...this.#entries.values()]);
  }

  /** The earliest that was not called off. */
  #earliest(): Entry<T> | undefined {
    while (this.#heap.peek()?.item === null) this.#heap.pop();
    return this.#heap.peek();
  }

  /** A timer that goes off for one that was called off finds nothing due, and is set anew. */
  #arm(): void {
    const earliest = this.#earliest();
    if (!earliest) return;
    const at = Math.ceil(earliest.at / this.#grainMs) * this.#grainMs;
    if (this.#timer && this.#timer.at <= at) return;
    this.#disarm();
    const ms = Math.ceil(at - this.#clock.elapsed());
    this.#timer = { at, cancel: this.#clock.after(ms, this.#wake) };
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  readonly #wake = () => {
    this.#timer = null;
    const now = this.#clock.elapsed();
    const due: T[] = [];
    for (let next = this.#earliest(); next && next.at <= now; next = this.#earliest()) {
      this.#heap.pop();
      due.push(next.item!);
    }
    for (const item of due) this.#entries.delete(item);
    this.#arm();
    for (const item of due) this.#due(item);
  };
}

function heapOf<T>(entries: Entry<T>[]): TinyQueue<Entry<T>> {
  return new TinyQueue(entries, (a, b) => a.at - b.at);
}
