/** An artifact's colour: the same on every page, from its id. Colours repeat, so its id always stands beside it. */
import { SHORT } from '../words/short-ids.ts';
import { ARTIFACT_COLOURS } from './style/charts.ts';

const PREFIX = 'sha256:'.length;

/** A class that fills with the colour. @param artifactId null: nothing was under the label */
export function colourClass(artifactId: string | null): string {
  if (artifactId === null) return 'art-none';
  const digits = Number.parseInt(artifactId.slice(PREFIX, PREFIX + 8), 16);
  return `art-${(Number.isNaN(digits) ? 0 : digits) % ARTIFACT_COLOURS}`;
}

/** Enough of the id to tell it from others at a glance: `1a2b3c4d5e6f`. */
export function shortId(artifactId: string): string {
  return artifactId.slice(PREFIX, PREFIX + SHORT);
}
