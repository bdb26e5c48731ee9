/** Fields that somebody named and no output has: most often a slip of the pen. */
import type { Report } from '../../contract/diff.ts';
import { levenshtein } from '../statistics/index.ts';
import { list, nameIn } from './wording.ts';

const NAMED = 5;
/** Of the longer path; more differ by more than a slip. */
const FARTHEST = 0.4;

export function emptyFieldNotes({
  query,
  columns,
  skipped,
  before,
  after,
}: Pick<Report, 'query' | 'columns' | 'skipped' | 'before' | 'after'>): string[] {
  if (before.traces === 0 || after.traces === 0) return [];
  const named = new Set(query.fields.map(({ path }) => path));
  const empty = columns.filter(
    ({ path, verdict }) => path !== null && named.has(path) && verdict === 'no-data',
  );
  if (empty.length === 0) return [];
  const known = [...columns.filter(({ verdict }) => verdict !== 'no-data'), ...skipped].flatMap(
    ({ path }) => (path === null || path === '$' ? [] : [path]),
  );
  const told = empty.slice(0, NAMED).map(({ path }) => {
    const near = nearest(path!, known);
    return near === null ? nameIn(path!) : `${nameIn(path!)} (is ${nameIn(near)} meant?)`;
  });
  const rest = empty.length - told.length;
  return [
    `No output has anything at ${list(rest > 0 ? [...told, `${rest} more`] : told)}, so nothing was compared there.`,
  ];
}

function nearest(path: string, known: readonly string[]): string | null {
  let found: { path: string; far: number } | null = null;
  for (const other of known) {
    const far = levenshtein({ a: path.toLowerCase(), b: other.toLowerCase() }).normalised;
    if (far <= FARTHEST && (found === null || far < found.far)) found = { path: other, far };
  }
  return found?.path ?? null;
}
