/**
 * Days and times as people type them, in the time zone they think in. A day is a day of the zone: it may
 * have 23 or 25 hours.
 */
import { Temporal } from 'temporal-polyfill';
import { parseTime } from '../contract/time.ts';

/** Clocks were set forward or back over a time, so that it names no one instant: guessing would be off by an hour. */
export class TwiceError extends Error {
  override name = 'TwiceError';
  /** What may be meant, in RFC 3339. */
  readonly instants: readonly [string, string];

  constructor(zone: string, [earlier, later]: readonly [string, string]) {
    super(
      `does not name one instant in ${zone}, because clocks were changed around it; say which is meant with an offset, such as ${earlier} or ${later}`,
    );
    this.instants = [earlier, later];
  }
}

/** `2026-11-17`; null where it is no day that there is. */
export function dateOf(text: string): Temporal.PlainDate | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch {
    return null;
  }
}

/** Its first instant, in ms. */
export function startOf(day: Temporal.PlainDate, zone: string): number {
  return day.toZonedDateTime(zone).epochMilliseconds;
}

/**
 * A time with a zone, a time in `zone`, or a day, which stands for its first instant.
 * @param rounding of what is finer than 1 ms
 * @returns ms; null where it is none of these
 * @throws TwiceError
 */
export function instantOf(text: string, zone: string, rounding: 'floor' | 'ceil'): number | null {
  const zoned = parseTime(text);
  if (zoned) return zoned[rounding];
  const day = dateOf(text);
  if (day) return startOf(day, zone);
  return /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?$/.test(text)
    ? localInstant(text, zone, rounding)
    : null;
}

function localInstant(text: string, zone: string, rounding: 'floor' | 'ceil'): number | null {
  let local: Temporal.PlainDateTime;
  try {
    local = Temporal.PlainDateTime.from(text, { overflow: 'reject' });
  } catch {
    return null;
  }
  const [earlier, later] = (['earlier', 'later'] as const).map((disambiguation) =>
    local.toZonedDateTime(zone, { disambiguation }),
  ) as [Temporal.ZonedDateTime, Temporal.ZonedDateTime];
  if (!earlier.equals(later)) {
    const written = (time: Temporal.ZonedDateTime) => time.toString({ timeZoneName: 'never' });
    throw new TwiceError(zone, [written(earlier), written(later)]);
  }
  const nanoseconds = earlier.epochNanoseconds;
  const whole = earlier.epochMilliseconds;
  const isFiner = nanoseconds !== BigInt(whole) * 1_000_000n;
  return rounding === 'ceil' && isFiner ? whole + 1 : whole;
}
