/**
 * Regions that stay up to date: when the service says that something was recorded, the page is asked
 * for anew and its live regions take the place of the old ones. So what is shown is always what the
 * server wrote, and the last word is never a client's guess.
 */
import { contentOf } from './content.ts';
import { startCopying } from './copying.ts';
import { lightNews, saidIn } from './news.ts';
import { listenTo } from './stream.ts';
import { goBy, refresh } from './times.ts';

/** No more often than this, however much is recorded. */
const PAUSE_MS = 2000;
/** For an answer, all of it: a page that is still waiting is not live. */
const ANSWER_MS = 15_000;

export function startLive(): void {
  const body = document.querySelector<HTMLElement>('[data-live-from]');
  const from = body?.dataset.liveFrom;
  if (!from) return;
  /** More was recorded than is shown. */
  let isStale = false;
  let isAsking = false;
  /** On a clock that is never set. */
  let askedAt = Number.NEGATIVE_INFINITY;
  const ask = async () => {
    isStale = true;
    if (isAsking) return;
    isAsking = true;
    // What is recorded while the page is asked for may not be on it.
    while (isStale && !document.hidden) {
      const ms = Math.max(0, askedAt + PAUSE_MS - performance.now());
      await new Promise((resolve) => setTimeout(resolve, ms));
      askedAt = performance.now();
      isStale = false;
      const words = await renew();
      if (words === PAUSED) {
        isStale = true;
        say(words);
        break;
      }
      if (isTold()) say(words);
    }
    isAsking = false;
  };
  const askIfStale = () => {
    if (isStale) ask();
  };
  const types = (body.dataset.liveTypes ?? '').split(' ').filter((type) => type !== '');
  const isTold = listenTo(from, types, { heard: ask, lost: say });
  document.addEventListener('visibilitychange', askIfStale);
  // Once the focus is where it goes.
  document.addEventListener('focusout', () => setTimeout(askIfStale));
  // What changes without an event: times of readings, counts of traces; and whether anybody answers. Seconds.
  const every = Number(body.dataset.liveEvery ?? 0);
  if (every > 0) setInterval(ask, every * 1000);
}

const PAUSED = 'paused: it goes on once you leave it';

function say(words: string): void {
  for (const place of document.querySelectorAll('[data-live-state]')) {
    if (place.textContent !== words) place.textContent = words;
  }
}

/** @returns how live the page is */
async function renew(): Promise<string> {
  try {
    const askedAt = Date.now();
    const answer = await fetch(location.href, {
      headers: { accept: 'text/html' },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    // Signed out, or the service is gone: what is shown is not live any more.
    if (!answer.ok || answer.redirected) return 'not live: load the page again';
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const regions = [...document.querySelectorAll<HTMLElement>('[data-live]')];
    const isWhole = regions.map((region) => replace(region, fresh)).every((done) => done);
    goBy(fresh, askedAt);
    refresh();
    return isWhole ? 'live' : PAUSED;
  } catch {
    return 'not live: the service did not answer';
  }
}

/** @returns false where it has something new that is not shown */
function replace(region: HTMLElement, fresh: Document): boolean {
  const other = fresh.querySelector<HTMLElement>(
    `[data-live="${CSS.escape(region.dataset.live ?? '')}"]`,
  );
  if (!other || contentOf(region) === contentOf(other)) return true;
  // Whoever reads or writes in it is not disturbed.
  if (region.contains(document.activeElement)) return false;
  const chosen = region.querySelector('tr.chosen')?.id;
  const before = saidIn(region);
  region.replaceChildren(...other.childNodes);
  lightNews(region, before);
  if (chosen) document.getElementById(chosen)?.classList.add('chosen');
  startCopying(region);
  return true;
}
