/** A check that was asked for and took longer than a page waits. */
import type { PageContext } from '../page.ts';
import { Ago } from './time.tsx';

/** @param asked when, ms */
export function StillChecking({ asked, page }: { asked: number; page: PageContext }) {
  return (
    <div class="notice" role="status">
      <p>
        A check was asked for <Ago at={asked} page={page} /> and goes on by itself. What comes of it
        shows here: <a href={page.here}>load the page again</a>.
      </p>
    </div>
  );
}
