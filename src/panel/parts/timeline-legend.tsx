/** What the parts of a timeline mean. */

import type { LabelPicture } from '../../store/label-picture.ts';
import { Sample } from '../charts/fills.tsx';
import { grouped } from '../counted.ts';
import type { Series } from '../trace-series.ts';

interface Props {
  decisions: readonly Series[];
  certainties: readonly Series[];
  /** Null: nothing was read. */
  picture: LabelPicture | null;
}

export function TimelineLegend({ decisions, certainties, picture }: Props) {
  const series = (name: string, all: readonly Series[]) =>
    all.length > 0 && (
      <ul class="legend" aria-label={name}>
        <li class="soft">{name}:</li>
        {all.map((one) => (
          <li>
            <Sample fill={one.fill} /> {one.name} {grouped(one.total)}
          </li>
        ))}
      </ul>
    );
  return (
    <>
      {series('By decision', decisions)}
      {series('By certainty', certainties)}
      {picture && (
        <ul class="legend" aria-label="Under the label">
          {picture.runs.length > 1 && (
            <li>
              <Sample fill="window" /> a change lies somewhere in it
            </li>
          )}
          <li>
            <Sample fill="gap" /> nobody looked
          </li>
          {picture.lost.length > 0 && (
            <li>
              <Sample fill="lost" /> what was read is lost
            </li>
          )}
          <li>paler: not confirmed yet</li>
          <li>ticks: readings{picture.failures === 0 ? '' : '; the lower ones failed'}</li>
        </ul>
      )}
    </>
  );
}
