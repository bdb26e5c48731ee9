/** Lets go of what is kept for a while only: in small steps, between which others get their turn. */
import type { RetentionEntry } from '../contract/retention.ts';
import type { Chore } from './chore.ts';
import { labelGlob } from './label-glob.ts';
import type { Store, TraceLimits } from './store.ts';

/** After a start, others go first; then it looks for what has come of age every ten minutes. */
const PAUSES = { first: 60_000, step: 10, round: 10 * 60_000 };
/** A few milliseconds' work each. */
const ANSWERS = 100;
const CONTEXT = 100;
const TRACES = 100;
const LABELS = 50;

interface Told {
  dropped(count: number): void;
  failed(error: unknown): void;
}

/** @param keepAnswersMs how long the bodies of answers are kept that revealed no change */
export function answerRetention(
  store: Pick<Store, 'dropAnswers'>,
  keepAnswersMs: number,
  told: Told,
): Chore {
  return dropping((now) => store.dropAnswers(now - keepAnswersMs, ANSWERS, now), ANSWERS, told);
}

/** @param keepContextMs how long spans are kept that are no inferences */
export function contextRetention(
  store: Pick<Store, 'dropContext'>,
  keepContextMs: number,
  told: Told,
): Chore {
  return dropping((now) => store.dropContext(now - keepContextMs, CONTEXT), CONTEXT, told);
}

/** @param most that are dropped in one step: where it is as many, there are more */
function dropping(
  drop: (now: number) => Promise<number>,
  most: number,
  { dropped, failed }: Told,
): Chore {
  return {
    pauses: PAUSES,
    failed,
    async step(now) {
      const count = await drop(now);
      if (count > 0) dropped(count);
      return count === most;
    },
  };
}

export interface TraceRetentionSettings {
  /** The first entry that fits a label counts. */
  retention: readonly RetentionEntry[];
  /** Of all others, ms; null: for ever. */
  keepTraces: number | null;
}

/** Label by label, and then those that none has. */
export function traceRetention(
  store: Pick<Store, 'tracedLabels' | 'dropTraces'>,
  settings: TraceRetentionSettings,
  { dropped, failed }: Told,
): Chore {
  let left: (string | null)[] | null = null;
  const isBounded = (label: string | null, now: number) => {
    const { before, bytes } = limitsFor(label, settings, now);
    return before !== null || bytes !== null;
  };
  return {
    pauses: PAUSES,
    failed,
    async step(now) {
      left ??= [...(await store.tracedLabels()), null].filter((label) => isBounded(label, now));
      // Labels that have nothing to let go of take no step of their own.
      for (let looked = 0; left.length > 0 && looked < LABELS; looked++) {
        const count = await store.dropTraces(limitsFor(left[0]!, settings, now), TRACES);
        if (count > 0) dropped(count);
        if (count < TRACES) left.shift();
        if (count > 0) break;
      }
      if (left.length > 0) return true;
      left = null;
      return false;
    },
  };
}

function limitsFor(
  label: string | null,
  { retention, keepTraces }: TraceRetentionSettings,
  now: number,
): TraceLimits {
  const entry = retention.find(({ label: glob }) =>
    label === null || glob === null ? label === glob : labelGlob(glob).test(label),
  );
  const age = entry ? entry.age : keepTraces;
  return { label, before: age === null ? null : now - age, bytes: entry?.bytes ?? null };
}
