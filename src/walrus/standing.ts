/**
 * How a blob stands by the attempts to verify it: three facts that are kept apart. That its bytes
 * were once verified stays so, whoever serves what today; that an aggregator serves other bytes
 * under its ID stays so until that same aggregator serves the right ones.
 */
import type { VerificationAttempt, VerificationCode } from './verification.ts';

/** What is kept of an attempt: the attempt, and when it was recorded. Those of one run share the time. */
export interface RecordedAttempt extends VerificationAttempt {
  recordedAt: number;
}

export interface VerificationStanding {
  /**
   * - `unchecked`: nobody tried
   * - `unavailable`: tried, and the bytes were never had
   * - `verified`: the bytes were had, and have this ID
   * - `mismatch`: an aggregator serves other bytes under this ID, whatever others serve
   */
  state: 'unchecked' | 'unavailable' | 'verified' | 'mismatch';
  /** The newest attempt that says so; null where nobody tried. */
  because: RecordedAttempt | null;
  /** The newest attempt that verified the bytes; null where none did. A mismatch elsewhere leaves it. */
  verified: RecordedAttempt | null;
  /** Whether the newest run was served the bytes. */
  retrievable: 'yes' | 'no' | 'unknown';
  /** The newest attempt of all. */
  last: RecordedAttempt | null;
}

/** What was wrong here and not with the blob: it says nothing of whether its bytes can be had. */
const OURS: ReadonlySet<VerificationCode> = new Set([
  'too-large',
  'encoder',
  'spool',
  'no-aggregator',
  'refused-address',
]);

/** @param attempts of one blob, oldest first */
export function standingOf(attempts: readonly RecordedAttempt[]): VerificationStanding {
  const last = attempts.at(-1) ?? null;
  const verified = attempts.findLast(({ outcome }) => outcome === 'verified') ?? null;
  const mismatch = mismatchesIn(attempts).reduce<RecordedAttempt | null>(
    (newest, each) => (newest && newest.recordedAt > each.recordedAt ? newest : each),
    null,
  );
  const retrievable = retrievableIn(
    attempts.filter((each) => each.recordedAt === last?.recordedAt),
  );
  const because = mismatch ?? verified ?? last;
  return { state: because?.outcome ?? 'unchecked', because, verified, retrievable, last };
}

/** By aggregator, the newest attempt at each that serves other bytes, and has not served the right ones since. */
export function mismatchesIn<Attempt extends RecordedAttempt>(
  attempts: readonly Attempt[],
): Attempt[] {
  const newestOf = new Map<string | null, Attempt>();
  for (const attempt of attempts) {
    const before = newestOf.get(attempt.aggregator);
    // Two addresses of one origin, asked in one run: the right bytes of one don't excuse the other.
    const excuses = before?.outcome !== 'mismatch' || before.recordedAt !== attempt.recordedAt;
    if (attempt.outcome !== 'unavailable' && excuses) newestOf.set(attempt.aggregator, attempt);
  }
  return [...newestOf.values()].filter(({ outcome }) => outcome === 'mismatch');
}

function retrievableIn(run: readonly RecordedAttempt[]): VerificationStanding['retrievable'] {
  if (run.some(({ outcome }) => outcome === 'verified')) return 'yes';
  if (run.some(({ outcome }) => outcome === 'mismatch')) return 'no';
  if (run.length === 0 || run.some(({ code }) => code !== null && OURS.has(code))) return 'unknown';
  return 'no';
}

/** The worst first: one of them is never hidden behind the others. */
const WORST = ['mismatch', 'unavailable', 'unchecked', 'verified'] as const;

/** How an artifact stands by its blobs: verified only where every one of them is. */
export function worstOf(
  states: Iterable<VerificationStanding['state']>,
): VerificationStanding['state'] {
  const found = new Set(states);
  return WORST.find((state) => found.has(state)) ?? 'unchecked';
}
