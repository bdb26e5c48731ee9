/** Diffs that were made, newest first, and the way to a new one. */
import type { Cohort } from '../../contract/diff.ts';
import type { StoredDiff } from '../../store/saved-diff.ts';
import type { Assets } from '../assets.ts';
import { fitted } from '../fitted.ts';
import { type PageContext, pathTo } from '../page.ts';
import { LabelName } from '../parts/artifact.tsx';
import { Asked } from '../parts/diff-asked.tsx';
import { Empty } from '../parts/empty.tsx';
import { Field } from '../parts/field.tsx';
import { Pager } from '../parts/pager.tsx';
import { Ago } from '../parts/time.tsx';
import { VerdictWord } from '../parts/verdict.tsx';
import { Shell } from '../shell.tsx';

interface Props {
  page: PageContext;
  assets: Assets;
  diffs: readonly StoredDiff[];
  firstPath: string | null;
  nextPath: string | null;
  /** A label that was asked for and isn't there, with what is wrong. */
  unknown: { label: string; problem: string } | null;
}

const LONGEST_SUMMARY = 300;

export function DiffsPage({ page, assets, diffs, firstPath, nextPath, unknown }: Props) {
  return (
    <Shell page={page} assets={assets} title="Diffs" room="diffs">
      <h1>Diffs</h1>
      <p>
        Two sides of one label’s traces compared: the same inputs as pairs, the rest as
        distributions. What differs is told, how sure that is, and never why.
      </p>
      <form method="get" action="/diffs" class="fields">
        <Field
          name="label"
          words="Compare the traces of a label"
          value={unknown?.label ?? ''}
          problem={unknown?.problem}
          size={40}
          most={200}
          required
        />
        <button type="submit">Choose the sides</button>
      </form>
      {diffs.length === 0 ? (
        <Empty what={firstPath === null ? 'No diff was made yet.' : 'No older diff is kept.'}>
          <p>
            Name a label above, or open one at <a href="/">Labels</a> and choose “compare before and
            after”. In a terminal:{' '}
            <code>underlabel diff NAME --before tuesday --after thursday</code>
          </p>
        </Empty>
      ) : (
        <Table page={page} diffs={diffs} />
      )}
      <Pager first={firstPath} next={nextPath} />
    </Shell>
  );
}

function Table({ page, diffs }: Pick<Props, 'page' | 'diffs'>) {
  return (
    <table class="cards diffs" data-list="">
      <caption>Reports that are kept, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Report</th>
          <th scope="col">Label</th>
          <th scope="col">Verdict</th>
          <th scope="col">Before, after</th>
          <th scope="col">Made</th>
        </tr>
      </thead>
      <tbody>
        {diffs.map(({ id, label, verdict, summary, before, after, createdAt }) => (
          <tr data-open="">
            <th scope="row">
              <a href={pathTo('diffs', id)}>{fitted(summary, LONGEST_SUMMARY)}</a>
            </th>
            <td data-name="Label">
              <LabelName name={label} />
            </td>
            <td data-name="Verdict">
              <VerdictWord verdict={verdict} />
            </td>
            <td data-name="Before, after">
              <div class="asked">
                <Asked asked={askedIn(before)} page={page} />
              </div>
              <div class="asked">
                → <Asked asked={askedIn(after)} page={page} />
              </div>
            </td>
            <td data-name="Made">
              <Ago at={createdAt} page={page} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function askedIn(json: string): Cohort['asked'] {
  return JSON.parse(json) as Cohort['asked'];
}
