/** The runs of an index: those that are asked, and those that are on their way out. */
import type Database from 'better-sqlite3';
import type { Key } from './key.ts';
import { Pages } from './pages.ts';
import { Run } from './run.ts';
import { RunRows } from './run-rows.ts';

export class Runs {
  readonly rows: RunRows;
  readonly pages: Pages;
  /** The newest first: what was merged is older than what wasn't yet. */
  #live: readonly Run[];
  /** Dead, or begun by a process that ended. */
  readonly #leaving: number[];

  constructor(client: Database.Database, index: string) {
    this.rows = new RunRows(client, index);
    this.pages = new Pages(client);
    const rows = this.rows.all();
    const live = rows.filter(({ state }) => state === 'live');
    this.#live = inOrder(live.map((row) => Run.load(row, this.pages)));
    this.#leaving = rows.filter(({ state }) => state !== 'live').map(({ id }) => id);
  }

  /** Every row up to it is in a run. */
  get lastRef(): number {
    return Math.max(-1, ...this.#live.map((run) => run.lastRef));
  }

  find(key: Key, found: number[], limit: number): void {
    for (const run of this.#live) {
      if (found.length >= limit) return;
      run.find(key, found, limit);
    }
  }

  /** The lowest level with at least `count` runs. */
  levelOf(count: number): number | null {
    let [level, there] = [-1, 0];
    for (const run of this.#live) {
      there = run.level === level ? there + 1 : 1;
      level = run.level;
      if (there >= count) return level;
    }
    return null;
  }

  /** The oldest `count` of a level, the newest of them first. */
  oldest(level: number, count: number): Run[] {
    return this.#live.filter((run) => run.level === level).slice(-count);
  }

  /** Those whose rows are all gone. */
  past(firstRef: number): Run[] {
    return this.#live.filter((run) => run.lastRef < firstRef);
  }

  /** `olds` are dead, and `run` is live. */
  replace(olds: readonly Run[], run: Run): void {
    const rest = this.#live.filter((one) => !olds.includes(one));
    this.#live = inOrder([...rest, run]);
    this.#leaving.push(...olds.map(({ id }) => id));
  }

  /** One whose pages have to go. */
  get leaving(): number | null {
    return this.#leaving[0] ?? null;
  }

  /** They are gone. */
  left(): void {
    this.#leaving.shift();
  }
}

function inOrder(runs: Run[]): Run[] {
  return runs.sort((a, b) => a.level - b.level || b.id - a.id);
}
