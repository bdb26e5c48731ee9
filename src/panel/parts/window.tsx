/** When a border between two artifacts must have been crossed: never a point in time. */
import type { Window } from '../../lineage/timeline.ts';
import type { PageContext } from '../page.ts';
import { exactBeside, howLong } from '../when.ts';
import { At } from './time.tsx';

export function WindowText({ window, page }: { window: Window; page: PageContext }) {
  const { after, before } = window;
  if (after === null) {
    return (
      <>
        before <At at={before} page={page} />, when it was first read
      </>
    );
  }
  return (
    <>
      between <At at={after} page={page} /> and{' '}
      <time datetime={new Date(before).toISOString()}>{exactBeside(before, after, page.zone)}</time>{' '}
      <span class="soft nowrap">({howLong(before - after)})</span>
    </>
  );
}
