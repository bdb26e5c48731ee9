/** Times and durations on the wire. Inside, a time is an integer: ms since 1970, UTC. */
import { z } from 'zod';

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d))$/;

/** RFC 3339 writes the years 0000 to 9999. */
const EARLIEST = Date.UTC(-1, 12);
const LATEST = Date.UTC(10_000, 0) - 1;

export const TIME_HINT =
  'expected an RFC 3339 time with a zone, such as 2026-11-17T10:00:00Z or 2026-11-17T11:00:00+01:00';

/** The whole millisecond at or before, and at or after, the instant that `text` names; null where it names none. */
export function parseTime(text: string): { floor: number; ceil: number } | null {
  const match = RFC3339.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as number[];
  const date = new Date(0);
  date.setUTCFullYear(year!, month! - 1, day!);
  const dayExists = date.getUTCMonth() === month! - 1 && date.getUTCDate() === day!;
  if (!dayExists || hour! > 23 || minute! > 59 || second! > 60) return null;
  const [offsetHours, offsetMinutes] = [Number(match[10] ?? 0), Number(match[11] ?? 0)];
  if (offsetHours > 23 || offsetMinutes > 59) return null;
  const offset = (match[9] === '-' ? -1 : 1) * (offsetHours * 60 + offsetMinutes);
  const fraction = match[7] ?? '';
  const whole = Number(fraction.slice(0, 3).padEnd(3, '0'));
  if (second === 60 && minute !== 59) return null;
  const floor = date.getTime() + ((hour! * 60 + minute! - offset) * 60 + second!) * 1000 + whole;
  const ceil = /[1-9]/.test(fraction.slice(3)) ? floor + 1 : floor;
  return floor < EARLIEST || ceil > LATEST ? null : { floor, ceil };
}

/** The one way a time is written: UTC with milliseconds. */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString();
}

export function formatTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : formatTime(ms);
}

function timeInput(end: 'floor' | 'ceil', description: string) {
  return z
    .string()
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

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;

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
