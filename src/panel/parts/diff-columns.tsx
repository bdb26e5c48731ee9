/** What was compared, column by column: verdict, effect with its interval, p and q. */
import type { Report, ReportColumn, ReportEffect } from '../../contract/diff.ts';
import {
  changeText,
  counted,
  effectText,
  grouped,
  percent,
  pointsText,
  probability,
  toldEffects,
} from '../../diff/rendering/index.ts';
import { EffectBar, smallUpTo } from '../charts/effect-bar.tsx';
import { diffPath } from '../diff-view.ts';
import { fitted } from '../fitted.ts';
import { VerdictWord } from './verdict.tsx';

export interface PlacedColumn {
  column: ReportColumn;
  /** In the report. */
  at: number;
}

interface Props {
  report: Report;
  columns: readonly PlacedColumn[];
  /** Of them stand below on this page. */
  here: ReadonlySet<number>;
}

const LONGEST_NAME = 80;
/** Behind a p or q: nothing that stands before a number. */
const LETTER = /^[pq] (= )?/;

/** Those that decide first, each with its place in the report. */
export function placed({ columns }: Report): PlacedColumn[] {
  return columns
    .map((column, at) => ({ column, at }))
    .sort((a, b) => Number(a.column.family === 'found') - Number(b.column.family === 'found'));
}

export function DiffColumns({ report, columns, here }: Props) {
  const { minEffect } = report.query;
  return (
    <section class="scroll" tabindex={0} aria-label="All columns, as a table">
      <table class="cards">
        <caption>
          The bar: the effect with its 95 % interval; the dashed zone is what counts as small (
          {pointsText(minEffect)}, or {minEffect} % of the spread of numbers). Without an interval,
          too few inputs say.
        </caption>
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Verdict</th>
            <th scope="col">Effect</th>
            <th scope="col">Differ</th>
            <th scope="col">Noise</th>
            <th scope="col">p</th>
            <th scope="col">q</th>
            <th scope="col">n</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((one) => (
            <Row {...one} id={report.id} minEffect={minEffect} isHere={here.has(one.at)} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({
  column,
  at,
  id,
  minEffect,
  isHere,
}: PlacedColumn & { id: string; minEffect: number; isHere: boolean }) {
  const { name, family, verdict, cases, basis, compared } = column;
  const deciding = decidingTest(column);
  return (
    <tr>
      <th scope="row">
        <a href={isHere ? `#column-${at}` : diffPath(id, { column: at })}>
          {fitted(name, LONGEST_NAME)}
        </a>
        <div class="soft small">{family === 'first' ? 'decides' : 'found by itself'}</div>
      </th>
      <td data-name="Verdict">
        <VerdictWord verdict={verdict} />
      </td>
      <td data-name="Effect">
        <ShownEffect column={column} minEffect={minEffect} />
      </td>
      <td data-name="Differ">{cases.rate === null ? '–' : percent(cases.rate)}</td>
      <td data-name="Noise">{cases.noise === null ? 'unknown' : percent(cases.noise)}</td>
      <td data-name="p">{deciding ? probability('p', deciding.p).replace(LETTER, '') : '–'}</td>
      <td data-name="q">
        {deciding?.q == null ? '–' : probability('q', deciding.q).replace(LETTER, '')}
      </td>
      <td data-name="n" title={basis === 'unpaired' ? 'not paired' : undefined}>
        {deciding ? grouped(deciding.n) : grouped(compared)}
        {basis === 'unpaired' && <div class="soft small">unpaired</div>}
      </td>
    </tr>
  );
}

/** The one with the least q: it is what the verdict hangs on. */
function decidingTest({ tests }: ReportColumn): ReportColumn['tests'][number] | null {
  const deciding = tests.filter(({ decides, q }) => decides && q !== null);
  return deciding.reduce<ReportColumn['tests'][number] | null>(
    (least, test) => (least === null || test.q! < least.q! ? test : least),
    null,
  );
}

function ShownEffect({ column, minEffect }: { column: ReportColumn; minEffect: number }) {
  const told = toldOf(column);
  if (!told) return <>–</>;
  const { effect, words } = told;
  return (
    <>
      {words}
      <EffectBar effect={effect} small={smallUpTo(column, effect, minEffect)} />
    </>
  );
}

function toldOf(column: ReportColumn): { effect: ReportEffect; words: string } | null {
  // An effect of nothing would look like one that was measured.
  if (column.verdict === 'no-data') return null;
  const [effect] = toldEffects(column);
  if (effect) return { effect, words: effectText(effect) };
  const { excess } = column.cases;
  return excess && { effect: excess, words: `${changeText(excess)} over noise` };
}

export function MoreColumns({ id, count }: { id: string; count: number }) {
  if (count <= 0) return null;
  return (
    <p>
      <a href={diffPath(id, { all: 'columns' })}>and {counted(count, 'other column')}</a>
    </p>
  );
}
