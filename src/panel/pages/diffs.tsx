/** Diffs that were made, newest first, and the way to a new one. */
import type { StoredDiff } from '../../store/saved-diff.ts';
import type { Assets } from '../assets.ts';
import { cutLine } from '../cut-line.ts';
import type { PageContext } from '../page.ts';
import { DiffTable } from '../parts/diff-table.tsx';
import { Empty } from '../parts/empty.tsx';
import { Field } from '../parts/field.tsx';
import { Pager } from '../parts/pager.tsx';
import { Shell } from '../shell.tsx';

interface Props {
  page: PageContext;
  assets: Assets;
  diffs: readonly StoredDiff[];
  /** Of which labels they are, a glob; '': of all. */
  of: string;
  firstPath: string | null;
  nextPath: string | null;
  /** A label that was asked for and isn't there, with what is wrong. */
  unknown: { label: string; problem: string } | null;
}

export function DiffsPage(props: Props) {
  const { page, assets, diffs, of, firstPath, nextPath, unknown } = props;
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
          value={unknown?.label ?? (/[*?]/.test(of) ? '' : of)}
          problem={unknown?.problem}
          size={40}
          most={200}
          required
        />
        <button type="submit">Choose the sides</button>
      </form>
      {of !== '' && (
        <p>
          Of <code>{cutLine(of, 200)}</code> alone. <a href="/diffs">All reports</a>
        </p>
      )}
      {diffs.length === 0 ? (
        <Nothing {...props} />
      ) : (
        <DiffTable page={page} diffs={diffs} caption="Reports that are kept, newest first" labels />
      )}
      <Pager first={firstPath} next={nextPath} />
    </Shell>
  );
}

function Nothing({ of, firstPath }: Props) {
  if (firstPath !== null) return <Empty what="No older diff is kept." />;
  return (
    <Empty what={of === '' ? 'No diff was made yet.' : 'No diff of a label called so is kept.'}>
      <p>
        Name a label above, or open one at <a href="/">Labels</a> and choose “compare before and
        after”. In a terminal: <code>underlabel diff NAME --before tuesday --after thursday</code>
      </p>
    </Empty>
  );
}
