/** When a blob is checked next. Pure; times are ms, `random` is in [0, 1). */
import type { ChainFact } from '../walrus/chain-fact.ts';
import {
  outcomeOf,
  type VerificationAttempt,
  type VerificationCode,
} from '../walrus/verification.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A blob just certified may take a minute to be served everywhere. */
const FIRST_RETRY_MS = 30 * SECOND_MS;
const LONGEST_RETRY_MS = 6 * HOUR_MS;
/** Retries of many blobs that failed together spread over this much of their pause. */
const JITTER = 0.2;
/** Asking again changes nothing until somebody changes the settings. */
const FOR_GOOD: ReadonlySet<VerificationCode> = new Set([
  'too-large',
  'no-aggregator',
  'refused-address',
]);

/** By law, say: no other answer is to be expected soon. */
const SLOW: ReadonlySet<VerificationCode> = new Set([...FOR_GOOD, 'blocked']);

/**
 * @param failures how many runs in a row could not be made, this one included
 * @param suspects aggregators that served other bytes before this run
 * @returns how long from now it is tried again by itself; null: not at all
 */
export function verificationPause(
  attempts: readonly VerificationAttempt[],
  failures: number,
  random: number,
  suspects: readonly string[] = [],
): number | null {
  const outcome = outcomeOf(attempts);
  // The bytes of an ID never change: once is enough, but where somebody else is still to be looked at.
  if (outcome === 'verified') {
    const isOpen = attempts.some(({ outcome: its, aggregator }) => {
      return its === 'unavailable' && suspects.some((suspect) => suspect === aggregator);
    });
    return isOpen ? LONGEST_RETRY_MS : null;
  }
  // Somebody may put the aggregator right, and then that is to be seen.
  if (outcome === 'mismatch') return LONGEST_RETRY_MS;
  const codes = attempts.map(({ code }) => code);
  if (codes.every((code) => code !== null && FOR_GOOD.has(code))) return null;
  if (codes.every((code) => code !== null && SLOW.has(code))) return DAY_MS;
  const asked = Math.max(0, ...attempts.map((attempt) => attempt.retryAfterSeconds ?? 0));
  const doubled = FIRST_RETRY_MS * 2 ** Math.min(Math.max(failures - 1, 0), 20);
  const pause = Math.min(doubled, LONGEST_RETRY_MS) * (1 + JITTER * random);
  return Math.round(Math.max(pause, asked * SECOND_MS));
}

/** The chain is asked so often about blobs that a watched label holds, and about others. */
const CURRENT_MS = HOUR_MS;
const OTHERS_MS = 7 * DAY_MS;

/**
 * @param days before its end, at which it is to be told of
 * @returns when the chain is asked again: at the next instant at which there may be something to tell
 */
export function nextChainQuestion(
  { endsAt }: Pick<ChainFact, 'endsAt'>,
  current: boolean,
  days: readonly number[],
  now: number,
): number {
  if (!current) return now + OTHERS_MS;
  const marks = endsAt === null ? [] : [0, ...days].map((each) => endsAt - each * DAY_MS);
  const ahead = marks.filter((mark) => mark > now);
  return Math.min(now + CURRENT_MS, ...ahead);
}

const FIRST_CHAIN_RETRY_MS = 15 * SECOND_MS;
const LONGEST_CHAIN_RETRY_MS = 30 * 60 * SECOND_MS;

/** @param failures how many times in a row it was out of reach */
export function chainPause(failures: number, random: number): number {
  const doubled = FIRST_CHAIN_RETRY_MS * 2 ** Math.min(Math.max(failures - 1, 0), 20);
  return Math.round(Math.min(doubled, LONGEST_CHAIN_RETRY_MS) * (1 + JITTER * random));
}
