/** Lets go of what is kept for a while only: in small steps, between which others get their turn. */
import type { Store } from './store.ts';

interface Means {
  store: Pick<Store, 'dropAnswers'>;
  clock: { now(): number; after(ms: number, task: () => void): () => void };
  /** How long the bodies of answers are kept that revealed no change, ms. */
  keepAnswersMs: number;
  dropped(answers: number): void;
  failed(error: unknown): void;
}

const STEP = 100;
const STEP_PAUSE_MS = 100;
/** Between looking for what has come of age. */
const PAUSE_MS = 10 * 60_000;
/** After a start, others go first. */
const FIRST_PAUSE_MS = 60_000;

/** @returns ends it; resolves when no step is under way */
export function startRetention(means: Means): () => Promise<void> {
  const { store, clock, keepAnswersMs } = means;
  let stopped = false;
  let underWay: Promise<void> = Promise.resolve();
  let cancel = clock.after(FIRST_PAUSE_MS, next);

  function next(): void {
    underWay = step();
  }

  async function step(): Promise<void> {
    let pause = PAUSE_MS;
    try {
      const now = clock.now();
      const dropped = await store.dropAnswers(now - keepAnswersMs, STEP, now);
      if (dropped > 0) means.dropped(dropped);
      if (dropped === STEP) pause = STEP_PAUSE_MS;
    } catch (error) {
      means.failed(error);
    }
    if (!stopped) cancel = clock.after(pause, next);
  }

  return async () => {
    stopped = true;
    cancel();
    await underWay;
  };
}
