/**
 * Where diffs are computed: in a thread of their own, one at a time, first come, first served. A diff
 * takes all of a core and much memory for up to a minute, so two side by side would win nothing.
 */
import { DiffError } from '../diff/errors.ts';
import type { ChangeEvidence } from '../diff/evidence/change-evidence.ts';
import { MOST_TRACES } from './counted-source.ts';
import { DiffDeskError } from './diff-desk-error.ts';
import { DiffThread } from './diff-thread.ts';
import type { Answer, DiffQuestion, EvidenceQuestion, FinishedDiff, Question } from './question.ts';

export const DIFF_OUTCOMES = ['finished', 'refused', 'failed', 'given-up'] as const;
export type DiffOutcome = (typeof DIFF_OUTCOMES)[number];

export interface DiffDeskSettings {
  /** Told of each diff whose turn had come. @param seconds it took */
  settled?: (outcome: DiffOutcome, seconds: number) => void;
  /** How many may wait for their turn. */
  mostWaiting?: number;
  deadlineMs?: number;
  /** How long a thread with nothing to do is kept. */
  idleMs?: number;
}

const MOST_WAITING = 16;
const DEADLINE_MS = 10 * 60_000;
const IDLE_MS = 30_000;
/** After a diff of more traces its thread is let go of, and its memory with it. */
const LARGE_TRACES = 100_000;

interface Job {
  question: Question;
  answered: PromiseWithResolvers<Answer>;
}

export class DiffDesk {
  readonly #settings: Required<DiffDeskSettings>;
  readonly #waiting = new Set<Job>();
  #running: Job | null = null;
  #thread: DiffThread | null = null;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(settings: DiffDeskSettings = {}) {
    const { settled = () => {}, mostWaiting = MOST_WAITING } = settings;
    const { deadlineMs = DEADLINE_MS, idleMs = IDLE_MS } = settings;
    this.#settings = { settled, mostWaiting, deadlineMs, idleMs };
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get running(): number {
    return this.#running ? 1 : 0;
  }

  /**
   * Computes a diff once its turn has come.
   * @param signal gives up, also in the middle of it
   * @throws DiffError several-artifacts
   * @throws DiffDeskError
   * @throws the signal's reason, once it is aborted
   */
  async run(question: DiffQuestion, signal?: AbortSignal): Promise<FinishedDiff> {
    const answer = await this.#answer({ kind: 'diff', ...question }, signal);
    return answer.kind === 'finished' ? answer.diff : refused(answer);
  }

  /**
   * Which way decisions go since a label moved, by all that is recorded, once its turn has come.
   * @throws DiffDeskError
   */
  async evidence(question: EvidenceQuestion): Promise<ChangeEvidence> {
    const answer = await this.#answer({ kind: 'evidence', ...question });
    return answer.kind === 'evidence' ? answer.evidence : refused(answer);
  }

  async #answer(question: Question, signal?: AbortSignal): Promise<Answer> {
    signal?.throwIfAborted();
    if (this.#closed) throw closed();
    const { mostWaiting } = this.#settings;
    if (this.#waiting.size >= mostWaiting) {
      const message = `${mostWaiting} diffs wait for their turn already; ask again in a minute`;
      throw new DiffDeskError('diff-busy', message);
    }
    const job: Job = { question, answered: Promise.withResolvers() };
    const onAbort = () => this.#giveUp(job, signal!.reason);
    signal?.addEventListener('abort', onAbort);
    this.#waiting.add(job);
    this.#next();
    try {
      return await job.answered.promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Fails what waits and what runs, with `stopping`, and ends the thread. */
  async close(): Promise<void> {
    this.#closed = true;
    const jobs = [...this.#waiting, ...(this.#running ? [this.#running] : [])];
    for (const job of jobs) this.#giveUp(job, closed());
    await this.#endThread();
  }

  #next(): void {
    const [job] = this.#waiting;
    if (!job || this.#running) return;
    this.#waiting.delete(job);
    this.#running = job;
    void this.#compute(job);
  }

  async #compute(job: Job): Promise<void> {
    clearTimeout(this.#idle);
    const { deadlineMs, settled } = this.#settings;
    const deadline = setTimeout(() => this.#giveUp(job, tooSlow(deadlineMs)), deadlineMs);
    const began = performance.now();
    let outcome: DiffOutcome = 'given-up';
    try {
      if (!this.#thread || this.#thread.ended) this.#thread = new DiffThread();
      const thread = this.#thread;
      const answer = await thread.ask(job.question);
      outcome = isAnswered(answer) ? 'finished' : 'refused';
      if (answer.kind === 'failed') outcome = 'failed';
      // What broke off may still be about something, and would break the next.
      if (isLarge(answer) || answer.kind === 'failed') await this.#endThread();
      job.answered.resolve(answer);
    } catch (error) {
      // Given up, it has its reason already, and another may be running by now.
      if (this.#running === job && outcome === 'given-up') outcome = 'failed';
      job.answered.reject(error);
    }
    clearTimeout(deadline);
    if (job.question.kind === 'diff') settled(outcome, (performance.now() - began) / 1000);
    if (this.#running !== job) return;
    this.#running = null;
    this.#idle = setTimeout(() => void this.#endThread(), this.#settings.idleMs).unref();
    this.#next();
  }

  #giveUp(job: Job, reason: unknown): void {
    job.answered.reject(reason);
    this.#waiting.delete(job);
    if (this.#running !== job) return;
    this.#running = null;
    // There is no other way to stop it. The next one has a thread of its own.
    void this.#endThread().then(() => this.#next());
  }

  async #endThread(): Promise<void> {
    clearTimeout(this.#idle);
    const thread = this.#thread;
    this.#thread = null;
    await thread?.end();
  }
}

function isAnswered({ kind }: Answer): boolean {
  return kind === 'finished' || kind === 'evidence';
}

/** @throws what it was not answered for */
function refused(answer: Answer): never {
  switch (answer.kind) {
    case 'several-artifacts':
      throw new DiffError('several-artifacts', answer.side, answer.artifacts);
    case 'too-many-traces': {
      const message = `the two sides have more than ${MOST_TRACES.toLocaleString('en')} traces together; compare shorter periods`;
      throw new DiffDeskError('diff-too-large', message);
    }
    case 'failed':
    case 'finished':
    case 'evidence': {
      const cause = answer.kind === 'failed' ? answer.cause : undefined;
      const message =
        'the diff broke off inside Underlabel, and nothing of it is stored; it was logged';
      throw new DiffDeskError('diff-failed', message, { cause });
    }
  }
}

function isLarge(answer: Answer): boolean {
  return (
    answer.kind === 'too-many-traces' ||
    (answer.kind === 'finished' && answer.diff.looked > LARGE_TRACES) ||
    (answer.kind === 'evidence' && answer.looked > LARGE_TRACES)
  );
}

function tooSlow(deadlineMs: number): DiffDeskError {
  const message = `the diff took longer than the ${deadlineMs / 60_000} min that one may take, and was ended; compare shorter periods`;
  return new DiffDeskError('diff-too-slow', message);
}

function closed(): DiffDeskError {
  const message = 'the service is stopping, so the diff was not made; ask again once it runs';
  return new DiffDeskError('stopping', message);
}
