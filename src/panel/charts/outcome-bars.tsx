/** Outcomes of both sides, a pair of bars each, with their numbers: chart and table in one. */
import type { ReportColumn } from '../../contract/diff.ts';
import { grouped, percent } from '../../diff/rendering/index.ts';
import { fitted } from '../fitted.ts';

type Labels = Extract<NonNullable<ReportColumn['distribution']>, { kind: 'labels' }>;

interface Props {
  rows: Labels['rows'];
  /** More are left out, and told. */
  most: number;
}

const WIDTH = 200;
const LONGEST_NAME = 60;

export function OutcomeBars({ rows, most }: Props) {
  const totals = {
    before: rows.reduce((sum, { before }) => sum + before, 0),
    after: rows.reduce((sum, { after }) => sum + after, 0),
  };
  const share = (count: number, side: 'before' | 'after') =>
    totals[side] === 0 ? 0 : count / totals[side];
  const longest = Math.max(
    1e-9,
    ...rows.flatMap(({ before, after }) => [share(before, 'before'), share(after, 'after')]),
  );
  const bar = (count: number, side: 'before' | 'after') =>
    count === 0 ? 0 : Math.max(1, Math.round((share(count, side) / longest) * WIDTH));
  return (
    <section class="scroll" tabindex={0} aria-label="Outcomes of both sides">
      <p class="soft">
        All inputs of each side by outcome: before hatched, after below it. Shares are of the side.
      </p>
      <table class="outcomes">
        <caption class="hidden">Inputs of each side by outcome</caption>
        <thead>
          <tr>
            <th scope="col">Outcome</th>
            <th scope="col" class="right">
              Before
            </th>
            <th scope="col" class="right">
              After
            </th>
            <th scope="col">
              <span class="hidden">Drawn</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, most).map(({ name, before, after }) => (
            <tr>
              <th scope="row">{fitted(name, LONGEST_NAME)}</th>
              <td class="right">
                {grouped(before)}{' '}
                <span class="soft nowrap">({percent(share(before, 'before'))})</span>
              </td>
              <td class="right">
                {grouped(after)} <span class="soft nowrap">({percent(share(after, 'after'))})</span>
              </td>
              <td>
                <svg class="pair" viewBox={`0 0 ${WIDTH} 20`} aria-hidden="true">
                  <rect
                    class="of-before"
                    width={bar(before, 'before')}
                    height="9"
                    fill="url(#fill-before)"
                  />
                  <rect class="bar-after" y="10" width={bar(after, 'after')} height="9" />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
