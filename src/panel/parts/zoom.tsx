/** Moves along a timeline: links, which keys follow too. */
import { hintOf } from '../given-time.ts';
import { type PageContext, withQuery } from '../page.ts';
import { asQuery, PRESETS, steps, type TimelineRange } from '../timeline-range.ts';
import { Field } from './field.tsx';

interface Props {
  page: PageContext;
  /** Of the label. */
  path: string;
  range: TimelineRange;
}

const MOVES = [
  ['earlier', '[', '← earlier'],
  ['in', '+', 'zoom in'],
  ['out', '-', 'zoom out'],
  ['later', ']', 'later →'],
] as const;

export function Zoom({ page, path, range }: Props) {
  const to = steps(range, page.now);
  const { given } = range;
  const current = asQuery(range);
  const typed = { from: given.from.text || current.from, to: given.to.text || current.to };
  return (
    <div class="noprint">
      <nav class="zoom" aria-label="Time shown">
        {Object.keys(PRESETS).map((preset) => (
          <a
            class="button"
            href={withQuery(path, { range: preset })}
            aria-current={range.preset === preset ? 'true' : undefined}
          >
            {preset === 'all' ? 'all' : preset.replace('h', ' h').replace('d', ' d')}
          </a>
        ))}
        {MOVES.map(([move, key, words]) => (
          <a class="button" href={withQuery(path, to[move])} data-key={key}>
            {words} <kbd>{key}</kbd>
          </a>
        ))}
      </nav>
      <details
        open={given.from.problem !== null || given.to.problem !== null || given.problem !== null}
      >
        <summary>From and to</summary>
        <form method="get" action={path} class="fields">
          <Field name="from" words="From" value={typed.from} problem={given.from.problem} />
          <Field
            name="to"
            words="To"
            value={typed.to}
            problem={given.to.problem ?? given.problem}
            hint={hintOf(page.zone)}
          />
          <button type="submit">Show</button>
        </form>
      </details>
    </div>
  );
}
