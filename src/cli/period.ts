/**
 * What a side of a diff names: an artifact, a blob, a day or a range. Days are days of a time zone:
 * from their first instant to the first of the next day, so a day may have 23 or 25 hours.
 */
import { Temporal } from 'temporal-polyfill';
import type { CohortSpec } from '../contract/diff.ts';
import { artifactId } from '../contract/names.ts';
import { formatTime } from '../contract/time.ts';
import { canonicalBlobId, isBlobId } from '../walrus/blob-id.ts';
import { dateOf, instantOf, startOf, TwiceError } from '../words/local-time.ts';
import { CommandError } from './exit.ts';
import { shown } from './plain.ts';

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

const ACCEPTED =
  'an artifact id (sha256:…), a Blob ID, a day (tuesday, 2026-11-17) or a range (2026-11-17T10:00/2026-11-17T12:00)';

/** In words, and as the service takes it (times in RFC 3339). */
export interface Side {
  words: string;
  spec: CohortSpecJson;
}

type CohortSpecJson = Exclude<CohortSpec, { from: number }> | { from: string; to: string };

interface Period {
  from: number;
  to: number;
}

/** @throws CommandError `usage` where there is no such zone */
export function checkZone(zone: string): string {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId;
  } catch (cause) {
    const text = `${quoted(zone)} is no time zone known here; give a name such as Europe/Berlin, or UTC`;
    throw new CommandError('usage', text, { cause });
  }
}

/**
 * @param zone of days and of times without one
 * @param now ms; decides which day is the latest finished one
 * @throws CommandError `usage`
 */
export function sideOf(text: string, zone: string, now: number): Side {
  const given = text.trim();
  if (artifactId.safeParse(given).success) return { words: given, spec: { artifact: given } };
  if (isBlobId(given)) return { words: `blob ${given}`, spec: { blobId: given } };
  const period = periodOf(given, zone, now);
  if (!period) throw notUnderstood(given);
  if (period.to <= period.from) {
    throw usage(`${quoted(given)} ends before it begins; give the earlier time first`);
  }
  const spec = { from: formatTime(period.from), to: formatTime(period.to) };
  return { words: words(given, period, zone, now), spec };
}

function periodOf(text: string, zone: string, now: number): Period | null {
  const [from, to, ...rest] = text.split('/') as [string, ...string[]];
  if (to === undefined) return dayPeriod(text, zone, now);
  const start = endOf(from, zone, 'floor');
  const end = endOf(to, zone, 'ceil');
  return start === null || end === null || rest.length > 0 ? null : { from: start, to: end };
}

function dayPeriod(text: string, zone: string, now: number): Period | null {
  const day = weekday(text, zone, now) ?? dateOf(text);
  if (!day) return null;
  return { from: startOf(day, zone), to: startOf(day.add({ days: 1 }), zone) };
}

/** The latest such day that is over: on a Tuesday, `tuesday` is a week ago. */
function weekday(text: string, zone: string, now: number): Temporal.PlainDate | null {
  const name = text.toLowerCase();
  const index = WEEKDAYS.findIndex((day) => name.length >= 3 && day.startsWith(name));
  if (index < 0) return null;
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  const back = (today.dayOfWeek - (index + 1) + 7) % 7 || 7;
  return today.subtract({ days: back });
}

/** An end of a range. */
function endOf(text: string, zone: string, rounding: 'floor' | 'ceil'): number | null {
  try {
    return instantOf(text, zone, rounding);
  } catch (cause) {
    if (!(cause instanceof TwiceError)) throw cause;
    throw new CommandError('usage', `${quoted(text)} ${cause.message}`, { cause });
  }
}

/** What was asked, and what it comes to. */
function words(text: string, { from, to }: Period, zone: string, now: number): string {
  const [start, end] = [from, to].map((ms) => local(ms, zone));
  const unfinished = to > now ? ' (not over yet)' : '';
  return `${text} = ${start} to ${end} ${zone}${unfinished}`;
}

/** With its offset: where clocks are set back, an hour comes twice. */
function local(ms: number, zone: string): string {
  const time = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  const day = time.toPlainDateTime().toString().replace('T', ' ');
  return zone === 'UTC' ? day : `${day}${time.offset}`;
}

function notUnderstood(text: string): CommandError {
  const canonical = canonicalBlobId(text);
  if (canonical) {
    return usage(`${quoted(text)} is no Blob ID as it is written; the same one is ${canonical}`);
  }
  if (/^sha256:[0-9a-f]{1,63}$/.test(text)) {
    return usage(
      `${quoted(text)} is only the beginning of an artifact id; give all of its 64 digits ('underlabel label show NAME' has them)`,
    );
  }
  return usage(`${quoted(text)} is not understood; accepted: ${ACCEPTED}`);
}

function usage(text: string): CommandError {
  return new CommandError('usage', text);
}

function quoted(text: string): string {
  return shown(JSON.stringify(text.slice(0, 200)));
}
