/**
 * Asks the chain about each blob, again and again, and once more as its end comes near. With the
 * chain out of reach the rest goes on, and what isn't known is said to be unknown.
 */
import type { BlobId } from '../lineage/manifest.ts';
import type { DueChainQuestion } from '../store/blob.ts';
import type { Store } from '../store/store.ts';
import type { ChainFact } from '../walrus/chain-fact.ts';
import { chainPause, nextChainQuestion } from './blob-pace.ts';
import type { Clock } from './clock.ts';

/** Why nothing newer is known of the chain. */
export interface ChainProblem {
  code: string;
  message: string;
}

export interface AskedOfChain {
  blobId: BlobId;
  objectId: string | null;
  was: ChainFact | null;
  /** Somebody waits for what is so now. */
  fresh: boolean;
}

export interface ChainAnswers {
  facts: ChainFact[];
  /** Those that could not be had, and why. */
  failures: (ChainProblem & { blobId: BlobId })[];
}

export interface ChainReport {
  asked(answers: ChainAnswers): void;
  outOfReach(problem: ChainProblem): void;
  /** What the chain said could not be recorded: it is asked again. */
  failed(error: unknown): void;
}

interface Means {
  store: Pick<Store, 'blobsToAskChain' | 'chainQuestion' | 'recordChainAnswers' | 'putOffChain'>;
  /** Rejects where nothing could be had at all. */
  ask: (asked: readonly AskedOfChain[], signal: AbortSignal) => Promise<ChainAnswers>;
  /** The object that stands for a blob, where somebody has seen it; null where nobody has. */
  objectOf: (blobId: BlobId) => string | null;
  /** An error of `ask` in words; null for one that nobody foresaw. */
  problemOf: (error: unknown) => ChainProblem | null;
  clock: Clock;
  /** Its name, as facts carry it. */
  network: string;
  expiryDays: readonly number[];
  report: ChainReport;
  random?: () => number;
}

const AT_ONCE = 100;
const NAP_MS = 10_000;

export class ChainWatch {
  readonly #means: Means & { random: () => number };
  readonly #stopping = new AbortController();
  #failures = 0;
  #problem: ChainProblem | null = null;
  /** Of single blobs, while the chain as such is within reach. */
  readonly #problems = new Map<BlobId, ChainProblem>();
  /** Questions on demand that are under way. */
  readonly #asking = new Map<BlobId, Promise<void>>();
  #cancelNap = () => {};
  #looking: Promise<void> | null = null;
  #lookAgain = false;
  /** In turn: what just came under a label is not to wait behind all others. */
  #newestFirst = false;

  constructor(means: Means) {
    this.#means = { random: Math.random, ...means };
  }

  start(): void {
    this.wake();
  }

  /** To be called where something may have become due. */
  wake(): void {
    // Out of reach: the pause that was begun is waited for.
    if (this.#stopping.signal.aborted || this.#failures > 0) return;
    this.#look();
  }

  /** Why nothing newer is known of this blob; null where nothing stands in the way. */
  problem(blobId: BlobId): ChainProblem | null {
    return this.#problem ?? this.#problems.get(blobId) ?? null;
  }

  /** Whether the chain answered when it was asked last. */
  get withinReach(): boolean {
    return this.#problem === null;
  }

  /** Asks about one blob now, or joins who does. What comes of it is recorded; what stands in the way is in `problem`. */
  askNow(blobId: BlobId): Promise<void> {
    const asking = this.#asking.get(blobId) ?? this.#askOne(blobId);
    this.#asking.set(blobId, asking);
    return asking;
  }

  async #askOne(blobId: BlobId): Promise<void> {
    try {
      await this.#ask([await this.#means.store.chainQuestion(blobId)], true);
    } catch (error) {
      this.#note(error);
    } finally {
      this.#asking.delete(blobId);
    }
  }

  async stop(): Promise<void> {
    this.#cancelNap();
    this.#stopping.abort(new Error('the service is stopping'));
    await this.#looking;
  }

  #look(): void {
    this.#lookAgain = true;
    this.#looking ??= this.#lookAll().finally(() => {
      this.#looking = null;
    });
  }

  async #lookAll(): Promise<void> {
    const { store, clock, random } = this.#means;
    this.#cancelNap();
    let napMs = NAP_MS;
    try {
      while (this.#lookAgain && !this.#stopping.signal.aborted) {
        this.#lookAgain = false;
        const due = await store.blobsToAskChain(clock.now(), AT_ONCE, this.#newestFirst);
        if (due.length === 0) continue;
        this.#newestFirst = !this.#newestFirst;
        await this.#ask(due);
        this.#lookAgain = true;
      }
    } catch (error) {
      this.#note(error);
      napMs = chainPause(this.#failures, random());
    }
    if (!this.#stopping.signal.aborted) {
      this.#cancelNap = this.#means.clock.after(napMs, () => this.#look());
    }
  }

  async #ask(due: readonly DueChainQuestion[], fresh = false): Promise<void> {
    const { store, ask, clock, expiryDays, report, random, objectOf, network } = this.#means;
    const asked = due.map(({ blobId, was: last }) => {
      // An object of another network would be missing here, and its epochs are others.
      const was = last?.network === network ? last : null;
      return { blobId, objectId: was?.objectId ?? objectOf(blobId), was, fresh };
    });
    const askedAt = clock.now();
    const answers = await ask(asked, this.#stopping.signal);
    const now = clock.now();
    const current = new Set(due.filter((each) => each.current).map(({ blobId }) => blobId));
    const told = answers.facts.map((fact) => {
      const nextAt = nextChainQuestion(fact, current.has(fact.blobId), expiryDays, now);
      return { fact, askedAt, nextAt };
    });
    await store.recordChainAnswers(told, expiryDays, now);
    // One that was neither answered nor failed must not be asked for ever.
    const answered = new Set(answers.facts.map(({ blobId }) => blobId));
    const left = due.map(({ blobId }) => blobId).filter((blobId) => !answered.has(blobId));
    if (left.length > 0) await store.putOffChain(left, now + chainPause(5, random()));
    for (const blobId of answered) this.#problems.delete(blobId);
    for (const { blobId, code, message } of answers.failures) {
      this.#problems.set(blobId, { code, message });
    }
    this.#failures = 0;
    this.#problem = null;
    report.asked(answers);
  }

  #note(error: unknown): void {
    if (this.#stopping.signal.aborted) return;
    this.#failures += 1;
    const { report, problemOf } = this.#means;
    const problem = problemOf(error);
    if (problem) {
      this.#problem = problem;
      report.outOfReach(problem);
    } else {
      report.failed(error);
    }
  }
}
