/** Work that is never done, in small steps between which others get their turn. */

export interface Chore {
  /** @returns whether there is more to do now */
  step(now: number): Promise<boolean>;
  /** Before the first step, between two steps, and before it looks again, ms. */
  pauses: { first: number; step: number; round: number };
  /** It goes on after the longest pause. */
  failed(error: unknown): void;
}

interface Clock {
  now(): number;
  after(ms: number, task: () => void): () => void;
}

/** @returns ends it; resolves when no step is under way */
export function startChore({ step, pauses, failed }: Chore, clock: Clock): () => Promise<void> {
  let stopped = false;
  let underWay: Promise<void> = Promise.resolve();
  let cancel = clock.after(pauses.first, next);

  function next(): void {
    underWay = once();
  }

  async function once(): Promise<void> {
    let pause = pauses.round;
    try {
      if (await step(clock.now())) pause = pauses.step;
    } catch (error) {
      failed(error);
    }
    if (!stopped) cancel = clock.after(pause, next);
  }

  return async () => {
    stopped = true;
    cancel();
    await underWay;
  };
}
