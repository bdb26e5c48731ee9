/** What was compared of a label already: its newest reports, beside the form of the next. */
import type { StoredDiff } from '../../store/saved-diff.ts';
import { diffsPath } from '../diff-form.ts';
import type { PageContext } from '../page.ts';
import { DiffTable } from './diff-table.tsx';

export interface Kept {
  /** The newest. */
  kept: readonly StoredDiff[];
  keptMore: boolean;
}

export function KeptDiffs({
  page,
  label,
  kept,
  keptMore,
}: Kept & { page: PageContext; label: string }) {
  return (
    <section aria-labelledby="kept">
      <h2 id="kept">Already compared</h2>
      {kept.length === 0 ? (
        <p class="soft">No report of this label is kept yet.</p>
      ) : (
        <>
          <DiffTable
            page={page}
            diffs={kept}
            caption={`Reports of this label, ${keptMore ? 'the newest' : 'newest first'}`}
            labels={false}
          />
          <p>
            <a href={diffsPath(label)}>All reports of {label}</a>
          </p>
        </>
      )}
    </section>
  );
}
