/** What a diff reads of a real store, opened beside it. */
import type { CohortTrace, Side } from '../../../src/diff/source.ts';
import { keptFacts } from '../../../src/ingest/spans/kept-facts.ts';
import type { OpenedDiffSource } from '../../../src/store/diff-source.ts';
import { openDiffSource } from '../../../src/store/sqlite/diffs/source.ts';
import type { SqliteStore } from '../../../src/store/sqlite/index.ts';
import type { CohortQuery } from '../../../src/store/store.ts';

/** @param after where it is left out, the same as `before` */
export function sourceOf(
  store: SqliteStore,
  label: string,
  before: CohortQuery,
  after = before,
): OpenedDiffSource {
  return openDiffSource(store.diffSource().given, { label, before, after }, keptFacts);
}

export async function tracesOf(
  source: OpenedDiffSource,
  side: Side = 'before',
): Promise<CohortTrace[]> {
  const found: CohortTrace[] = [];
  for await (const batch of source.cohort(side)) found.push(...batch);
  return found;
}

export interface Attributed {
  id: string;
  artifactId: string | null;
  leftOut: string | null;
}

/** A side's traces by their ids, in order of (startedAt, number). */
export async function cohortOf(
  store: SqliteStore,
  label: string,
  side: CohortQuery,
): Promise<Attributed[]> {
  const source = sourceOf(store, label, side);
  const idOf = store.db.$client.prepare<[number], string>('SELECT id FROM traces WHERE seq = ?');
  try {
    return (await tracesOf(source)).map(({ ref, artifactId, leftOut }) => {
      return { id: idOf.pluck().get(ref)!, artifactId, leftOut };
    });
  } finally {
    source.close();
  }
}
