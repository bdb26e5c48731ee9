/** From instants to places, and where an axis says which time it is. */
import { exact } from '../when.ts';

export interface Axis {
  from: number;
  to: number;
  left: number;
  width: number;
}

/** A place on the axis, to a tenth; what lies outside is at its end. */
export function placeOf({ from, to, left, width }: Axis, at: number): number {
  const share = Math.min(1, Math.max(0, (at - from) / (to - from)));
  return Math.round((left + share * width) * 10) / 10;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365, 730, 3650, 36_500, 365_000].map((count) => count * DAY),
];

export interface Tick {
  at: number;
  text: string;
}

/** Full hours, days and so on of the zone, at most so many. */
export function ticks({ from, to }: Axis, zone: string, most: number): Tick[] {
  const step = STEPS.find((ms) => (to - from) / ms <= most) ?? STEPS.at(-1)!;
  const offset = offsetOf(from, zone);
  const found: Tick[] = [];
  for (let at = Math.ceil((from + offset) / step) * step - offset; at < to; at += step) {
    found.push({ at, text: textOf(at, step, zone) });
  }
  return found;
}

function textOf(at: number, step: number, zone: string): string {
  const [day, time] = exact(at, zone).split(' ') as [string, string];
  if (step >= DAY) return day;
  const short = step < MINUTE ? time : time.slice(0, 5);
  return short.startsWith('00:00') ? day : short;
}

/** How far the zone's clocks are ahead of UTC then, ms. */
function offsetOf(at: number, zone: string): number {
  const second = Math.floor(at / SECOND) * SECOND;
  const [day, time] = exact(second, zone).split(' ') as [string, string];
  const local = Date.parse(`${day}T${time}Z`);
  return Number.isNaN(local) ? 0 : local - second;
}
