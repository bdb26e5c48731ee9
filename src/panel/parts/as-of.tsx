/** What did we know then: a field for the time, and the word that not all of what is known is shown. */
import type { GivenTime } from '../given-time.ts';
import { hintOf } from '../given-time.ts';
import type { PageContext } from '../page.ts';
import { visible } from '../visible.ts';
import { At } from './time.tsx';

interface FormProps {
  page: PageContext;
  /** Of the page without a time. */
  path: string;
  asOf: GivenTime;
}

interface Props extends FormProps {
  /** What of the page is left out, and what isn't. */
  leaves: string;
}

/** On top of the page, before anything that it is about. */
export function AsOfNotice({ leaves, page, path, asOf }: Props) {
  if (asOf.at === null) return <UnreadTime asOf={asOf} />;
  return (
    <div class="notice care">
      <p>
        As of <At at={asOf.at} page={page} />. {asOf.at > page.now ? AHEAD : leaves}{' '}
        <a href={path}>All that is known now</a>
      </p>
    </div>
  );
}

export const AHEAD = 'That time is ahead: this is what is known now.';

/** Where a time was given that can't be read, that nothing on the page is as of it. */
export function UnreadTime({ asOf: { text, problem } }: { asOf: GivenTime }) {
  if (problem === null) return null;
  return (
    <div class="notice care">
      <p>
        <strong>The time ‘{visible(text)}’ can’t be read, so nothing is shown as of it.</strong> All
        that follows is as of now.
      </p>
    </div>
  );
}

/** The field and its button on one line, its hint below: that is wider than both. */
export function AsOfForm({ page, path, asOf: { text, problem } }: FormProps) {
  const [action, query] = path.split('?');
  const hint = hintOf(page.zone);
  // Mostly it says what is wrong as well.
  const isHinted = !problem?.includes(hint);
  const described = [isHinted ? 'asOf-hint' : '', problem ? 'asOf-problem' : ''].filter(Boolean);
  return (
    <form method="get" action={action} class="as-of">
      {/* A form leaves out the query of its own address. */}
      {[...new URLSearchParams(query)].map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <label for="asOf-field">
        <span>What was known at</span>
      </label>
      <div class="row">
        <input
          id="asOf-field"
          name="asOf"
          value={text}
          size={26}
          autocomplete="off"
          spellcheck={false}
          aria-invalid={problem ? 'true' : undefined}
          aria-describedby={described.join(' ')}
        />
        <button type="submit">Show</button>
      </div>
      {isHinted && (
        <div id="asOf-hint" class="soft small">
          {hint}
        </div>
      )}
      {problem && (
        <div id="asOf-problem" class="error small" role="alert">
          What was known at: {problem}
        </div>
      )}
    </form>
  );
}
