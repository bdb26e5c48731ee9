/** Keeps `3 min ago` true while a page stands open, by the clock of the service: this one may be off. */

const EVERY_MS = 5000;
const STEPS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const;

/** How far the service's clock is ahead of this one, ms. */
let aheadMs = 0;

export function startTimes(): void {
  goBy(document, Date.now());
  setInterval(refresh, EVERY_MS);
  document.addEventListener('visibilitychange', refresh);
}

/** @param at when the page was asked for, or came, by this clock, ms */
export function goBy(page: Document, at: number): void {
  const now = Number(page.documentElement.dataset.now);
  if (now > 0) aheadMs = now - at;
}

export function refresh(): void {
  if (document.hidden) return;
  const now = Date.now() + aheadMs;
  for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-ago]')) {
    const text = relative(Date.parse(time.dateTime), now);
    if (time.textContent !== text) time.textContent = text;
  }
}

/** As the server writes it. */
function relative(at: number, now: number): string {
  const ms = now - at;
  if (Math.abs(ms) < 1000) return 'just now';
  return ms > 0 ? `${howLong(ms)} ago` : `in ${howLong(-ms)}`;
}

function howLong(ms: number): string {
  const step = STEPS.find(([unit]) => ms >= unit * (unit === 1000 ? 1 : 2));
  return step ? `${Math.floor(ms / step[0])} ${step[1]}` : `${Math.floor(ms)} ms`;
}
