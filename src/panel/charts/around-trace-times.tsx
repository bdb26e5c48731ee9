/** The times behind the picture of a trace. */
import type { Attribution } from '../../lineage/attribution.ts';
import type { Instants } from '../../lineage/reading.ts';
import type { PageContext } from '../page.ts';
import { exact } from '../when.ts';

interface Props {
  page: PageContext;
  startedAt: number;
  endedAt: number;
  /** What it covers, widened by what clocks and servers may be off. */
  span: { from: number; to: number };
  attribution: Pick<Attribution, 'window' | 'grounds'>;
}

export function AroundTraceTimes({ page, startedAt, endedAt, span, attribution }: Props) {
  const { grounds, window } = attribution;
  const rows: [string, number | null, number | null][] = [
    ['Reading before: asked, answered', ...instantsOf(grounds.before)],
    ['The trace: began, ended', startedAt, endedAt],
    ['The trace with what may be off', span.from, span.to],
    ['Reading after: asked, answered', ...instantsOf(grounds.after)],
  ];
  if (window) rows.push(['Window of the change', window.after, window.before]);
  return (
    <details class="small">
      <summary>These times as a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([what, from, to]) => (
            <tr>
              <th scope="row">{what}</th>
              <td>{from === null ? 'none' : exact(from, page.zone)}</td>
              <td>{to === null ? 'none' : exact(to, page.zone)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function instantsOf(instants: Instants | null): [number | null, number | null] {
  return [instants?.requestedAt ?? null, instants?.receivedAt ?? null];
}
