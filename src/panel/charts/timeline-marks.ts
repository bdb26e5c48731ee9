/**
 * What of a label's history can be told apart on a picture: tenures and windows one by one where there is
 * room, and together where there isn't, with how many changes there are.
 */
import type { LabelPicture, PicturedRun } from '../../store/label-picture.ts';
import { type Axis, placeOf } from './time-axis.ts';

export interface Band {
  kind: 'band';
  x: number;
  width: number;
  run: PicturedRun;
}

/** The change lies somewhere in it. */
export interface WindowMark {
  kind: 'window';
  x: number;
  width: number;
  /** The run that it leads to. */
  run: PicturedRun;
}

export interface Crowd {
  kind: 'crowd';
  x: number;
  width: number;
  from: number;
  to: number;
  changes: number;
  /** There are more changes than were counted. */
  atLeast: boolean;
}

export type Mark = Band | WindowMark | Crowd;

/** Narrower tenures beside each other are told together, as far as one can point at. */
const LEAST_BAND = 9;
const WIDEST_CROWD = 48;
/** A window is never too narrow to be seen. */
const LEAST_WINDOW = 3;

export function marksOf(
  { runs, crowded }: Pick<LabelPicture, 'runs' | 'crowded'>,
  axis: Axis,
): Mark[] {
  const place = (at: number) => placeOf(axis, at);
  const marks: Mark[] = crowded.map(({ from, to, changes, atLeast }) => ({
    ...{ kind: 'crowd', from, to, changes, atLeast },
    ...span(place(from), place(to), LEAST_WINDOW),
  }));
  let narrow: PicturedRun[] = [];
  const flush = () => {
    marks.push(...together(narrow, axis));
    narrow = [];
  };
  for (const run of runs) {
    const [begin, end] = [place(run.firstSeenAt), place(run.lastConfirmedAt)];
    const isNewest = run.until === null;
    if (end - begin < LEAST_BAND && !isNewest) {
      const first = narrow[0];
      if (first && end - place(first.after ?? first.firstSeenAt) > WIDEST_CROWD) flush();
      narrow.push(run);
      continue;
    }
    flush();
    marks.push(...alone(run, axis));
  }
  flush();
  return marks;
}

function alone(run: PicturedRun, axis: Axis): Mark[] {
  const [begin, end] = [placeOf(axis, run.firstSeenAt), placeOf(axis, run.lastConfirmedAt)];
  // Only a window that it began or ended in may be seen.
  const isSeen = run.firstSeenAt < axis.to && run.lastConfirmedAt >= axis.from;
  const band: Band[] = isSeen ? [{ kind: 'band', ...span(begin, end, 1), run }] : [];
  if (run.after === null || run.firstSeenAt < axis.from) return band;
  const window = span(placeOf(axis, run.after), begin, LEAST_WINDOW);
  return [...band, { kind: 'window', ...window, run }];
}

function together(runs: readonly PicturedRun[], axis: Axis): Mark[] {
  const [first, last] = [runs[0], runs.at(-1)];
  if (!first || !last) return [];
  if (runs.length === 1) return alone(first, axis);
  const [from, to] = [first.after ?? first.firstSeenAt, last.lastConfirmedAt];
  const place = span(placeOf(axis, from), placeOf(axis, to), LEAST_WINDOW);
  const changes = runs.filter(({ after, artifactId }) => after !== null || artifactId !== null);
  return [{ kind: 'crowd', ...place, from, to, changes: changes.length, atLeast: false }];
}

function span(begin: number, end: number, least: number): { x: number; width: number } {
  const width = Math.max(end - begin, least);
  // Made wider than it is, it stays where it is.
  const x = begin - Math.max(0, least - (end - begin)) / 2;
  return { x: Math.round(x * 10) / 10, width: Math.round(width * 10) / 10 };
}
