/** One thread that computes diffs, one at a time. It keeps no process alive while it is idle. */
import { extname } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { whenGone, workerBeside } from '../threads/worker-beside.ts';
import { DiffDeskError } from './diff-desk-error.ts';
import type { Answer, Question } from './question.ts';

/** Of objects, MB; little for young ones, since more of it is only filled before it is cleared. What a diff has of arrays follows from how many traces it may have. */
const MEMORY = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 32 };

export class DiffThread {
  /** It never answers again: it was ended, or it died. */
  ended = false;
  readonly #worker: Worker;
  #waiting: PromiseWithResolvers<Answer> | null = null;

  constructor() {
    const type = extname(import.meta.filename);
    this.#worker = workerBeside(import.meta.url, 'diff-worker', {
      execArgv: [
        // What the process does to its imports does not reach its threads.
        `--import=${new URL(`../quick-drizzle${type}`, import.meta.url)}`,
        // Run from its source, it takes the tables from there as well.
        ...(type === '.ts' ? ['--conditions=source'] : []),
      ],
      resourceLimits: MEMORY,
    });
    this.#worker.unref();
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    const failed = () => void this.end();
    whenGone(this.#worker, failed, (cause) => {
      this.ended = true;
      this.#waiting?.reject(asDeskError(cause));
    });
  }

  /** Only while it has nothing to do. @throws DiffDeskError `diff-too-large`, `diff-failed` where it died */
  ask(question: Question): Promise<Answer> {
    this.#waiting = Promise.withResolvers<Answer>();
    this.#worker.ref();
    this.#worker.postMessage(question);
    return this.#waiting.promise;
  }

  /** Also in the middle of a diff. */
  async end(): Promise<void> {
    this.ended = true;
    await this.#worker.terminate();
  }

  #settle(answer: Answer): void {
    this.#worker.unref();
    this.#waiting?.resolve(answer);
    this.#waiting = null;
  }
}

function asDeskError(cause: unknown): DiffDeskError {
  if ((cause as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY') {
    const message = `the diff needed more than the ${MEMORY.maxOldGenerationSizeMb} MB that one may have; compare shorter periods`;
    return new DiffDeskError('diff-too-large', message, { cause });
  }
  const message =
    'the diff broke off inside Underlabel, and nothing of it is stored; it was logged';
  return new DiffDeskError('diff-failed', message, { cause });
}
