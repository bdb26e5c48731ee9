/** One cell of a flip matrix: the traces of its cases, and some of them side by side. */
import type { Report, ReportColumn } from '../../contract/diff.ts';
import { counted } from '../../diff/rendering/index.ts';
import type { Assets } from '../assets.ts';
import { type CaseBeside, LONGEST_BESIDE } from '../case-beside.ts';
import { grouped } from '../counted.ts';
import { diffPath } from '../diff-view.ts';
import { fitted } from '../fitted.ts';
import type { PageContext } from '../page.ts';
import { LabelName } from '../parts/artifact.tsx';
import { DiffCase } from '../parts/diff-case.tsx';
import { Empty } from '../parts/empty.tsx';
import { VerdictWord } from '../parts/verdict.tsx';
import { Shell } from '../shell.tsx';
import { tracePath } from '../trace-links.ts';

interface Props {
  page: PageContext;
  assets: Assets;
  report: Report;
  column: ReportColumn;
  at: number;
  cell: NonNullable<ReportColumn['matrix']>[number];
  cellAt: number;
  /** Of the pairs from `from` on. */
  shown: readonly CaseBeside[];
  from: number;
}

const LONGEST_NAME = 60;
const ROOM = { text: 3500, words: 6000, paths: 20, ids: 1 };

export function DiffCellPage(props: Props) {
  const { page, assets, report, column, at, cell, shown, from } = props;
  const { before, after, inputs, cases } = cell;
  const words = `${fitted(before, LONGEST_NAME)} → ${fitted(after, LONGEST_NAME)}`;
  return (
    <Shell page={page} assets={assets} title={`${words}, diff of ${report.label}`} room="diffs">
      <p class="crumbs">
        <a href="/diffs">Diffs</a> · <LabelName name={report.label} /> ·{' '}
        <a href={diffPath(report.id)}>the report</a> ·{' '}
        <a href={diffPath(report.id, { column: at })}>{fitted(column.name, LONGEST_NAME)}</a>
      </p>
      <h1>{words}</h1>
      <p>
        {counted(inputs, 'input')} whose {fitted(column.name, LONGEST_NAME)} went this way.{' '}
        {cases.length > 0 &&
          cases.length < inputs &&
          `The report names the traces of ${cases.length} of them. `}
        The column as a whole: <VerdictWord verdict={column.verdict} />
      </p>
      {shown.length > 0 && <h2>Side by side</h2>}
      {shown.map((found, i) => (
        <Beside found={found} number={from + i + 1} />
      ))}
      <Pairs {...props} />
    </Shell>
  );
}

function Beside({ found, number }: { found: CaseBeside; number: number }) {
  if (found === null) {
    return (
      <p class="soft">
        {number}. One of its traces is gone: it was let go of after the report was made.
      </p>
    );
  }
  if (!('tooLong' in found)) {
    return <DiffCase found={found} number={number} room={ROOM} whole={null} />;
  }
  const { before, after } = found.tooLong;
  return (
    <p>
      {number}. An output of it is too long to lay side by side (over {grouped(LONGEST_BESIDE)}{' '}
      characters), so nothing of what differs is told here. Its traces:{' '}
      <a href={tracePath(before)}>before</a>, <a href={tracePath(after)}>after</a>.
    </p>
  );
}

function Pairs({ report, at, cell, cellAt, shown, from }: Props) {
  if (cell.cases.length === 0) {
    return (
      <Empty
        what={
          cell.differs
            ? 'The report names no traces of this cell.'
            : 'Nothing differs in this cell.'
        }
      >
        <p>
          Its traces are among those of the <a href={diffPath(report.id)}>two sides</a>.
        </p>
      </Empty>
    );
  }
  const isShown = (i: number) => i >= from && i < from + shown.length;
  return (
    <>
      <h2>All that the report names</h2>
      <section class="scroll" tabindex={0} aria-label="Traces of the cases">
        <table>
          <caption>The latest run of each side</caption>
          <thead>
            <tr>
              <th scope="col">Case</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
              <th scope="col">Look</th>
            </tr>
          </thead>
          <tbody>
            {cell.cases.map((pair, i) => (
              <tr>
                <th scope="row">{i + 1}</th>
                <td>
                  <a class="id" href={tracePath(pair.before)}>
                    {fitted(pair.before, 60)}
                  </a>
                </td>
                <td>
                  <a class="id" href={tracePath(pair.after)}>
                    {fitted(pair.after, 60)}
                  </a>
                </td>
                <td>
                  {isShown(i) ? (
                    'above'
                  ) : (
                    <a href={diffPath(report.id, { column: at, cell: cellAt, from: i })}>
                      side by side<span class="hidden">, case {i + 1}</span>
                    </a>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
