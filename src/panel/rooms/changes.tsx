/** `/changes`: what changed under all labels, newest first. */
import { z } from 'zod';
import type { Store, StoredChange } from '../../store/store.ts';
import { cursorOf, keyOfCursor } from '../cursor.ts';
import { givenTime } from '../given-time.ts';
import { withQuery } from '../page.ts';
import { ChangesPage } from '../pages/changes.tsx';
import type { Panel } from '../panel.tsx';
import { encodedLength, roomFor } from '../room-on-page.ts';

const A_PAGE = 50;
/** Of a row, without the name of the label, which stands in it three times. */
const ROW_BYTES = 1950;
const LONGEST_GLOB = 200;

const cursorKey = z.strictObject({
  detectedAt: z.int(),
  id: z.string().regex(/^[1-9]\d{0,14}-[1-9]\d{0,14}$/),
});
const placeOf = ({ detectedAt, id }: StoredChange) => cursorOf({ detectedAt, id });

export function changesRoutes({ page, assets }: Panel, { store }: { store: Store }): void {
  page('/changes', async (c, context) => {
    const label = (c.req.query('label') ?? '').trim().slice(0, LONGEST_GLOB);
    const from = givenTime(c.req.query('from'), context.zone, 'floor');
    const to = givenTime(c.req.query('to'), context.zone, 'ceil');
    const retired = c.req.query('retired') !== 'no';
    const before = keyOfCursor(c.req.query('cursor'), cursorKey);
    // A filter that can't be read shows nothing: everything would pass for what was asked for.
    const isReadable = from.problem === null && to.problem === null;
    const filter = {
      label: label === '' ? null : label,
      retired,
      from: from.at,
      to: to.at,
      limit: A_PAGE,
      before,
    };
    const found = isReadable ? await store.changes(filter) : [];
    const changes = roomFor(found, (change) => ROW_BYTES + 3 * encodedLength(change.label));
    const given = {
      label: label || null,
      from: from.text || null,
      to: to.text || null,
      retired: retired ? null : 'no',
    };
    const isMore = found.length === A_PAGE || changes.length < found.length;
    const last = isMore ? changes.at(-1) : undefined;
    return c.html(
      <ChangesPage
        page={context}
        assets={assets}
        changes={changes}
        filter={{ label, from, to, retired }}
        firstPath={before === null ? null : withQuery('/changes', given)}
        nextPath={last ? withQuery('/changes', { ...given, cursor: placeOf(last) }) : null}
      />,
    );
  });
}
