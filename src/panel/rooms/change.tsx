/** `/changes/:id`: one change, also one that a backfill has retired. */
import type { Store, StoredArtifact, StoredChange } from '../../store/store.ts';
import { compareStored } from '../../watch/comparison.ts';
import { ChangePage } from '../pages/change.tsx';
import { PageError, type Panel } from '../panel.tsx';

/** Channels on the page. */
const MOST_TOLD = 50;

export function changeRoutes({ page, assets }: Panel, { store }: { store: Store }): void {
  page('/changes/:id', async (c, context) => {
    const change = await knownChange(store, c.req.param('id') ?? '');
    const of = async (id: string | null): Promise<StoredArtifact | null> =>
      id === null ? null : store.artifact(id);
    const [from, to] = [await of(change.from), await of(change.to)];
    const diff = from && to ? await compareStored(store, from, to) : null;
    const told = await store.deliveriesOfChange(change, MOST_TOLD + 1);
    return c.html(
      <ChangePage
        page={context}
        assets={assets}
        change={change}
        from={from}
        to={to}
        summary={diff?.summary ?? null}
        told={told?.slice(0, MOST_TOLD) ?? null}
        toldMore={told !== null && told.length > MOST_TOLD}
        channels={told === null || told.length === 0 ? [] : await store.channels()}
      />,
    );
  });
}

/** @throws PageError 404 */
async function knownChange(store: Pick<Store, 'change'>, id: string): Promise<StoredChange> {
  const found = await store.change(id);
  if (found) return found;
  const detail = `There is no change '${id.slice(0, 100)}'. Changes keep their id, also where an import retires them.`;
  const link = { path: '/changes', words: 'All changes' };
  throw new PageError(404, 'There is no such change', detail, link);
}
