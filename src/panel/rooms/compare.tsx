/** `/compare/:before/:after`: what differs between two artifacts, by what is known; looking further takes a button. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Context } from 'hono';
import type { Store } from '../../store/store.ts';
import type { BlobDesk } from '../../watch/blob-desk.ts';
import { peekInto } from '../../watch/comparison.ts';
import { compareInTurns } from '../compare-in-turns.ts';
import { pathTo } from '../page.ts';
import { ComparePage } from '../pages/compare.tsx';
import { badRequest, type Panel } from '../panel.tsx';
import { knownArtifact } from './artifact.tsx';

interface Means {
  store: Store;
  desk: Pick<BlobDesk, 'peek'>;
}

export function compareRoutes({ page, form, assets }: Panel, { store, desk }: Means): void {
  // Each may have 10,000 files: between one and the next others get their turn.
  const both = async (c: Context) => {
    const before = await knownArtifact(store, c.req.param('before') ?? '');
    await othersTurn();
    const after = await knownArtifact(store, c.req.param('after') ?? '');
    return [before, after] as const;
  };

  // What the form of an artifact's page asks for, as a page of its own.
  page('/compare', async (c) => {
    const before = c.req.query('other')?.trim() || c.req.query('before')?.trim();
    const after = c.req.query('after')?.trim();
    if (!before || !after) {
      throw badRequest('Two artifacts are compared: choose one on the page of the other.');
    }
    return c.redirect(pathTo('compare', before, after), 303);
  });

  page('/compare/:before/:after', async (c, context) => {
    const [before, after] = await both(c);
    const diff = await compareInTurns(store, before, after);
    const file = c.req.query('file') ?? '';
    return c.html(
      <ComparePage
        page={context}
        assets={assets}
        diff={diff}
        path={pathTo('compare', before.artifactId, after.artifactId)}
        chosen={/^\d{1,4}$/.test(file) ? Number(file) : null}
      />,
    );
  });

  // It asks an aggregator and keeps what it learns: whoever may read may ask, as in the API.
  form('/compare/:before/:after/look', 'read', async (c) => {
    const [before, after] = await both(c);
    await peekInto(desk, before, after);
    return c.redirect(pathTo('compare', before.artifactId, after.artifactId), 303);
  });
}
