/** Numbers of both sides in the same bins, drawn over each other as shares of their side; the numbers behind it. */
import type { ReportColumn } from '../../contract/diff.ts';
import { digits, grouped, percent } from '../../diff/rendering/index.ts';

type Numbers = Extract<NonNullable<ReportColumn['distribution']>, { kind: 'numbers' }>;

const WIDTH = 640;
const EDGE = 12;
const TOP = 8;
const HEIGHT = 130;
const BOTTOM = TOP + HEIGHT;
const MOST_LABELS = 6;

interface Props {
  name: string;
  distribution: Numbers;
}

export function NumbersHistogram({ name, distribution }: Props) {
  const { edges, before, after } = distribution;
  const bins = before.length;
  const width = (WIDTH - 2 * EDGE) / Math.max(1, bins);
  const [shares, others] = [sharesOf(before), sharesOf(after)];
  const most = Math.max(...shares, ...others, 1e-9);
  const x = (bin: number) => Math.round((EDGE + bin * width) * 10) / 10;
  const y = (share: number) => Math.round((BOTTOM - (share / most) * HEIGHT) * 10) / 10;
  const bars = shares.map((share, i) =>
    share === 0 ? '' : `M${x(i)} ${BOTTOM}V${y(share)}H${x(i + 1)}V${BOTTOM}z`,
  );
  const steps = others.map((share) => `V${y(share)}`).map((v, i) => `${v}H${x(i + 1)}`);
  const median = distribution.quantiles.find(({ at }) => at === 0.5);
  const every = Math.ceil(edges.length / MOST_LABELS);
  return (
    <figure>
      <svg class="chart spread" viewBox={`0 0 ${WIDTH} ${BOTTOM + 50}`} role="img">
        <title>{`${name}: share of each side by value, before hatched, after as a thick line`}</title>
        <path class="of-before" d={bars.join('')} fill="url(#fill-before)" />
        <path class="of-after" d={`M${EDGE} ${BOTTOM}${steps.join('')}V${BOTTOM}`} />
        <line class="axis" x1={EDGE} x2={WIDTH - EDGE} y1={BOTTOM} y2={BOTTOM} />
        {edges.map((edge, i) =>
          i % every === 0 || i === edges.length - 1 ? (
            <>
              <line class="tick" x1={x(i)} x2={x(i)} y1={BOTTOM} y2={BOTTOM + 5} />
              <text class="soft" x={x(i)} y={BOTTOM + 18} text-anchor={anchor(i, edges.length)}>
                {digits(edge)}
              </text>
            </>
          ) : null,
        )}
        {(['before', 'after'] as const).map((side) => {
          const value = median?.[side];
          if (value == null) return null;
          const at = x(placeIn(edges, value));
          return (
            <>
              <path class={`median ${side}`} d={`M${at} ${BOTTOM + 30}l6 10h-12z`} />
              <text
                x={at + (side === 'before' ? -10 : 10)}
                y={BOTTOM + 42}
                text-anchor={side === 'before' ? 'end' : 'start'}
              >
                {side}
              </text>
            </>
          );
        })}
      </svg>
      <figcaption>
        Share of each side’s inputs by value: before hatched, after as a thick line; triangles are
        the medians. Bins are drawn as wide as each other; the outermost reach to the smallest and
        the largest value.
      </figcaption>
      <details>
        <summary>The same as tables</summary>
        <div>
          <Tables {...distribution} />
        </div>
      </details>
    </figure>
  );
}

function Tables({ edges, before, after, quantiles }: Numbers) {
  return (
    <div class="columns">
      <table>
        <caption>Inputs by value, each bin up to the next</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col" class="right">
              Before
            </th>
            <th scope="col" class="right">
              After
            </th>
          </tr>
        </thead>
        <tbody>
          {before.map((count, i) => (
            <tr>
              <th scope="row">{digits(edges[i] ?? 0)}</th>
              <td>{digits(edges[i + 1] ?? 0)}</td>
              <td class="right">{grouped(count)}</td>
              <td class="right">{grouped(after[i] ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <table>
        <caption>Quantiles</caption>
        <thead>
          <tr>
            <th scope="col">Share of inputs</th>
            <th scope="col" class="right">
              Before up to
            </th>
            <th scope="col" class="right">
              After up to
            </th>
          </tr>
        </thead>
        <tbody>
          {quantiles.map((quantile) => (
            <tr>
              <th scope="row">{percent(quantile.at)}</th>
              <td class="right">{shown(quantile.before)}</td>
              <td class="right">{shown(quantile.after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function shown(value: number | null): string {
  return value === null ? '–' : digits(value);
}

function sharesOf(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}

/** In bins from the left. */
function placeIn(edges: readonly number[], value: number): number {
  const above = edges.findIndex((edge) => edge > value);
  if (above === 0) return 0;
  const bins = edges.length - 1;
  if (above < 0) return edges[0] === value ? bins / 2 : bins;
  const [low, high] = [edges[above - 1]!, edges[above]!];
  return above - 1 + (value - low) / (high - low);
}

function anchor(i: number, count: number): string {
  return i === 0 ? 'start' : i === count - 1 ? 'end' : 'middle';
}
