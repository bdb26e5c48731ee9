/** Choosing what an artifact is compared with. */
import type { ArtifactBeside } from '../../store/store.ts';
import { shortId } from '../artifact-colour.ts';
import type { PageContext } from '../page.ts';
import { exact } from '../when.ts';
import { Field } from './field.tsx';

interface Props {
  artifactId: string;
  beside: readonly ArtifactBeside[];
  page: PageContext;
}

export function CompareForm({ artifactId, beside, page }: Props) {
  return (
    <form method="get" action="/compare" class="fields">
      <input type="hidden" name="after" value={artifactId} />
      {beside.length > 0 && (
        <label>
          <span>From this artifact of the same labels</span>
          <select name="before">
            {beside.map((one) => (
              <option value={one.artifactId}>
                {shortId(one.artifactId)}, {one.label}, last confirmed{' '}
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
