/** Traces by how certain they are: a bar of parts, and the same in words and numbers. */
import type { TraceCount } from '../../store/trace-count.ts';
import { grouped } from '../counted.ts';
import { totals } from '../parts/trace-counts.tsx';
import { byCertainty } from '../trace-series.ts';

interface Props {
  traces: TraceCount | null;
  /** False: there are more, which are not counted yet. */
  complete: boolean;
}

const WIDTH = 140;

export function CertaintyBar({ traces, complete }: Props) {
  if (traces === null) {
    return (
      <span class="soft" data-quiet="">
        {complete ? 'none' : 'counting'}
      </span>
    );
  }
  const parts = byCertainty([traces]);
  const sum = Math.max(
    1,
    parts.reduce((all, { total }) => all + total, 0),
  );
  let x = 0;
  return (
    <>
      <svg
        class="parts"
        viewBox={`0 0 ${WIDTH} 12`}
        preserveAspectRatio="none"
        aria-hidden="true"
        data-quiet=""
      >
        {parts.map(({ fill, total }) => {
          const width = Math.max(2, Math.round((total / sum) * WIDTH * 10) / 10);
          const at = Math.min(x, WIDTH - 2);
          x += width;
          return <rect x={at} y="0" width={width} height="12" fill={`url(#fill-${fill})`} />;
        })}
      </svg>
      <span class="small" data-quiet="">
        {complete ? '' : 'at least '}
        {grouped(traces.traces)}: {totals(parts)}
      </span>
    </>
  );
}
