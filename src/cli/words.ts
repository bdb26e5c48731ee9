/** Times, artifacts and attributions in words. Nothing here says more than is known. */
import type { AttributionJson } from '../contract/observation.ts';
import {
  type ChangeWindow,
  attributionSentence as sentenceOf,
  shortArtifact,
  type TimesInWords,
  windowText as windowIn,
} from '../words/attribution.ts';
import { howLong as span } from '../words/how-long.ts';
import { shown } from './plain.ts';

/** Whole ids are in `show` and --json. */
export { shortArtifact, span };

const SECOND = 1000;

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

/** In UTC, exact. */
const CLOCKS: TimesInWords<string> = { one: clock, two: clocks };

/** When a border between two artifacts must have been crossed. */
export function windowText(window: ChangeWindow<string>): string {
  return windowIn(window, CLOCKS);
}

/** The certainty word first, then what it rests on. */
export function attributionSentence(attribution: AttributionJson): string {
  const { declaredBlobId } = attribution;
  const named = declaredBlobId === null ? null : shown(declaredBlobId);
  return sentenceOf({ ...attribution, declaredBlobId: named }, CLOCKS);
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
