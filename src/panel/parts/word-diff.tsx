/** What differs between two texts, word by word: what went is struck through, what came underlined, and both are said. */
import type { Report } from '../../contract/diff.ts';
import { cutText } from '../cut-text.ts';

type Runs = NonNullable<Report['cases'][number]['words']>;

/** Of words that stay, so many characters near a change. */
const NEAR = 60;

interface Props {
  runs: Runs;
  /** Of the page, that it may take. */
  bytes: number;
  /** False: of what stays, only what is near a change. */
  isWhole: boolean;
}

export function WordDiff({ runs, bytes, isWhole }: Props) {
  const near = runs.map(({ op, text }, i) => ({
    op,
    text: op === 'same' && !isWhole ? nearChange(text, i === 0, i === runs.length - 1) : text,
  }));
  const parts = cutRuns(near, bytes);
  return (
    <>
      <div class="text">
        <Marked runs={parts} />
      </div>
      {parts.length < runs.length && <p class="soft small">It goes on, and is cut here.</p>}
    </>
  );
}

/** One side of two texts beside each other: what stays, and what went or came. */
export function SideWords({
  runs,
  op,
  bytes,
}: {
  runs: Runs;
  op: 'removed' | 'added';
  bytes: number;
}) {
  const own = runs.filter((run) => run.op === 'same' || run.op === op);
  return <Marked runs={cutRuns(own, bytes)} />;
}

function Marked({ runs }: { runs: Runs }) {
  return (
    <>
      {runs.map(({ op, text }) => {
        if (op === 'same') return text;
        const said = (
          <>
            <span class="hidden">[{op}: </span>
            {text}
            <span class="hidden">]</span>
          </>
        );
        return op === 'added' ? <ins>{said}</ins> : <del>{said}</del>;
      })}
    </>
  );
}

/** Of the markup around a run, about. */
const MARKUP = 75;

function cutRuns(runs: Runs, bytes: number): Runs {
  let left = bytes;
  return runs.flatMap(({ op, text }) => {
    if (left <= 0) return [];
    const { shown, bytes: used, isWhole } = cutText(text, left);
    left -= used + (op === 'same' ? 0 : MARKUP);
    return [{ op, text: isWhole ? shown : `${shown}…` }];
  });
}

function nearChange(text: string, isFirst: boolean, isLast: boolean): string {
  if (text.length <= 2 * NEAR + 1) return text;
  const start = isFirst ? '' : text.slice(0, NEAR).toWellFormed();
  const end = isLast ? '' : text.slice(-NEAR).toWellFormed();
  return `${start} … ${end}`;
}
