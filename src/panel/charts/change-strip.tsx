/** The changes of the last days, a tick each, with the text behind it. */
import { counted } from '../counted.ts';
import type { PageContext } from '../page.ts';
import { Ago } from '../parts/time.tsx';
import { type Axis, placeOf } from './time-axis.ts';

interface Props {
  page: PageContext;
  /** When they were seen, newest first. */
  changes: readonly number[];
  hasMore: boolean;
  since: number;
}

const WIDTH = 140;

export function ChangeStrip({ page, changes, hasMore, since }: Props) {
  const [newest, oldest] = [changes[0], changes.at(-1)];
  if (newest === undefined || oldest === undefined) return <span class="soft">none</span>;
  const axis: Axis = { from: since, to: page.now, left: 2, width: WIDTH - 4 };
  const places = new Set(changes.map((at) => Math.round(placeOf(axis, at))));
  const words = `${hasMore ? 'at least ' : ''}${counted(changes.length, 'change')}`;
  return (
    <>
      <svg class="strip" viewBox={`0 0 ${WIDTH} 24`} aria-hidden="true" data-quiet="">
        <line class="line" x1="0" x2={WIDTH} y1="20" y2="20" />
        {hasMore && <rect class="more" y="4" width={placeOf(axis, oldest)} height="16" />}
        <path class="change" d={[...places].map((x) => `M${x} 4v16`).join('')} />
      </svg>
      <span class="small">
        {words}, last seen <Ago at={newest} page={page} />
      </span>
    </>
  );
}
