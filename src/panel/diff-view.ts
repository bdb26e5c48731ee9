/** What of a report a page shows: all of it as far as there is room, or one part alone. In the URL. */
import { pathTo, withQuery } from './page.ts';

const LISTS = ['columns', 'cases', 'slices'] as const;
type List = (typeof LISTS)[number];

export interface DiffView {
  /** Of the report's columns, by place; null: as far as there is room. */
  column: number | null;
  /** Of that column's matrix, by place. */
  cell: number | null;
  /** The first pair of the cell that is shown side by side, or the first of the cases. */
  from: number;
  /** Of the cases, by place. */
  case: number | null;
  /** All of one list, instead of the first of each. */
  all: List | null;
}

export function diffView(query: Readonly<Record<string, string | undefined>>): DiffView {
  return {
    column: placeIn(query.column),
    cell: placeIn(query.cell),
    from: placeIn(query.from) ?? 0,
    case: placeIn(query.case),
    all: LISTS.find((list) => list === query.all) ?? null,
  };
}

function placeIn(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : null;
}

export function diffPath(id: string, view: Partial<DiffView> = {}): string {
  return withQuery(pathTo('diffs', id), view);
}

/** For programs and pipelines. */
export function downloadPath(id: string, format: 'json' | 'markdown' | 'junit'): string {
  return withQuery(pathTo('api/v1/diffs', id), { format });
}
