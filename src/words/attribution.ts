/** An attribution as a sentence, with its grounds. Nothing here says more than is known. */
import type { Attribution } from '../lineage/attribution.ts';
import { shortIds } from './short-ids.ts';

/** An attribution, whatever its times are written in. */
export interface Attributed<T> {
  certainty: Attribution['certainty'];
  observed: Attribution['observed'];
  candidates: readonly (string | null)[];
  window: ChangeWindow<T> | null;
  conflict: boolean;
  declaredBlobId: string | null;
  grounds: { before: Asked<T> | null; after: Asked<T> | null };
}

export interface ChangeWindow<T> {
  after: T | null;
  before: T;
}

interface Asked<T> {
  requestedAt: T;
  receivedAt: T;
}

/** Times as whoever reads them wants them. */
export interface TimesInWords<T> {
  one(time: T): string;
  /** Both, with what stands between them. */
  two(first: T, second: T, between: string): string;
}

/** Enough of an artifact's id to tell it from others at a glance. */
export function shortArtifact(artifactId: string | null): string {
  return artifactId === null ? 'absent' : artifactId.slice(0, 'sha256:'.length + 12);
}

/** The same of several that stand together: no two read alike. */
function apart(artifactIds: readonly (string | null)[]): string[] {
  const short = shortIds(artifactIds);
  return artifactIds.map((id) => (id === null ? 'absent' : `sha256:${short(id)}`));
}

/** When a border between two artifacts must have been crossed. */
export function windowText<T>({ after, before }: ChangeWindow<T>, times: TimesInWords<T>): string {
  return after === null
    ? `before ${times.one(before)}`
    : `between ${times.two(after, before, ' and ')}`;
}

/** The certainty word first, then what it rests on. */
export function attributionSentence<T>(attribution: Attributed<T>, times: TimesInWords<T>): string {
  const { certainty, observed, conflict, declaredBlobId } = attribution;
  const readings = `${observed}: ${readingsText(attribution, times)}`;
  if (certainty === observed) return readings;
  const named =
    certainty === 'proven'
      ? `proven: verified evidence names blob ${declaredBlobId}`
      : `declared: the trace itself names blob ${declaredBlobId}, unverified`;
  const against = conflict ? '; conflict: no artifact that the readings allow holds it' : '';
  return `${named}${against}; the readings say ${readings}`;
}

function readingsText<T>(
  { observed, candidates, window, grounds }: Attributed<T>,
  times: TimesInWords<T>,
): string {
  const { before, after } = grounds;
  switch (observed) {
    case 'bracketed':
      return `read at ${times.two(before!.receivedAt, after!.requestedAt, ' before and ')} after, ${candidates[0] === null ? 'nothing under the label' : 'same artifact'} both times`;
    case 'provisional':
      return `read at ${times.one(before!.receivedAt)} before, ${candidates[0] === null ? 'nothing under the label' : 'one artifact'}; no reading asked after it confirms that yet`;
    case 'ambiguous':
      return `it changed ${windowText(window!, times)}, so it is one of ${candidates.length}: ${apart(candidates).join(', ')}`;
    case 'unobserved':
      return 'no reading says what was there: nobody registered the label, none was answered before it began, or what was read then is lost with the database that an older copy replaced';
  }
}
