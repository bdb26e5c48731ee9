/** A name that nobody ever used. */
import type { Assets } from '../assets.ts';
import { cutLine } from '../cut-line.ts';
import type { PageContext } from '../page.ts';
import { LabelName } from '../parts/artifact.tsx';
import { Shell } from '../shell.tsx';

interface Props {
  page: PageContext;
  assets: Assets;
  name: string;
  near: string | null;
}

export function LabelUnknownPage({ page, assets, name, near }: Props) {
  return (
    <Shell page={page} assets={assets} title="No such label" room="labels">
      <h1>There is no such label</h1>
      <p>
        Nobody registered <code>{cutLine(name)}</code>, and no trace names it.
      </p>
      {near !== null && (
        <p>
          Did you mean <LabelName name={near} />?
        </p>
      )}
      <p>
        <a href="/">All labels</a>. A new one: <code>underlabel label add NAME --source …</code>
      </p>
    </Shell>
  );
}
