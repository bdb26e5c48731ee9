/** What went wrong, what follows, and where to go on. */
import type { Assets } from '../assets.ts';
import type { PageContext } from '../page.ts';
import type { Problem } from '../panel.tsx';
import { Shell } from '../shell.tsx';
import { visible } from '../visible.ts';

export function ProblemPage({
  page,
  assets,
  problem,
}: {
  page: PageContext;
  assets: Assets;
  problem: Problem;
}) {
  return (
    <Shell page={page} assets={assets} title={problem.title}>
      <h1>{problem.title}</h1>
      <div class="notice alarm">
        <p>{visible(problem.detail)}</p>
      </div>
      {problem.link && (
        <p>
          <a href={problem.link.path}>{problem.link.words}</a>
        </p>
      )}
      <p>
        <a href="/">All labels</a>
      </p>
    </Shell>
  );
}
