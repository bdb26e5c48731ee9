/** The table behind the bars: traces by time, with links to them. */
import type { TraceCount } from '../../store/trace-count.ts';
import { grouped } from '../counted.ts';
import { written } from '../filter-line.ts';
import type { PageContext } from '../page.ts';
import { tracesPath } from '../trace-links.ts';
import { byCertainty, byDecision, type Series } from '../trace-series.ts';
import { At } from './time.tsx';

interface Props {
  page: PageContext;
  name: string;
  buckets: readonly TraceCount[];
  bucketWords: string;
}

export function TraceCountTable({ page, name, buckets, bucketWords }: Props) {
  return (
    <details>
      <summary>These traces as a table</summary>
      <table class="cards">
        <caption>Traces that began in every {bucketWords}, by the full hours of UTC</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Traces</th>
            <th scope="col">By decision</th>
            <th scope="col">By certainty</th>
          </tr>
        </thead>
        <tbody>
          {buckets.map((bucket) => (
            <tr>
              <th scope="row">
                <a href={tracesOf(name, bucket)}>
                  <At at={bucket.from} page={page} />
                </a>
              </th>
              <td data-name="Traces" class="right" data-quiet="">
                {grouped(bucket.traces)}
              </td>
              <td data-name="By decision" data-quiet="">
                {totals(byDecision([bucket]))}
              </td>
              <td data-name="By certainty" data-quiet="">
                {totals(byCertainty([bucket]))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** `HOLD 12, CLEAR 3`. */
export function totals(series: readonly Series[]): string {
  return series.map(({ name, total }) => `${name} ${grouped(total)}`).join(', ');
}

function tracesOf(name: string, { from, to }: TraceCount): string {
  const [after, before] = [new Date(from).toISOString(), new Date(to).toISOString()];
  return tracesPath(
    [written('label', name), written('after', after), written('before', before)].join(' '),
  );
}
