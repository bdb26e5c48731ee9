/** Before a report goes: what goes with it. */
import type { StoredDiff } from '../../store/saved-diff.ts';
import type { Assets } from '../assets.ts';
import { diffPath } from '../diff-view.ts';
import { fitted } from '../fitted.ts';
import type { PageContext } from '../page.ts';
import { Shell } from '../shell.tsx';

interface Props {
  page: PageContext;
  assets: Assets;
  diff: StoredDiff;
}

export function DiffRemovePage({ page, assets, diff }: Props) {
  const path = diffPath(diff.id);
  return (
    <Shell page={page} assets={assets} title={`Remove a diff of ${diff.label}`} room="diffs">
      <p class="crumbs">
        <a href="/diffs">Diffs</a> · <a href={path}>the report</a>
      </p>
      <h1>Remove this report?</h1>
      <p>{fitted(diff.summary, 1000)}</p>
      <form method="post" action={`${path}/remove`} class="notice alarm">
        <p>
          Its link stops working, and retention counts again for the traces that it names or holds:
          those that are past it go. The same comparison can be made again as long as its traces are
          there.
        </p>
        <button type="submit">Remove the report</button> <a href={path}>Keep it</a>
      </form>
    </Shell>
  );
}
