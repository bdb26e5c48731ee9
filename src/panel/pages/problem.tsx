/** What went wrong, what follows, and where to go on. */
import type { Assets } from '../assets.ts';
import type { PageContext } from '../page.ts';
import type { Problem } from '../panel.tsx';
import { ROOMS, Shell } from '../shell.tsx';
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
        <p>
          <Detail text={problem.detail} />
        </p>
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

/** Where it names a room of the panel as the way on (`/alerts lists …`), that is a link. */
const ROOM = new RegExp(
  `(?<=\\s)(${ROOMS.map(([, , path]) => path)
    .filter((path) => path !== '/')
    .join('|')})(?= lists )`,
);

function Detail({ text }: { text: string }) {
  // What somebody typed is in it too: it leads to no other place than these, whatever it says.
  const parts = visible(text).split(ROOM);
  return <>{parts.map((part, i) => (i % 2 === 0 ? part : <a href={part}>{part}</a>))}</>;
}
