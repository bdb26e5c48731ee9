/** Of a region that was written anew, the rows light up that say something new: what is only confirmed doesn't. */
import { newsOf } from './content.ts';

const ROWS = 'tbody tr, dd';

/** What its rows say, to be asked before they are replaced. */
export function saidIn(region: HTMLElement): ReadonlySet<string | null> {
  return new Set(rowsIn(region).map(newsOf));
}

/** @param before what the region's rows said; of nothing, all of them are news */
export function lightNews(region: HTMLElement, before: ReadonlySet<string | null>): void {
  for (const row of rowsIn(region)) {
    const news = newsOf(row);
    if (news !== null && !before.has(news)) row.classList.add('arrived');
  }
}

function rowsIn(region: HTMLElement): HTMLElement[] {
  return [...region.querySelectorAll<HTMLElement>(ROWS)];
}
