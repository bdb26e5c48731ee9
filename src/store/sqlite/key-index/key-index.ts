/**
 * From keys of 64 bits to row numbers. An index of SQLite's on random keys writes a random page for
 * each row, which costs most of the time at 10 million rows. Here the newest entries are in memory
 * and become a sorted run at 131,072; eight runs of one size become one of the next. So an entry is
 * written once for each size, along with its neighbours, and a key is looked for in some 20 runs at
 * most, of which filters leave one.
 *
 * The runs are derived: what is in none is read from the rows at the start.
 */
import type Database from 'better-sqlite3';
import type { Building } from './building.ts';
import { compact } from './compaction.ts';
import { Flush } from './flush.ts';
import { keyOf } from './key.ts';
import { Memory } from './memory.ts';
import { REFS } from './packed.ts';
import { Removal } from './removal.ts';
import { Runs } from './runs.ts';
import type { Work } from './work.ts';

export interface KeyEntry {
  /** Of which the first 8 bytes are the key. */
  hash: Uint8Array;
  ref: number;
}

export interface KeyIndexOptions {
  /** How many entries are gathered in memory for one run. */
  memoryEntries?: number;
  /** How many runs of one level are merged into one of the next. */
  fanOut?: number;
  /** No row has a ref below this one: what stands for such rows may be dropped. */
  firstRef?: () => number;
}

export class KeyIndex {
  readonly #fanOut: number;
  readonly #firstRef: () => number;
  readonly #sql;
  readonly #memory: Memory;
  readonly #runs: Runs;
  readonly #removal: Removal;
  #flush: Flush | null = null;
  /** By the level they merge. */
  readonly #merges = new Map<number, Building>();
  /** What was ever said to be in runs: a row up to here that comes now has the ref of one that was rolled back. */
  #covered: number;

  /**
   * @param name of the index: several share the tables
   * @param load entries of rows with a ref past `after`, in order of ref: what is in no run yet
   */
  constructor(
    client: Database.Database,
    name: string,
    load: (after: number) => Iterable<KeyEntry>,
    { memoryEntries = 131_072, fanOut = 8, firstRef = () => 0 }: KeyIndexOptions = {},
  ) {
    this.#fanOut = fanOut;
    this.#firstRef = firstRef;
    this.#sql = {
      begin: client.prepare('BEGIN IMMEDIATE'),
      commit: client.prepare('COMMIT'),
      rollBack: () => {
        // A full disk may have ended the transaction already.
        if (client.inTransaction) client.exec('ROLLBACK');
      },
    };
    this.#memory = new Memory(memoryEntries);
    this.#runs = new Runs(client, name);
    this.#removal = new Removal(this.#runs);
    this.#covered = this.#runs.lastRef;
    this.#load(load);
  }

  /**
   * Row numbers recorded under a key, the last added first, at most `limit`. There may be false ones
   * (of rows that are gone, or of another key's row): whoever asks looks at the row. None is missing.
   */
  refs(hash: Uint8Array, limit = Infinity): number[] {
    const key = keyOf(hash);
    const found: number[] = [];
    this.#memory.find(key, found, limit);
    this.#runs.find(key, found, limit);
    return found.length > 1 ? [...new Set(found)] : found;
  }

  /**
   * To be called in the transaction that adds the row. Where that is rolled back, the entry stays as
   * a false one, and a later row may get the same ref.
   * @param ref below 2⁴⁸
   */
  add(hash: Uint8Array, ref: number): void {
    if (!(ref >= 0 && ref < REFS)) throw new RangeError(`no row has the number ${ref}`);
    if (ref <= this.#covered) this.#runs.rows.uncover(ref);
    this.#memory.add(keyOf(hash), ref);
  }

  /** Whether `maintain` has something to do. */
  get isDue(): boolean {
    const { full } = this.#memory;
    return full !== null || this.#runs.leaving !== null || this.#mergeLevel !== null;
  }

  /**
   * One step in a transaction of its own: not to be called inside one. A million entries take about
   * 0.6 s of them, over time. Where a step fails, all is as it was before.
   * @param budgetMs how long it works; the commit (1 ms, or 10 with a checkpoint) comes on top
   * @returns whether there is more to do
   */
  maintain(budgetMs: number): boolean {
    const deadline = performance.now() + budgetMs;
    const work = this.#work();
    if (!work) return false;
    let takeOver: () => void;
    this.#sql.begin.run();
    try {
      takeOver = work.step(deadline);
      this.#sql.commit.run();
    } catch (error) {
      this.#sql.rollBack();
      throw error;
    }
    takeOver();
    return this.isDue;
  }

  /** Few rows are in no run, unless the index is new and the rows are old: then the runs are made here. */
  #load(load: (after: number) => Iterable<KeyEntry>): void {
    let after = this.#covered;
    let [more, canWrite] = [true, true];
    while (more) {
      more = false;
      for (const { hash, ref } of load(after)) {
        // Nothing can be written while rows are read.
        more = canWrite && this.#memory.full !== null && ref > after;
        if (more) break;
        this.#memory.add(keyOf(hash), ref);
        after = ref;
      }
      if (more) canWrite = this.#canFlush();
    }
  }

  /** A full disk is no reason not to start: memory holds the rest, and `maintain` says it again. */
  #canFlush(): boolean {
    try {
      while (this.#memory.full) this.maintain(Infinity);
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === 'SQLITE_FULL') return false;
      throw error;
    }
  }

  /** Memory must not grow; pages that go make room for those that come; small merges help most. */
  #work(): Work | null {
    const { full } = this.#memory;
    if (full) {
      this.#flush ??= new Flush(full, {
        memory: this.#memory,
        runs: this.#runs,
        past: () =>
          this.#runs.past(this.#firstRef()).filter(({ level }) => !this.#merges.has(level)),
        done: (run) => {
          this.#flush = null;
          this.#covered = Math.max(this.#covered, run.lastRef);
        },
      });
      return this.#flush;
    }
    if (this.#runs.leaving !== null) return this.#removal;
    const level = this.#mergeLevel;
    return level === null ? null : this.#merge(level);
  }

  get #mergeLevel(): number | null {
    return this.#runs.levelOf(this.#fanOut);
  }

  #merge(level: number): Building {
    const begun = this.#merges.get(level);
    if (begun) return begun;
    const olds = this.#runs.oldest(level, this.#fanOut);
    const merge = compact(this.#runs, olds, this.#firstRef(), () => this.#merges.delete(level));
    this.#merges.set(level, merge);
    return merge;
  }
}
