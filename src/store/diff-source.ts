/** What a diff reads of a store, in whatever thread it runs. */
import type { DiffSource, TraceFacts } from '../diff/source.ts';
import type { CohortQuery } from './store.ts';

/** Enough to open a store's traces elsewhere: plain data that can be sent to another thread. */
export interface DiffSourceSpec {
  /** URL of the module that opens it, a `DiffSourceModule`. */
  module: string;
  /** What that module is given. */
  given: unknown;
}

export interface DiffSourceModule {
  openDiffSource: OpenDiffSource;
}

/**
 * Opens what is recorded by now and nothing later, for reading alone. Traces that retention drops or
 * that move to another label meanwhile may be missing.
 * @param factsOf what attributes, as JSON text, say of a trace
 * @throws StoreError unknown-label
 */
export type OpenDiffSource = (
  given: unknown,
  query: DiffQuery,
  factsOf: (attributes: string) => TraceFacts,
) => OpenedDiffSource;

export interface DiffQuery {
  label: string;
  before: CohortQuery;
  after: CohortQuery;
}

export interface OpenedDiffSource extends DiffSource {
  /** Number of the newest trace that it sees; 0: there is none. */
  readonly newestTrace: number;
  /** Of a trace that was shown, by its id. */
  refOf(id: string): number | null;
  close(): void;
}
