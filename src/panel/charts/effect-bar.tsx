/** An effect with its interval on a line, between the borders of what counts as small. */
import type { ReportColumn, ReportEffect } from '../../contract/diff.ts';

const WIDTH = 170;
const HEIGHT = 22;
const MIDDLE = HEIGHT / 2;
/** A little room at both ends. */
const HALF = WIDTH / 2 - 6;

/** The borders of what counts as small, in the effect's unit; null: no test says how far numbers lie apart. */
export function smallUpTo(
  { tests }: Pick<ReportColumn, 'tests'>,
  { unit }: Pick<ReportEffect, 'unit'>,
  minEffect: number,
): number | null {
  if (unit === 'points') return minEffect;
  const spread = tests.map(({ statistic }) => statistic.spread).find((value) => value != null);
  return spread == null ? null : (spread * minEffect) / 100;
}

/** Beside it the same stands in numbers. @param small null: it can't be said */
export function EffectBar({ effect, small }: { effect: ReportEffect; small: number | null }) {
  const { value, lo, hi } = effect;
  const far = Math.max(Math.abs(value), Math.abs(lo ?? 0), Math.abs(hi ?? 0), 1.5 * (small ?? 0));
  // Shares, so that the largest doubles do no harm.
  const place = (at: number) =>
    Math.round((WIDTH / 2 + (far === 0 ? 0 : at / far) * HALF) * 10) / 10;
  const x = place(value);
  return (
    <svg class="effect" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {small !== null && small > 0 && (
        <rect
          class="small-zone"
          x={place(-small)}
          y="1"
          width={Math.round((place(small) - place(-small)) * 10) / 10}
          height={HEIGHT - 2}
        />
      )}
      <line class="zero" x1={WIDTH / 2} x2={WIDTH / 2} y1="0" y2={HEIGHT} />
      {lo !== null && hi !== null && (
        <path
          class="interval"
          d={`M${place(lo)} ${MIDDLE}H${place(hi)}M${place(lo)} ${MIDDLE - 5}v10M${place(hi)} ${MIDDLE - 5}v10`}
        />
      )}
      <path
        class={lo === null ? 'estimate bare' : 'estimate'}
        d={`M${x} ${MIDDLE - 5}l5 5l-5 5l-5-5z`}
      />
    </svg>
  );
}
