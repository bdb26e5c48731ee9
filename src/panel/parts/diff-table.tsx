/** Reports that are kept: what each says, its verdict, and what its sides were asked to be. */
import type { Cohort } from '../../contract/diff.ts';
import type { StoredDiff } from '../../store/saved-diff.ts';
import { fitted } from '../fitted.ts';
import { type PageContext, pathTo } from '../page.ts';
import { LabelName } from './artifact.tsx';
import { Asked } from './diff-asked.tsx';
import { Ago } from './time.tsx';
import { VerdictWord } from './verdict.tsx';

interface Props {
  page: PageContext;
  diffs: readonly StoredDiff[];
  caption: string;
  /** False: all are of one label, which the page names. */
  labels: boolean;
}

const LONGEST_SUMMARY = 300;

export function DiffTable({ page, diffs, caption, labels }: Props) {
  return (
    <table class="cards diffs" data-list="">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Report</th>
          {labels && <th scope="col">Label</th>}
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
            {labels && (
              <td data-name="Label">
                <LabelName name={label} />
              </td>
            )}
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
