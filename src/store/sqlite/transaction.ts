/** Units of work on the one connection: several may share a commit, and each stands or falls alone. */
import { StoreError } from '../errors.ts';
import type { Db } from './open.ts';
import { newestRecordedAt } from './watermark.ts';

const FULL = new Set(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'ENOSPC']);
/** A commit takes no more units on once it lasts this long: others want their turn. */
const LONGEST_COMMIT_MS = 15;

/** What others wait for. */
export type Told = 'events' | 'traces';

interface Unit {
  work: () => unknown;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

export class UnitOfWork {
  readonly #client: Db['$client'];
  /** Prepared once: the driver's own way to do transactions makes them anew for each. */
  readonly #sql;
  /** How long units that can wait gather for one commit, ms; null: each unit is committed at once, alone. */
  readonly #gatherMs: number | null;
  readonly #committed: () => void;
  readonly #listeners: Record<Told, Set<() => void>> = { events: new Set(), traces: new Set() };
  readonly #undone = new Set<() => void>();
  /** The newest time that something was recorded at; it may be ahead of a clock that stepped back. */
  #recorded: number;
  /** The newest `asOf` that was answered. */
  #told: number;
  #queue: Unit[] = [];
  #soon: NodeJS.Immediate | null = null;
  #later: NodeJS.Timeout | null = null;
  readonly #noted = new Set<Told>();

  /** @param committed called after each commit */
  constructor(db: Db, gatherMs: number | null, committed: () => void = () => {}) {
    this.#committed = committed;
    const client = db.$client;
    this.#client = client;
    this.#sql = {
      begin: client.prepare('BEGIN IMMEDIATE'),
      commit: client.prepare('COMMIT'),
      rollBack: client.prepare('ROLLBACK'),
      save: client.prepare('SAVEPOINT unit'),
      release: client.prepare('RELEASE unit'),
      rollBackTo: client.prepare('ROLLBACK TO unit'),
    };
    this.#gatherMs = gatherMs;
    this.#recorded = newestRecordedAt(db) ?? 0;
    // What was answered before this process began isn't known: up to the newest record, any instant may have been.
    this.#told = this.#recorded;
  }

  /** The time to record at: never before what was recorded, nor at an instant an `asOf` was answered for. */
  recordedAt(now: number): number {
    this.#recorded = Math.max(now, this.#recorded, this.#told + 1);
    return this.#recorded;
  }

  /** What was known at `asOf` was just told: nothing may be recorded at that instant any more. */
  told(asOf: number, now: number): void {
    if (asOf <= Math.max(now, this.#recorded)) this.#told = Math.max(this.#told, asOf);
  }

  /** This unit records something of the kind: once it is committed, those who wait for it are called. */
  note(kind: Told): void {
    this.#noted.add(kind);
  }

  /** @returns ends it */
  on(kind: Told, listener: () => void): () => void {
    this.#listeners[kind].add(listener);
    return () => this.#listeners[kind].delete(listener);
  }

  /** Calls back whenever work was undone, for those who remember what they have seen in a transaction. */
  onUndone(listener: () => void): void {
    this.#undone.add(listener);
  }

  /**
   * Runs `work`; resolves once it is on disk. Units run in the order they come.
   * @param patient it may wait a little for others to share its commit
   * @throws StoreError full, and then nothing of it is stored
   */
  async run<T>(work: () => T, patient = false): Promise<T> {
    if (this.#gatherMs === null) return this.#alone(work);
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, resolve: resolve as Unit['resolve'], reject });
      if (patient) this.#later ??= setTimeout(this.#commit, this.#gatherMs!);
      else this.#soon ??= setImmediate(this.#commit);
    });
  }

  /** Commits all that waits. */
  flush(): void {
    while (this.#queue.length > 0) this.#commit();
  }

  #alone<T>(work: () => T): T {
    try {
      const result = this.#client.transaction(work).immediate();
      this.#call();
      return result;
    } catch (error) {
      this.#undo();
      throw namedError(error);
    }
  }

  readonly #commit = () => {
    clearImmediate(this.#soon!);
    clearTimeout(this.#later!);
    this.#soon = this.#later = null;
    const units = this.#queue;
    this.#queue = [];
    if (units.length === 0) return;
    let settled: (() => void)[] = [];
    try {
      this.#sql.begin.run();
      settled = this.#each(units);
      this.#sql.commit.run();
    } catch (cause) {
      if (this.#client.inTransaction) this.#sql.rollBack.run();
      const error = namedError(cause);
      this.#undo();
      // With the commit goes all that was done in it. Units not begun yet are in the queue again.
      const begun = units.slice(0, units.length - this.#queue.length);
      settled = begun.map(
        ({ reject }) =>
          () =>
            reject(error),
      );
    }
    if (this.#queue.length > 0) this.#soon ??= setImmediate(this.#commit);
    for (const tell of settled) tell();
    this.#call();
  };

  /** Each within a savepoint. @returns how to tell each what came of it, once all of it is on disk */
  #each(units: readonly Unit[]): (() => void)[] {
    const began = performance.now();
    const settled: (() => void)[] = [];
    for (const [i, { work, resolve, reject }] of units.entries()) {
      if (i > 0 && performance.now() - began > LONGEST_COMMIT_MS) {
        this.#queue = units.slice(i);
        break;
      }
      this.#sql.save.run();
      try {
        const result = work();
        settled.push(() => resolve(result));
      } catch (error) {
        // A full disk may have ended the whole transaction, and then nobody's work is stored.
        if (!this.#client.inTransaction) throw error;
        this.#sql.rollBackTo.run();
        this.#undo();
        settled.push(() => reject(namedError(error)));
      }
      this.#sql.release.run();
    }
    return settled;
  }

  #call(): void {
    this.#committed();
    const noted = [...this.#noted];
    this.#noted.clear();
    for (const kind of noted) for (const listener of this.#listeners[kind]) listener();
  }

  #undo(): void {
    for (const listener of this.#undone) listener();
  }
}

/** A full disk by its own name; every other error as it is. */
export function namedError(error: unknown): unknown {
  if (!isFull(error)) return error;
  const message =
    'the disk of the data folder is full, so nothing was stored; free space, then send it again';
  return new StoreError('full', message, { cause: error });
}

function isFull(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: unknown };
  return FULL.has(code ?? '') || (cause instanceof Error && isFull(cause));
}
