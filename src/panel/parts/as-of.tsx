/** What did we know then: a field for the time, and the word that not all of what is known is shown. */
import type { GivenTime } from '../given-time.ts';
import { hintOf } from '../given-time.ts';
import type { PageContext } from '../page.ts';
import { Field } from './field.tsx';
import { At } from './time.tsx';

interface Props {
  page: PageContext;
  /** Of the page without a time. */
  path: string;
  asOf: GivenTime;
  /** What of the page is left out, and what isn't. */
  leaves: string;
}

export function AsOf({ page, path, asOf, leaves }: Props) {
  return (
    <>
      {asOf.at !== null && (
        <div class="notice care">
          <p>
            As of <At at={asOf.at} page={page} />. {leaves} <a href={path}>All that is known now</a>
          </p>
        </div>
      )}
      <form method="get" action={path} class="fields">
        <Field
          name="asOf"
          words="What was known at"
          value={asOf.text}
          hint={hintOf(page.zone)}
          problem={asOf.problem}
          size={26}
        />
        <button type="submit">Show</button>
      </form>
    </>
  );
}
