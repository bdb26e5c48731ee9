/** Choosing what an artifact is compared with. */
import type { ArtifactBeside } from '../../store/store.ts';
import { shortIds } from '../../words/short-ids.ts';
import type { PageContext } from '../page.ts';
import { exact } from '../when.ts';
import { Field } from './field.tsx';

interface Props {
  artifactId: string;
  /** One more than `most` where there are more. */
  beside: readonly ArtifactBeside[];
  most: number;
  page: PageContext;
}

export function CompareForm({ artifactId, beside, most, page }: Props) {
  const listed = beside.slice(0, most);
  const short = shortIds([artifactId, ...listed.map((one) => one.artifactId)]);
  return (
    <form method="get" action="/compare" class="fields">
      <input type="hidden" name="after" value={artifactId} />
      {beside.length > 0 && (
        <label>
          <span>
            From this artifact of the same labels
            {beside.length > most && ` (the ${most} confirmed last)`}
          </span>
          <select name="before">
            {listed.map((one) => (
              <option value={one.artifactId}>
                {short(one.artifactId)}, {one.label}, last confirmed{' '}
                {exact(one.lastConfirmedAt, page.zone)}
              </option>
            ))}
          </select>
        </label>
      )}
      <Field
        name="other"
        words={beside.length > 0 ? 'or from any other, by its id' : 'From this artifact, by its id'}
        hint={beside.length > 0 ? undefined : 'Its labels held no other one so far.'}
        size={44}
        most={100}
      />
      <button type="submit">Compare</button>
    </form>
  );
}
