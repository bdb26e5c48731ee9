/** Which stretch of time a label's timeline shows: from the URL, and as URLs to others. */
import { HOUR_MS } from '../store/trace-count.ts';
import { type GivenTime, givenTime } from './given-time.ts';

export const PRESETS = { '1h': 1, '24h': 24, '7d': 168, '30d': 720, all: null } as const;
export type Preset = keyof typeof PRESETS;

export interface TimelineRange {
  from: number;
  to: number;
  /** Null: by `from` and `to`. */
  preset: Preset | null;
  /** As given, with what is wrong with them. */
  given: { from: GivenTime; to: GivenTime; problem: string | null };
}

interface Query {
  from: string | undefined;
  to: string | undefined;
  range: string | undefined;
}

/** All that is known of a label lies within, ms. */
interface Extent {
  from: number;
  to: number;
}

const LEAST_MS = 1000;
const WEEK_MS = 168 * HOUR_MS;
/** Years past 9999 can't be written. */
const LATEST = Date.UTC(9999, 0);

/** What can't be read shows the usual stretch, and says so. */
export function timelineRange(query: Query, zone: string, extent: Extent): TimelineRange {
  const from = givenTime(query.from, zone, 'floor');
  const to = givenTime(query.to, zone, 'ceil');
  const preset = Object.hasOwn(PRESETS, query.range ?? '') ? (query.range as Preset) : null;
  const given = { from, to, problem: null };
  const isGiven = from.at !== null || to.at !== null;
  if (from.problem !== null || to.problem !== null || !isGiven) {
    return { ...ofPreset(preset ?? usual(extent), extent), given };
  }
  const end = to.at ?? extent.to;
  const begin = from.at ?? Math.min(extent.from, end - LEAST_MS);
  if (end > begin) return { ...widened({ from: begin, to: end }), preset: null, given };
  const problem = 'the end has to lie after the beginning';
  return { ...ofPreset(usual(extent), extent), given: { ...given, problem } };
}

/** All there is where it isn't long, else the last week. */
function usual({ from, to }: Extent): Preset {
  return to - from <= WEEK_MS ? 'all' : '7d';
}

function ofPreset(preset: Preset, extent: Extent): Extent & { preset: Preset } {
  const hours = PRESETS[preset];
  const from = hours === null ? extent.from : extent.to - hours * HOUR_MS;
  return { ...widened({ from, to: extent.to }), preset };
}

function widened({ from, to }: Extent): Extent {
  const middle = (from + to) / 2;
  const half = Math.max(to - from, LEAST_MS) / 2;
  const begin = Math.max(-LATEST, Math.floor(middle - half));
  return {
    from: begin,
    to: Math.min(LATEST, Math.max(begin + LEAST_MS, Math.ceil(middle + half))),
  };
}

/** Moves and zooms, as parameters of the page. */
export function steps({ from, to }: Extent, now: number) {
  const length = to - from;
  const half = length / 2;
  return {
    in: asQuery(widened({ from: from + length / 4, to: to - length / 4 })),
    out: asQuery(widened({ from: from - half, to: to >= now ? to : to + half })),
    earlier: asQuery(widened({ from: from - half, to: to - half })),
    later: asQuery(widened({ from: from + half, to: to + half })),
  };
}

/** With a tenth more on both sides, so that its borders are seen. */
export function around({ from, to }: Extent): Extent {
  const room = Math.max((to - from) / 10, LEAST_MS);
  return widened({ from: from - room, to: to + room });
}

export function asQuery({ from, to }: Extent): { from: string; to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12, 24, 48, 168, 336, 720, 2160, 8760, 87_600, 876_000].map(
    (hours) => hours * HOUR_MS,
  ),
];
const MOST_BUCKETS = 48;

/** How long the steps are that traces are counted together for, ms: few enough to be told apart. */
export function bucketMs({ from, to }: Extent): number {
  return STEPS_MS.find((step) => (to - from) / step <= MOST_BUCKETS) ?? STEPS_MS.at(-1)!;
}
