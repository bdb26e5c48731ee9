/** Times and durations on the wire. Inside, a time is an integer: ms since 1970, UTC. */
import { z } from 'zod';

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d))$/;

/** RFC 3339 writes the years 0000 to 9999. */
const EARLIEST = Date.UTC(-1, 12);
const LATEST = Date.UTC(10_000, 0) - 1;
const YEARS_400_MS = 146_097 * 86_400_000;

const PLAIN =
  /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/;

export const TIME_HINT =
  'expected an RFC 3339 time with a zone, such as 2026-11-17T10:00:00Z or 2026-11-17T11:00:00+01:00';

/** The whole millisecond at or before, and at or after, the instant that `text` names; null where it names none. */
export function parseTime(text: string): { floor: number; ceil: number } | null {
  // How nearly all come. (Days past the 28th are left to the careful way: V8 lets February run on.)
  if (PLAIN.test(text)) {
    const ms = Date.parse(text);
    return { floor: ms, ceil: ms };
  }
  const match = RFC3339.exec(text);
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6])];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  // A leap second can only be the last of its hour.
  if (hour > 23 || minute > 59 || second > 60 || (second === 60 && minute !== 59)) return null;
  const offset = offsetMinutes(match[9], match[10], match[11]);
  if (offset === null) return null;
  const fraction = match[7] ?? '';
  const whole = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const clock = ((hour * 60 + minute - offset) * 60 + second) * 1000 + whole;
  // Date.UTC takes years before 100 for ones of the twentieth century; 400 years are whole weeks.
  const floor = Date.UTC(year + 400, month - 1, day) - YEARS_400_MS + clock;
  const ceil = /[1-9]/.test(fraction.slice(3)) ? floor + 1 : floor;
  return floor < EARLIEST || ceil > LATEST ? null : { floor, ceil };
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}

function offsetMinutes(sign?: string, hours?: string, minutes?: string): number | null {
  if (sign === undefined) return 0;
  if (Number(hours) > 23 || Number(minutes) > 59) return null;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
const DAY_MS = UNITS.d;
const TWO_DIGITS = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
const THREE_DIGITS = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'));
/** `YYYY-MM-DDT` of the last day that was written: a list of traces holds a thousand times, mostly of few days. */
let lastDay = Number.NaN;
let lastDate = '';

/** The one way a time is written: UTC with milliseconds. @throws RangeError where it is none */
export function formatTime(ms: number): string {
  if (!Number.isInteger(ms)) return new Date(ms).toISOString();
  const day = Math.floor(ms / DAY_MS);
  if (day !== lastDay) {
    const date = new Date(ms).toISOString();
    lastDate = date.slice(0, date.indexOf('T') + 1);
    lastDay = day;
  }
  const rest = ms - day * DAY_MS;
  const seconds = Math.floor(rest / UNITS.s);
  const minutes = Math.floor(seconds / 60);
  const hour = TWO_DIGITS[Math.floor(minutes / 60)];
  return `${lastDate}${hour}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds % 60]}.${THREE_DIGITS[rest % UNITS.s]}Z`;
}

export function formatTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : formatTime(ms);
}

function timeInput(end: 'floor' | 'ceil', description: string) {
  return z
    .string({ error: TIME_HINT })
    .transform((text, context) => {
      const time = parseTime(text);
      if (time) return time[end];
      context.issues.push({ code: 'custom', message: TIME_HINT, input: text });
      return z.NEVER;
    })
    .meta({ type: 'string', format: 'date-time', description });
}

/** The start of something: what is finer than a millisecond is floored. */
export const startTime = timeInput('floor', 'RFC 3339 with a zone; finer than 1 ms is floored');
/** The end of something: what is finer than a millisecond is ceiled. */
export const endTime = timeInput('ceil', 'RFC 3339 with a zone; finer than 1 ms is ceiled');

/** A time in an answer. */
export const time = z.string().meta({ format: 'date-time', description: 'UTC, milliseconds' });

export function parseDuration(text: string): number | null {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  return match ? Number(match[1]) * UNITS[match[2] as keyof typeof UNITS] : null;
}

/** In the largest unit that says it exactly: 90 000 ms is `90s`, 120 000 ms is `2m`. */
export function formatDuration(ms: number): string {
  const unit = (['d', 'h', 'm', 's'] as const).find((u) => ms > 0 && ms % UNITS[u] === 0);
  return unit ? `${ms / UNITS[unit]}${unit}` : ms === 0 ? '0s' : `${ms}ms`;
}

/** A duration between two others, in ms once parsed. */
export function duration(least: string, most: string) {
  const [min, max] = [parseDuration(least)!, parseDuration(most)!];
  return z
    .string()
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms !== null && ms >= min && ms <= max) return ms;
      const message = `expected a duration from ${least} to ${most}, such as 30s (units: ms, s, m, h, d)`;
      context.issues.push({ code: 'custom', message, input: text });
      return z.NEVER;
    })
    .meta({ type: 'string', pattern: '^\\d+(ms|s|m|h|d)$', description: `${least} to ${most}` });
}
