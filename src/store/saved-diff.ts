/** Reports of diffs as a store keeps them. */

export interface SavedDiff {
  /** Of the report's content: the same report is stored once. */
  id: string;
  label: string;
  verdict: string;
  summary: string;
  /** JSON texts: what was asked for each side. */
  before: string;
  after: string;
}

export interface NewDiff extends SavedDiff {
  /** JSON, UTF-8. */
  report: Uint8Array;
  /** Numbers of the traces that it names: retention leaves them alone as long as it is kept. */
  named: readonly number[];
  /** When the traces of each side began that it compared, [from, to): held from retention. Null: no hold. */
  hold: { before: ComparedPeriod | null; after: ComparedPeriod | null } | null;
}

export interface ComparedPeriod {
  from: number;
  to: number;
}

export interface StoredDiff extends SavedDiff {
  createdAt: number;
}

export interface DiffPage {
  /** A glob over label names; left out or null: all. */
  label?: string | null | undefined;
  limit: number;
  before: { createdAt: number; id: string } | null;
}

/** Past either of them the oldest reports go that hold nothing. */
export interface DiffLimits {
  count: number;
  /** Of the reports as they are stored, compressed. */
  bytes: number;
}

export const DIFF_LIMITS: DiffLimits = { count: 10_000, bytes: 2 ** 30 };

/** Names of the holds that a diff puts over the traces it compared. */
export function holdsOfDiff(id: string): { before: string; after: string } {
  return { before: `${id}-before`, after: `${id}-after` };
}
