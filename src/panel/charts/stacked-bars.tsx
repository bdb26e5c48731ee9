/** Counts by time, the parts of each upon each other: one path for all bars of a part. */
import { type Axis, placeOf } from './time-axis.ts';

export interface BarPart {
  /** Of the fills. */
  fill: string;
  /** Of each bar, in their order. */
  counts: readonly number[];
}

interface Props {
  axis: Axis;
  /** [from, to), ms. */
  bars: readonly { from: number; to: number }[];
  parts: readonly BarPart[];
  /** Of the highest bar. */
  most: number;
  y: number;
  height: number;
}

/** What is there is seen, however little it is. */
const LEAST = 1;

export function StackedBars({ axis, bars, parts, most, y, height }: Props) {
  const tops = bars.map(() => y + height);
  return (
    <g>
      {parts.map(({ fill, counts }) => {
        const d = counts.map((count, i) => {
          const { from, to } = bars[i]!;
          if (count <= 0 || to <= axis.from || from >= axis.to) return '';
          const [left, right] = [placeOf(axis, from), placeOf(axis, to)];
          const width = Math.max(LEAST, round(right - left - Math.min(1.5, (right - left) / 5)));
          const high = Math.max(LEAST, round((count / most) * height));
          tops[i] = round(tops[i]! - high);
          return `M${left} ${tops[i]}h${width}v${high}h-${width}z`;
        });
        const path = d.join('');
        return path === '' ? null : <path class="bars" d={path} fill={`url(#fill-${fill})`} />;
      })}
      <line
        class="axis"
        x1={axis.left}
        x2={axis.left + axis.width}
        y1={y + height}
        y2={y + height}
      />
    </g>
  );
}

const round = (value: number) => Math.round(value * 10) / 10;
