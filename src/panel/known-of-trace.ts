/** What is known of where a trace came from, a line each, so that two times can be laid beside each other. */
import type { Attribution } from '../lineage/attribution.ts';
import type { Instants } from '../lineage/reading.ts';
import type { StoredTrace } from '../store/store.ts';
import { windowText } from '../words/attribution.ts';
import { shortIds } from '../words/short-ids.ts';
import { timesIn } from './trace-words.ts';

type Known = Pick<StoredTrace, 'label' | 'attribution'>;

export interface KnownOtherwise {
  name: string;
  before: string;
  now: string;
}

interface KnownLine {
  name: string;
  text: string;
  /** What the line tells, whole: what a text leaves out may be what differs. */
  says: unknown;
}

const MOST_CANDIDATES = 10;

/** What was known otherwise before. */
export function knownOtherwise(before: Known, now: Known, zone: string): KnownOtherwise[] {
  const short = shortIds([before, now].flatMap(({ attribution }) => artifactsIn(attribution)));
  const lines = knownOf(now, zone, short);
  return knownOf(before, zone, short).flatMap(({ name, text, says }, i) => {
    const line = lines[i]!;
    if (JSON.stringify(says) === JSON.stringify(line.says)) return [];
    const others = text === line.text ? ', and not the same ones' : '';
    return [{ name, before: text, now: `${line.text}${others}` }];
  });
}

function artifactsIn({ artifactId, candidates }: Attribution): (string | null)[] {
  return [artifactId, ...candidates];
}

function knownOf(
  { label, attribution }: Known,
  zone: string,
  short: (artifactId: string) => string,
): KnownLine[] {
  const { certainty, observed, artifactId, candidates, window, grounds } = attribution;
  const { declaredBlobId, conflict } = attribution;
  const times = timesIn(zone);
  const read = (one: Instants | null) =>
    one === null
      ? 'none'
      : `asked ${times.one(one.requestedAt)}, answered ${times.one(one.receivedAt)}`;
  const artifact = artifactId === null ? nothing(attribution) : short(artifactId);
  const changed = window === null ? 'no' : windowText(window, times);
  return [
    { name: 'Label', text: label ?? 'none', says: label },
    { name: 'Certainty', text: certainty, says: certainty },
    { name: 'The readings alone', text: observed, says: observed },
    { name: 'Artifact', text: artifact, says: artifactId ?? [artifact] },
    { name: 'Candidates', text: candidatesText(candidates, short), says: candidates },
    { name: 'Changed', text: changed, says: window && [window.after, window.before] },
    { name: 'Named blob', text: declaredBlobId ?? 'none', says: declaredBlobId },
    { name: 'Conflict', text: conflict ? 'yes' : 'no', says: conflict },
    { name: 'Reading before', text: read(grounds.before), says: instants(grounds.before) },
    { name: 'Reading after', text: read(grounds.after), says: instants(grounds.after) },
  ];
}

function instants(one: Instants | null): unknown {
  return one && [one.requestedAt, one.receivedAt];
}

function nothing({ declaredBlobId, candidates }: Attribution): string {
  if (declaredBlobId !== null)
    return 'not known: no one artifact of the label holds the named blob';
  return candidates.length === 1 ? 'absent: nothing was under the label' : 'not known';
}

function candidatesText(
  candidates: readonly (string | null)[],
  short: (artifactId: string) => string,
): string {
  const shown = candidates
    .slice(0, MOST_CANDIDATES)
    .map((id) => (id === null ? 'absent' : short(id)));
  const more = candidates.length - shown.length;
  return `${shown.join(', ') || 'none'}${more > 0 ? ` and ${more} more` : ''}`;
}
