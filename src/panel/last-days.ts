/** The last days of a zone, with how many traces of a label began in each. */
import type { Store } from '../store/store.ts';
import { HOUR_MS } from '../store/trace-count.ts';
import { dateOf, startOf } from '../words/local-time.ts';
import { dayOf } from './when.ts';

interface Span {
  from: number;
  to: number;
}

export interface Day extends Span {
  /** `2026-11-17`. */
  name: string;
  traces: number;
  /** True: there are more that are not counted yet, or the zone's days begin amid an hour. */
  isAbout: boolean;
}

interface Asked {
  label: string;
  zone: string;
  now: number;
  /** How many days, today included. */
  count: number;
}

/** Newest first. */
export async function lastDays(
  store: Pick<Store, 'traceCounts'>,
  { label, zone, now, count }: Asked,
): Promise<Day[]> {
  const today = dateOf(dayOf(now, zone));
  if (!today) return [];
  const days: Day[] = Array.from({ length: count }, (_, back) => {
    const day = today.subtract({ days: back });
    const [from, to] = [startOf(day, zone), startOf(day.add({ days: 1 }), zone)];
    return { name: day.toString(), from, to, traces: 0, isAbout: from % HOUR_MS !== 0 };
  });
  for (const alike of ofOneLength(days.toReversed())) {
    const [first, last] = [alike[0]!, alike.at(-1)!];
    const hours = lengthOf(first);
    const period = { from: first.from, to: last.to, stepMs: hours * HOUR_MS };
    const { buckets, complete } = await store.traceCounts(label, period);
    for (const bucket of buckets) {
      const day = alike[Math.floor((bucket.to - 1 - first.from) / (hours * HOUR_MS))];
      if (day) day.traces += bucket.traces;
    }
    if (!complete) for (const day of alike) day.isAbout = true;
  }
  return days;
}

/** Days after each other that are as long as each other: where clocks are changed, one has 23 hours or 25. */
function ofOneLength(days: readonly Day[]): Day[][] {
  const groups: Day[][] = [];
  for (const day of days) {
    const last = groups.at(-1);
    const isLike = last?.[0] && lengthOf(last[0]) === lengthOf(day);
    if (last && isLike) last.push(day);
    else groups.push([day]);
  }
  return groups;
}

function lengthOf({ from, to }: Span): number {
  return Math.ceil((to - from) / HOUR_MS);
}
