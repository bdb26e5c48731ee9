/** The colour of an artifact; its id always stands beside it. */
import { colourClass } from '../artifact-colour.ts';

export function Swatch({ artifactId }: { artifactId: string }) {
  return (
    <span class="artifact">
      <svg class={`swatch ${colourClass(artifactId)}`} viewBox="0 0 10 10" aria-hidden="true">
        <rect width="10" height="10" rx="2" />
      </svg>
    </span>
  );
}
