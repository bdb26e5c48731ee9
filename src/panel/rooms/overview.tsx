/** `/`: all labels, and what is under each. */
import type { Store } from '../../store/store.ts';
import { HOUR_MS } from '../../store/trace-count.ts';
import type { Watcher } from '../../watch/watcher.ts';
import { OverviewPage } from '../pages/overview.tsx';
import type { Panel } from '../panel.tsx';

interface Means {
  store: Pick<Store, 'overview'>;
  watcher: Pick<Watcher, 'deadlineIntervals'>;
}

const A_PAGE = 30;
const MOST_PAGES = 100_000;
const LONGEST_GLOB = 200;
const WEEK_MS = 168 * HOUR_MS;

export function overviewRoutes({ page, assets }: Panel, { store, watcher }: Means): void {
  page('/', async (c, context) => {
    const glob = (c.req.query('q') ?? '').trim().slice(0, LONGEST_GLOB);
    const removed = c.req.query('removed') === 'yes';
    const number = pageNumber(c.req.query('page'));
    const { now } = context;
    const changesSince = now - WEEK_MS;
    // The hour that runs, and the 23 before.
    const tracesSince = (Math.floor(now / HOUR_MS) - 23) * HOUR_MS;
    const overview = await store.overview({
      glob: globOf(glob),
      removed,
      limit: A_PAGE,
      offset: (number - 1) * A_PAGE,
      deadlineIntervals: watcher.deadlineIntervals,
      ...{ now, changesSince, tracesSince },
    });
    return c.html(
      <OverviewPage
        page={context}
        assets={assets}
        overview={overview}
        search={{ glob, removed }}
        number={number}
        pageSize={A_PAGE}
        changesSince={changesSince}
        tracesSince={tracesSince}
      />,
    );
  });
}

/** A part of a name finds it too. */
function globOf(typed: string): string | null {
  if (typed === '') return null;
  return /[*?]/.test(typed) ? typed : `*${typed}*`;
}

function pageNumber(given: string | undefined): number {
  const number = /^\d{1,6}$/.test(given ?? '') ? Number(given) : 1;
  return Math.min(Math.max(number, 1), MOST_PAGES);
}
