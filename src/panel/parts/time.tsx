/** A time: how long ago, and exactly on hover; or exactly, with how long ago on hover. */
import type { PageContext } from '../page.ts';
import { exact, relative } from '../when.ts';

/** The browser keeps it up to date. @param at ms */
export function Ago({ at, page }: { at: number; page: PageContext }) {
  return (
    <time datetime={new Date(at).toISOString()} title={exact(at, page.zone)} data-ago="">
      {relative(at, page.now)}
    </time>
  );
}

/** @param at ms */
export function At({ at, page }: { at: number; page: PageContext }) {
  return (
    <time class="nowrap" datetime={new Date(at).toISOString()} title={relative(at, page.now)}>
      {exact(at, page.zone)}
    </time>
  );
}
