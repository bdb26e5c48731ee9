/** From a request to a report that is kept: whoever asks, by whatever door, has it made here. */
import type { DiffRequest } from '../contract/diff.ts';
import type { Store } from '../store/store.ts';
import type { DiffDesk } from './diff-desk.ts';
import type { FinishedDiff } from './question.ts';
import { askedOf, cohortOf } from './side.ts';

export interface DiffMeans {
  store: Pick<Store, 'artifact' | 'artifactsWith' | 'diffSource' | 'saveDiff'>;
  desk: Pick<DiffDesk, 'run'>;
  now: () => number;
}

/**
 * Has it computed once its turn has come, and keeps the report and the traces that it names.
 * @param request of a label that there is
 * @param signal gives up, also in the middle of it
 * @throws NeverHeldError
 * @throws DiffError several-artifacts
 * @throws DiffDeskError
 * @throws the signal's reason, once it is aborted
 */
export async function keptDiff(
  { store, desk, now }: DiffMeans,
  request: DiffRequest,
  signal?: AbortSignal,
): Promise<FinishedDiff> {
  const { hold, before, after, ...rest } = request;
  const { label } = request;
  const query = {
    label,
    before: await cohortOf(store, label, before, 'before'),
    after: await cohortOf(store, label, after, 'after'),
  };
  const asked = { ...rest, before: askedOf(before), after: askedOf(after) };
  const diff = await desk.run({ source: store.diffSource(), query, asked }, signal);
  const { id, verdict, summary, named, report, periods } = diff;
  const sides = { before: JSON.stringify(asked.before), after: JSON.stringify(asked.after) };
  const kept = { id, label, verdict, summary, ...sides, named, report };
  await store.saveDiff({ ...kept, hold: hold ? periods : null }, now());
  return diff;
}
