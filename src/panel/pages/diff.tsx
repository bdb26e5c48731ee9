/** The report of a diff: its sentence and verdict first, then all that they rest on. */
import type { Report } from '../../contract/diff.ts';
import { longVerdict } from '../../diff/rendering/index.ts';
import type { Assets } from '../assets.ts';
import { BeforeFill } from '../charts/before-fill.tsx';
import { counted } from '../counted.ts';
import { formPath } from '../diff-form.ts';
import { type DiffView, diffPath, downloadPath } from '../diff-view.ts';
import { fitted } from '../fitted.ts';
import { may, type PageContext } from '../page.ts';
import { LabelName } from '../parts/artifact.tsx';
import { Copy } from '../parts/copy.tsx';
import { type CaseRoom, DiffCase } from '../parts/diff-case.tsx';
import { DiffColumn } from '../parts/diff-column.tsx';
import { DiffColumns, MoreColumns, type PlacedColumn, placed } from '../parts/diff-columns.tsx';
import { DiffCompared } from '../parts/diff-compared.tsx';
import { DiffMade, DiffNotes, DiffSkipped, DiffSlices } from '../parts/diff-ending.tsx';
import { VerdictWord } from '../parts/verdict.tsx';
import { Shell } from '../shell.tsx';

interface Props {
  page: PageContext;
  assets: Assets;
  report: Report;
  createdAt: number;
  view: DiffView;
  /** Of this page. */
  url: string;
}

const LONGEST_SUMMARY = 2000;
/** Among everything else, and where they have the page for themselves. */
const MOST_COLUMNS = { among: 16, alone: 60 };
const MOST_DETAILED = 3;
const MOST_CASES = { among: 3, listed: 10 };
const ROOM: Record<'among' | 'listed' | 'alone', CaseRoom> = {
  among: { text: 450, words: 1000, paths: 5, ids: 1 },
  listed: { text: 500, words: 1000, paths: 4, ids: 1 },
  alone: { text: 9000, words: 20_000, paths: 20, ids: 5 },
};

export function DiffPage(props: Props) {
  const { page, assets, report, view } = props;
  const { label } = report;
  return (
    <Shell page={page} assets={assets} title={`Diff of ${label}`} room="diffs">
      <BeforeFill />
      <p class="crumbs">
        <a href="/diffs">Diffs</a> · <LabelName name={label} />
      </p>
      <h1>Diff of {label}</h1>
      <p class="verdict row">
        <VerdictWord verdict={report.verdict} />{' '}
        <span class="soft">{longVerdict(report.verdict)}</span>
      </p>
      <p class="summary">{fitted(report.summary, LONGEST_SUMMARY)}</p>
      {isPart(view) ? (
        <p>
          <a href={diffPath(report.id)}>The whole report</a>
        </p>
      ) : (
        <Ways {...props} />
      )}
      <Shown {...props} />
    </Shell>
  );
}

function isPart(view: DiffView): boolean {
  return view.column !== null || view.case !== null || view.all !== null;
}

function Shown(props: Props) {
  const { report, view } = props;
  const { cases, columns, id, query } = report;
  const column = view.column === null ? undefined : columns[view.column];
  if (column && view.column !== null) {
    return (
      <DiffColumn id={id} column={column} at={view.column} minEffect={query.minEffect} isAlone />
    );
  }
  const found = view.case === null ? undefined : cases[view.case];
  if (found && view.case !== null) {
    return <DiffCase found={found} number={view.case + 1} room={ROOM.alone} whole={null} isAlone />;
  }
  if (view.all === 'cases') return <Cases report={report} from={view.from} />;
  if (view.all === 'columns') {
    const all = placed(report).slice(0, MOST_COLUMNS.alone);
    return <DiffColumns report={report} columns={all} here={new Set()} />;
  }
  if (view.all === 'slices') return <DiffSlices slices={report.slices} all={null} />;
  return <Whole {...props} />;
}

/** Where it can go from here: to others, to files, to paper. */
function Ways({ page, report, url }: Props) {
  const { id } = report;
  return (
    <p class="row noprint">
      <span>
        <a href={diffPath(id)}>Link to this report</a> <Copy text={url} what="the link" />
      </span>
      <a href={downloadPath(id, 'json')} download={`${id}.json`}>
        JSON
      </a>
      <a href={downloadPath(id, 'markdown')} download={`${id}.md`}>
        Markdown
      </a>
      <a href={downloadPath(id, 'junit')} download={`${id}.xml`}>
        JUnit
      </a>
      <a href={againPath(report)}>Compare again, or otherwise</a>
      {may(page, 'review') && <a href={`${diffPath(id)}/remove`}>Remove…</a>}
    </p>
  );
}

function Whole({ page, report, createdAt }: Props) {
  const columns = placed(report);
  const detailed = columns.slice(0, MOST_COLUMNS.among).filter(isDetailed).slice(0, MOST_DETAILED);
  const here = new Set(detailed.map(({ at }) => at));
  return (
    <>
      <DiffCompared report={report} page={page} />
      {columns.length > 0 && (
        <section aria-labelledby="columns">
          <h2 id="columns">Columns</h2>
          <DiffColumns report={report} columns={columns.slice(0, MOST_COLUMNS.among)} here={here} />
          <MoreColumns id={report.id} count={columns.length - MOST_COLUMNS.among} />
          {detailed.map((one) => (
            <DiffColumn
              id={report.id}
              {...one}
              minEffect={report.query.minEffect}
              isAlone={false}
            />
          ))}
        </section>
      )}
      <Cases report={report} from={null} />
      <DiffSlices slices={report.slices} all={diffPath(report.id, { all: 'slices' })} />
      <DiffNotes notes={report.notes} />
      <DiffSkipped skipped={report.skipped} />
      <DiffMade report={report} page={page} createdAt={createdAt} />
    </>
  );
}

/** What decides, and what was found to have changed. */
function isDetailed({ column: { family, verdict } }: PlacedColumn): boolean {
  return family === 'first' || verdict === 'changed';
}

/** @param from the first that is listed, on a page of their own; null: the first few among everything else */
function Cases({ report, from }: { report: Report; from: number | null }) {
  const { cases, id } = report;
  if (cases.length === 0) return null;
  const [first, room] = from === null ? [0, ROOM.among] : [from, ROOM.listed];
  const end = first + MOST_CASES[from === null ? 'among' : 'listed'];
  const rest = cases.length - end;
  const next = diffPath(id, { all: 'cases', from: from === null ? 0 : end });
  return (
    <section aria-labelledby="cases">
      <h2 id="cases">Most changed cases</h2>
      {cases.slice(first, end).map((found, i) => (
        <DiffCase
          found={found}
          number={first + i + 1}
          room={room}
          whole={diffPath(id, { case: first + i })}
        />
      ))}
      {rest > 0 && (
        <p>
          <a href={next}>
            {from === null
              ? `All ${counted(cases.length, 'case')}`
              : `and ${counted(rest, 'other case')}`}
          </a>
        </p>
      )}
    </section>
  );
}

/** The form with what was asked for. */
function againPath({ label, before, after, query }: Report): string {
  const sides = [['before', before.asked] as const, ['after', after.asked] as const].flatMap(
    ([side, asked]) => {
      if ('artifact' in asked) return [[side, asked.artifact]];
      if ('blobId' in asked) return [[side, asked.blobId]];
      return [
        [`${side}From`, asked.from],
        [`${side}To`, asked.to],
      ];
    },
  );
  const fields = query.fields.map(({ path, kind }) => (kind === null ? path : `${path} ${kind}`));
  return formPath({
    label,
    ...Object.fromEntries(sides),
    fields: fields.join('\n'),
    minEffect: String(query.minEffect),
    provisional: query.includeProvisional ? 'yes' : '',
    across: query.across ? 'yes' : '',
  });
}
