/** What is under a label: its colour, its short id, its files. Never a label alone. */
import { colourClass, shortId } from '../artifact-colour.ts';
import { pathTo } from '../page.ts';
import { visible } from '../visible.ts';

/** @param artifactId null: the source answered that nothing is there */
export function Artifact({ artifactId }: { artifactId: string | null }) {
  if (artifactId === null) return <span class="word open">absent</span>;
  return (
    <span class="artifact">
      <svg class={`swatch ${colourClass(artifactId)}`} viewBox="0 0 10 10" aria-hidden="true">
        <rect width="10" height="10" rx="2" />
      </svg>
      <a class="id" href={pathTo('artifacts', artifactId)} title={artifactId}>
        {shortId(artifactId)}
      </a>
    </span>
  );
}

const MOST_NAMES = 3;

/** Its files by name, a few of them. */
export function FileNames({ paths }: { paths: readonly string[] }) {
  const rest = paths.length - MOST_NAMES;
  const names = paths.slice(0, MOST_NAMES).map((path) => visible(path));
  return (
    <span class="soft small">
      {names.join(', ')}
      {rest > 0 ? ` and ${rest} more` : ''}
    </span>
  );
}

export function LabelName({ name }: { name: string }) {
  return <a href={pathTo('labels', name)}>{name}</a>;
}
