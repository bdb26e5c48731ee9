/** Times as people read them, in the zone they chose. */
import { howLong } from '../words/how-long.ts';

export { howLong };

const SECOND = 1000;

/** `12 s ago`, `in 3 h`; within a second of now, `just now`. */
export function relative(at: number, now: number): string {
  const ms = now - at;
  if (Math.abs(ms) < SECOND) return 'just now';
  return ms > 0 ? `${howLong(ms)} ago` : `in ${howLong(-ms)}`;
}

interface Written {
  day: string;
  time: string;
  /** `UTC`, `GMT+1` … */
  zone: string;
}

const writers = new Map<string, Intl.DateTimeFormat>();

const YEAR_10000 = Date.UTC(10_000, 0);

function written(at: number, zone: string): Written {
  // Pages have hundreds of times, and this is far quicker.
  if (zone === 'UTC' && at >= 0 && at < YEAR_10000) {
    const text = new Date(at).toISOString();
    const time = text.slice(11, text.endsWith('.000Z') ? 19 : 23);
    return { day: text.slice(0, 10), time, zone: 'UTC' };
  }
  let writer = writers.get(zone);
  if (!writer) {
    writer = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
      hourCycle: 'h23',
      timeZoneName: 'short',
    });
    if (writers.size > 100) writers.clear();
    writers.set(zone, writer);
  }
  const parts = Object.fromEntries(
    writer.formatToParts(at).map(({ type, value }) => [type, value]),
  );
  const fraction = parts.fractionalSecond === '000' ? '' : `.${parts.fractionalSecond}`;
  return {
    day: `${parts.year}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}:${parts.second}${fraction}`,
    zone: parts.timeZoneName ?? zone,
  };
}

/** `2026-11-17 10:02:11.250 UTC`; whole seconds without their zeros. */
export function exact(at: number, zone: string): string {
  const { day, time, zone: name } = written(at, zone);
  return `${day} ${time} ${name}`;
}

/** `10:02:11`, with the day where it is another one than `beside`. */
export function exactBeside(at: number, beside: number, zone: string): string {
  const [one, other] = [written(at, zone), written(beside, zone)];
  return one.day === other.day ? one.time : `${one.day} ${one.time}`;
}

/** `2026-11-17`. */
export function dayOf(at: number, zone: string): string {
  return written(at, zone).day;
}
