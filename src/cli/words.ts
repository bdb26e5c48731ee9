/** Times, artifacts and attributions in words. Nothing here says more than is known. */
import type { AttributionJson } from '../contract/observation.ts';
import { shown } from './plain.ts';

const SECOND = 1000;
const STEPS = [
  [86_400 * SECOND, 'd'],
  [3600 * SECOND, 'h'],
  [60 * SECOND, 'min'],
  [SECOND, 's'],
] as const;

/** How long, rounded down, in the largest unit that there are two of: `90 s`, `119 min`, `2 h`. */
export function span(ms: number): string {
  const step = STEPS.find(([unit]) => ms >= unit * (unit === SECOND ? 1 : 2));
  return step ? `${Math.floor(ms / step[0])} ${step[1]}` : `${Math.max(0, Math.floor(ms))} ms`;
}

/** `12 s ago`. @param now ms; a clock that lags shows as "just now", never as the future */
export function ago(time: string, now: number): string {
  const ms = now - Date.parse(time);
  return ms < SECOND ? 'just now' : `${span(ms)} ago`;
}

/** `2026-11-17 10:02:11.250 UTC`; whole seconds without their zeros. */
export function clock(time: string): string {
  const [day, rest] = new Date(time).toISOString().split('T') as [string, string];
  return `${day} ${rest.replace(/(\.000)?Z$/, '')} UTC`;
}

/** `2026-11-17 10:02:11 UTC`: to the second at or before, or at or after, for where columns are narrow. */
export function clockSecond(time: string, rounding: 'floor' | 'ceil'): string {
  return clock(new Date(Math[rounding](Date.parse(time) / SECOND) * SECOND).toISOString());
}

/** Both ends, the day once where it is the same: `2026-11-17 10:02:11 and 10:02:41 UTC`. */
export function clocks(first: string, second: string, between = ' and '): string {
  const [a, b] = [clock(first), clock(second)];
  const sameDay = a.slice(0, 10) === b.slice(0, 10);
  return `${a.replace(' UTC', '')}${between}${sameDay ? b.slice(11) : b}`;
}

/** Enough of an artifact's id to tell it from others at a glance; whole ids are in `show` and --json. */
export function shortArtifact(artifactId: string | null): string {
  return artifactId === null ? 'absent' : artifactId.slice(0, 'sha256:'.length + 12);
}

/** When a border between two artifacts must have been crossed. */
export function windowText({ after, before }: { after: string | null; before: string }): string {
  return after === null ? `before ${clock(before)}` : `between ${clocks(after, before)}`;
}

/** The certainty word first, then what it rests on. */
export function attributionSentence(attribution: AttributionJson): string {
  const { certainty, observed, conflict, declaredBlobId } = attribution;
  const readings = `${observed}: ${readingsText(attribution)}`;
  if (certainty === observed) return readings;
  const named =
    certainty === 'proven'
      ? `proven: verified evidence names blob ${declaredBlobId}`
      : `declared: the trace itself names blob ${declaredBlobId}, unverified`;
  const against = conflict ? '; conflict: no artifact that the readings allow holds it' : '';
  return `${shown(named)}${against}; the readings say ${readings}`;
}

function readingsText({ observed, candidates, window, grounds }: AttributionJson): string {
  const { before, after } = grounds;
  switch (observed) {
    case 'bracketed':
      return `read at ${clocks(before!.receivedAt, after!.requestedAt, ' before and ')} after, ${candidates[0] === null ? 'nothing under the label' : 'same artifact'} both times`;
    case 'provisional':
      return `read at ${clock(before!.receivedAt)} before, ${candidates[0] === null ? 'nothing under the label' : 'one artifact'}; no reading asked after it confirms that yet`;
    case 'ambiguous':
      return `it changed ${windowText(window!)}, so it is one of ${candidates.length}: ${candidates.map(shortArtifact).join(', ')}`;
    case 'unobserved':
      return 'no reading says what was there: nobody registered the label, none was answered before it began, or what was read then is lost with the database that an older copy replaced';
  }
}

/** Exact to the millisecond, for those who check. */
export function attributionDetails(attribution: AttributionJson): [string, string][] {
  const { certainty, artifactId, candidates, window, grounds, declaredBlobId } = attribution;
  const lines: [string, string][] = [
    ['certainty', certainty],
    ['artifact', artifactId ?? nothingText(attribution)],
  ];
  if (declaredBlobId) lines.push(['named blob', shown(declaredBlobId)]);
  lines.push(['candidates', candidates.map((id) => id ?? 'absent').join('\n') || 'none']);
  if (window)
    lines.push(['changed', `after ${window.after ?? '(no reading)'}\nbefore ${window.before}`]);
  for (const side of ['before', 'after'] as const) {
    const reading = grounds[side];
    const text = reading
      ? `asked ${reading.requestedAt}, answered ${reading.receivedAt}`
      : 'no such reading';
    lines.push([`read ${side}`, text]);
  }
  if (grounds.maxGapMs !== null) lines.push(['longest gap', span(grounds.maxGapMs)]);
  return lines.flatMap(([name, value]) => {
    return value.split('\n').map((line, i): [string, string] => [i === 0 ? name : '', line]);
  });
}

function nothingText({ candidates, declaredBlobId }: AttributionJson): string {
  if (declaredBlobId) return 'not known: no one artifact of this label holds the named blob';
  return candidates.length === 1 ? 'absent: nothing was under the label' : 'not known';
}
