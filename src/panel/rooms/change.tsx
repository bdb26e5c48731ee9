/** `/changes/:id`: one change, also one that a backfill has retired. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Store, StoredArtifact, StoredChange } from '../../store/store.ts';
import { compareInTurns } from '../compare-in-turns.ts';
import { ChangePage } from '../pages/change.tsx';
import { PageError, type Panel } from '../panel.tsx';

/** Channels on the page. */
const MOST_TOLD = 50;

export function changeRoutes({ page, assets }: Panel, { store }: { store: Store }): void {
  page('/changes/:id', async (c, context) => {
    const change = await knownChange(store, c.req.param('id') ?? '');
    // Each may have 10,000 files: between one and the next others get their turn.
    const of = async (id: string | null): Promise<StoredArtifact | null> => {
      const found = id === null ? null : await store.artifact(id);
      await othersTurn();
      return found;
    };
    const [from, to] = [await of(change.from), await of(change.to)];
    const diff = from && to ? await compareInTurns(store, from, to) : null;
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
