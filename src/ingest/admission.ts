/**
 * How much may be on its way from the network to the disk. A body takes memory in three ways, one after
 * the other: as what has come of it, until it is parsed; while it is parsed; and as what came of that,
 * until it is stored. The first and the last count here by their bytes, together up to a limit; past it
 * bodies are refused before they are read, or while they come. What parsing takes is bounded by how few
 * are parsed at a time (`ParseTurns`) and by the limits of each; and as what comes of it may be several
 * times as large as its body was (gzip, escapes), no parsing begins while half of the limit waits to be
 * stored. So what is held stays under one and a half times the limit and what two bodies can become.
 *
 * Bytes count once they have come, not when they are announced: a thousand connections that promise
 * 16 MiB each and send nothing hold nothing. Those that stop half way do; so a body must keep coming,
 * and where there is no room for one that comes, those that pause make it.
 */
import type { Clock } from '../watch/clock.ts';
import { ParseTurns } from './parse-turns.ts';
import { RefusedBodyError } from './refused-body.ts';

const MEBIBYTE = 1024 * 1024;
/** Within this time … */
const WINDOW_MS = 10_000;
/** … so much of a body must come, or its end. */
const WINDOW_BYTES = 16 * 1024;
/** One that sent nothing for so long makes room for those that do. */
const PAUSE_MS = 1000;
const SWEEP_MS = 1000;
/** Those refused together shall not come again together. */
const [SOONEST_S, LATEST_S] = [1, 4];

export interface AdmissionOptions {
  limitBytes: number;
  clock: Pick<Clock, 'after' | 'elapsed'>;
  /** From 0 to 1. */
  random?: () => number;
}

/** @param maxBodyBytes of one body */
export function admissionLimit(maxBodyBytes: number): number {
  return Math.max(64 * MEBIBYTE, 4 * maxBodyBytes);
}

/** One body on its way. Only the admission changes it. */
export interface Place {
  state: 'coming' | 'come' | 'parsing' | 'parsed' | 'left';
  /** Bytes that count for it. */
  held: number;
  /** What it was parsed as. */
  turnBytes: number;
  /** When its window began, and what came since. */
  windowAt: number;
  windowBytes: number;
  lastAt: number;
  dropped: (why: RefusedBodyError) => void;
}

export class Admission {
  readonly #limit: number;
  readonly #clock: AdmissionOptions['clock'];
  readonly #random: () => number;
  readonly #turns: ParseTurns;
  readonly #coming = new Set<Place>();
  #held = 0;
  /** Of that, what is parsed and waits to be stored. */
  #parsed = 0;
  #cancelSweep: (() => void) | null = null;

  constructor({ limitBytes, clock, random = Math.random }: AdmissionOptions) {
    this.#limit = limitBytes;
    this.#clock = clock;
    this.#random = random;
    this.#turns = new ParseTurns(() => this.#parsed < limitBytes / 2);
  }

  /** Bytes of bodies, and of what came of them, that are not stored yet. */
  get heldBytes(): number {
    return this.#held;
  }

  /**
   * Before a body is read. Whatever becomes of it, `leave` ends it.
   *
   * @param announced how long it says it is; null where it doesn't say
   * @param dropped called where it shall stop; it holds nothing any more
   * @throws RefusedBodyError overloaded
   */
  enter(announced: number | null, dropped: Place['dropped']): Place {
    this.#makeRoom(announced ?? 1);
    const at = this.#clock.elapsed();
    const nothing = { held: 0, turnBytes: 0, windowBytes: 0 };
    const place: Place = { state: 'coming', ...nothing, windowAt: at, lastAt: at, dropped };
    this.#coming.add(place);
    this.#sweepLater();
    return place;
  }

  /**
   * More of it has come.
   *
   * @param bytes that came
   * @param memory that holds them, beyond what held it so far
   * @throws RefusedBodyError overloaded
   */
  came(place: Place, bytes: number, memory: number): void {
    place.lastAt = this.#clock.elapsed();
    place.windowBytes += bytes;
    if (memory > 0) this.#makeRoom(memory);
    this.#hold(place, memory);
  }

  /** All of it has come. */
  whole(place: Place): void {
    place.state = 'come';
    this.#comesNoMore(place);
  }

  /** Resolves when it is its turn to be parsed. @param bytes it has at most, decompressed */
  async turn(place: Place, bytes: number): Promise<void> {
    await this.#turns.begin(bytes);
    place.state = 'parsing';
    place.turnBytes = bytes;
  }

  /** @param bytes of what came of it, which it holds from now on until it leaves */
  parsed(place: Place, bytes: number): void {
    this.#hold(place, bytes - place.held);
    this.#parsed += bytes;
    place.state = 'parsed';
    this.#turns.end(place.turnBytes);
  }

  leave(place: Place): void {
    const { state, held, turnBytes } = place;
    this.#comesNoMore(place);
    this.#hold(place, -held);
    place.state = 'left';
    if (state === 'parsed') this.#parsed -= held;
    if (state === 'parsing') this.#turns.end(turnBytes);
    else this.#turns.look();
  }

  #hold(place: Place, bytes: number): void {
    place.held += bytes;
    this.#held += bytes;
  }

  #makeRoom(bytes: number): void {
    while (this.#held + bytes > this.#limit) {
      const paused = this.#longestPaused();
      if (!paused) throw this.#overloaded();
      this.#drop(paused, this.#overloaded());
    }
  }

  #longestPaused(): Place | null {
    const before = this.#clock.elapsed() - PAUSE_MS;
    let found: Place | null = null;
    for (const place of this.#coming) {
      if (place.held > 0 && place.lastAt < (found?.lastAt ?? before)) found = place;
    }
    return found;
  }

  #overloaded(): RefusedBodyError {
    const seconds = SOONEST_S + Math.floor(this.#random() * (LATEST_S - SOONEST_S + 1));
    const problem = `${Math.floor(this.#held / MEBIBYTE)} MiB wait to be stored, and there is no room for more`;
    const message = `${problem}; nothing of this request was stored; send it again in ${seconds} s`;
    return new RefusedBodyError('overloaded', message, seconds);
  }

  #drop(place: Place, why: RefusedBodyError): void {
    this.leave(place);
    place.dropped(why);
  }

  #comesNoMore(place: Place): void {
    this.#coming.delete(place);
    if (this.#coming.size > 0) return;
    this.#cancelSweep?.();
    this.#cancelSweep = null;
  }

  #sweepLater(): void {
    this.#cancelSweep ??= this.#clock.after(SWEEP_MS, () => {
      this.#cancelSweep = null;
      this.#sweep();
      if (this.#coming.size > 0) this.#sweepLater();
    });
  }

  #sweep(): void {
    const now = this.#clock.elapsed();
    for (const place of this.#coming) {
      if (now - place.windowAt < WINDOW_MS) continue;
      if (place.windowBytes < WINDOW_BYTES) this.#drop(place, stalled(place.windowBytes));
      place.windowAt = now;
      place.windowBytes = 0;
    }
  }
}

function stalled(bytes: number): RefusedBodyError {
  const problem = `of the body ${bytes} bytes came in ${WINDOW_MS / 1000} s`;
  const message = `${problem}, so it was given up, and nothing of it was stored; send it again`;
  return new RefusedBodyError('stalled', message);
}
