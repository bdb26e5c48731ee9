/** Times of traces, as applications give them, and as the service writes them. */

/** Milliseconds since 1970, a Date, or RFC 3339 with a zone. */
export type TimeGiven = number | Date | string;

const ZONED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(?:Z|[+-]\d\d:\d\d)$/i;
const LATEST = Date.UTC(10_000, 0) - 1;

/** The whole millisecond at or before it, and at or after it; null where it is no time. */
export function timeOf(given: unknown): { floor: number; ceil: number } | null {
  const ms = given instanceof Date ? given.getTime() : given;
  if (typeof ms === 'string') return timeOfText(ms);
  if (typeof ms !== 'number' || !(ms >= 0 && ms <= LATEST)) return null;
  return { floor: Math.floor(ms), ceil: Math.ceil(ms) };
}

function timeOfText(text: string): { floor: number; ceil: number } | null {
  const match = ZONED.exec(text);
  const floor = match ? Date.parse(text) : Number.NaN;
  if (!(floor >= 0 && floor <= LATEST)) return null;
  return { floor, ceil: /[1-9]/.test(match?.[1]?.slice(3) ?? '') ? floor + 1 : floor };
}

/** OpenTelemetry's seconds and nanoseconds, in ms as `timeOf` gives them. */
export function hrTimeOf(given: unknown): { floor: number; ceil: number } | null {
  if (!Array.isArray(given)) return null;
  const [seconds, nanoseconds] = given as unknown[];
  if (!Number.isSafeInteger(seconds) || !Number.isFinite(nanoseconds)) return null;
  const [whole, fine] = [(seconds as number) * 1000, (nanoseconds as number) / 1e6];
  const [floor, ceil] = [whole + Math.floor(fine), whole + Math.ceil(fine)];
  return floor >= 0 && ceil <= LATEST ? { floor, ceil } : null;
}

/** UTC with milliseconds, as the service writes all times. */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString();
}
