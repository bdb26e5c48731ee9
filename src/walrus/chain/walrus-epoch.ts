/**
 * The Walrus epoch, and when epochs begin, from Walrus's staking object.
 *
 * What the contract fixes (MystenLabs/walrus: contracts/walrus/sources/staking/staking_inner.move):
 * a change to epoch e begins, `epoch` says e, and `epoch_state` says EpochChangeSync until storage
 * nodes with two thirds of the shards have their new shards; the time of that is then on chain, and
 * the change to e + 1 may begin no earlier than an epoch's length after it. So the next boundary is
 * the earliest that the contract allows, kept within minutes, and every later one drifts.
 */
import type { WalrusClient } from '@mysten/walrus';
import { ChainError } from './chain-error.ts';

export interface WalrusEpoch {
  epoch: number;
  durationMs: number;
  /** When the change to it was done, ms; null while it is going on. */
  startedAt: number | null;
}

type StakingState = Awaited<ReturnType<WalrusClient['stakingState']>>;

/** Longer is no epoch but nonsense, and would be reckoned with. */
const LONGEST_EPOCH_MS = 366 * 86_400_000;
/** Later is no date in JavaScript. */
const LAST_DATE_MS = 8.64e15;

/** @throws ChainError `bad-answer` where the numbers can't be */
export function walrusEpoch({ epoch, epoch_duration, epoch_state }: StakingState): WalrusEpoch {
  const durationMs = Number(epoch_duration);
  const started = epoch_state.EpochChangeDone ?? epoch_state.NextParamsSelected;
  const startedAt = started === undefined ? null : Number(started);
  if (durationMs > 0 && durationMs <= LONGEST_EPOCH_MS && (startedAt ?? 0) <= LAST_DATE_MS) {
    return { epoch, durationMs, startedAt };
  }
  throw new ChainError('bad-answer', {
    happened: `Walrus's staking object states epochs of ${epoch_duration} ms`,
    toDo: 'Check the full node and the network.',
  });
}

/**
 * When `endEpoch` begins: the end of what is stored until then.
 * @param changingSince while the change to the current epoch is going on: about when it began, ms
 * @returns `estimated` is false for the beginning of the current epoch and for the earliest one of the next
 */
export function beginningOf(
  endEpoch: number,
  { epoch, durationMs, startedAt }: WalrusEpoch,
  changingSince: number,
): { endsAt: number | null; endsAtEstimated: boolean } {
  const epochsAway = endEpoch - epoch;
  const endsAt = (startedAt ?? changingSince) + epochsAway * durationMs;
  const exact = startedAt !== null && (epochsAway === 0 || epochsAway === 1);
  if (endsAt < 0 || endsAt > LAST_DATE_MS) return { endsAt: null, endsAtEstimated: true };
  return { endsAt, endsAtEstimated: !exact };
}
