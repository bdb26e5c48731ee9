/** What is known of where a trace came from, a line each, so that two times can be laid beside each other. */
import type { Instants } from '../lineage/reading.ts';
import type { StoredTrace } from '../store/store.ts';
import { windowText } from '../words/attribution.ts';
import { shortId } from './artifact-colour.ts';
import { timesIn } from './trace-words.ts';

export interface KnownLine {
  name: string;
  text: string;
}

const MOST_CANDIDATES = 10;

export function knownOf(
  { label, attribution }: Pick<StoredTrace, 'label' | 'attribution'>,
  zone: string,
): KnownLine[] {
  const { certainty, observed, artifactId, candidates, window, grounds } = attribution;
  const times = timesIn(zone);
  const read = (one: Instants | null) =>
    one === null
      ? 'none'
      : `asked ${times.one(one.requestedAt)}, answered ${times.one(one.receivedAt)}`;
  return [
    { name: 'Label', text: label ?? 'none' },
    { name: 'Certainty', text: certainty },
    { name: 'The readings alone', text: observed },
    { name: 'Artifact', text: artifactId === null ? nothing(attribution) : shortId(artifactId) },
    { name: 'Candidates', text: candidatesText(candidates) },
    { name: 'Changed', text: window === null ? 'no' : windowText(window, times) },
    { name: 'Named blob', text: attribution.declaredBlobId ?? 'none' },
    { name: 'Conflict', text: attribution.conflict ? 'yes' : 'no' },
    { name: 'Reading before', text: read(grounds.before) },
    { name: 'Reading after', text: read(grounds.after) },
  ];
}

function nothing({ declaredBlobId, candidates }: StoredTrace['attribution']): string {
  if (declaredBlobId !== null)
    return 'not known: no one artifact of the label holds the named blob';
  return candidates.length === 1 ? 'absent: nothing was under the label' : 'not known';
}

function candidatesText(candidates: readonly (string | null)[]): string {
  const shown = candidates
    .slice(0, MOST_CANDIDATES)
    .map((id) => (id === null ? 'absent' : shortId(id)));
  const more = candidates.length - shown.length;
  return `${shown.join(', ') || 'none'}${more > 0 ? ` and ${more} more` : ''}`;
}
