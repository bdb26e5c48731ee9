/** `/diffs/:id`: a report that is kept, whole or in part; and letting go of it. */
import type { Context } from 'hono';
import type { Report } from '../../contract/diff.ts';
import type { StoredDiff } from '../../store/saved-diff.ts';
import type { Store } from '../../store/store.ts';
import { type CaseBeside, caseBeside } from '../case-beside.ts';
import { type DiffView, diffPath, diffView } from '../diff-view.ts';
import type { PageContext } from '../page.ts';
import { DiffPage } from '../pages/diff.tsx';
import { DiffCellPage } from '../pages/diff-cell.tsx';
import { DiffRemovePage } from '../pages/diff-remove.tsx';
import { PageError, type Panel } from '../panel.tsx';

type Means = { store: Pick<Store, 'diff' | 'removeDiff' | 'trace'> };

/** Each is two traces with their texts, which may have megabytes. */
const SIDE_BY_SIDE = 3;

export function diffRoutes({ page, form, assets }: Panel, { store }: Means): void {
  page('/diffs/:id', async (c, context) => {
    const found = await knownDiff(store, c.req.param('id') ?? '');
    const report = JSON.parse(new TextDecoder().decode(found.report)) as Report;
    const view = diffView(c.req.query());
    if (view.column !== null && view.cell !== null) return cellPage(c, context, report, view);
    checkPart(report, view);
    const url = new URL(diffPath(found.id), c.req.url).href;
    const props = { page: context, assets, report, view, url, createdAt: found.createdAt };
    return c.html(<DiffPage {...props} />);
  });

  async function cellPage(
    c: Context,
    context: PageContext,
    report: Report,
    view: DiffView,
  ): Promise<Response> {
    const [at, cellAt] = [view.column!, view.cell!];
    const column = report.columns[at];
    const cell = column?.matrix?.[cellAt];
    if (!column || !cell) throw noPart('cell');
    const from = Math.min(view.from, Math.max(0, cell.cases.length - 1));
    const shown: CaseBeside[] = [];
    for (const pair of cell.cases.slice(from, from + SIDE_BY_SIDE)) {
      shown.push(await caseBeside(store, pair, column, cell));
    }
    const props = { page: context, assets, report, column, at, cell, cellAt, shown, from };
    return c.html(<DiffCellPage {...props} />);
  }

  page('/diffs/:id/remove', async (c, context) => {
    const diff = await knownDiff(store, c.req.param('id') ?? '');
    return c.html(<DiffRemovePage page={context} assets={assets} diff={diff} />);
  });

  form('/diffs/:id/remove', 'review', async (c) => {
    const { id } = await knownDiff(store, c.req.param('id') ?? '');
    await store.removeDiff(id);
    return c.redirect('/diffs', 303);
  });
}

/** @throws PageError 404 */
async function knownDiff(
  store: Pick<Store, 'diff'>,
  given: string,
): Promise<StoredDiff & { report: Uint8Array }> {
  const found = await store.diff(given);
  if (found) return found;
  const detail = `No diff '${given.slice(0, 100)}' is kept: it never was made here, or it was removed. The same comparison can be made again where the others are listed.`;
  const link = { path: '/diffs', words: 'All diffs that are kept' };
  throw new PageError(404, 'There is no such diff', detail, link);
}

/** @throws PageError 404 where the address names a part that the report hasn't */
function checkPart({ columns, cases }: Report, view: DiffView): void {
  if (view.column !== null && !columns[view.column]) throw noPart('column');
  if (view.case !== null && !cases[view.case]) throw noPart('case');
}

function noPart(what: string): PageError {
  return new PageError(
    404,
    `There is no such ${what}`,
    `The report has no ${what} of that number.`,
  );
}
