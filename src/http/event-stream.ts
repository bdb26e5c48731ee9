/** What was recorded, as server-sent events: from a place on, page by page, then live. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../watch/clock.ts';
import type { Parts } from './pulled-body.ts';

export const HEARTBEAT_MS = 15_000;
/** How long a browser waits before it connects anew. */
const RETRY_MS = 3000;
/** What is held for a client that takes nothing. One event is always taken. */
const MOST_TEXT = 256 * 1024;

/** An id that resumes before the first event. */
export const BEFORE_FIRST = '00000000-0000-7000-8000-000000000000';

/** What was recorded, in order: its number, and the id to resume at. */
interface Numbered {
  number: number;
  id: string;
}

export interface Page<E extends Numbered> {
  /** With the text of each, as the stream shows it. */
  events: { event: E; text(): string }[];
  /** There may be more behind it already. */
  isFull: boolean;
}

/** What was recorded after that number. */
export type Pages<E extends Numbered> = (after: number) => Promise<Page<E>>;

interface Means<E extends Numbered> {
  pages: Pages<E>;
  /** Calls back after each commit that may have recorded more. @returns ends it */
  onNews: (listener: () => void) => () => void;
  clock: Pick<Clock, 'elapsed' | 'after'>;
}

interface Wanted<E extends Numbered> {
  /** The number of the event to begin after. */
  after: number;
  /** The id of it. */
  id: string;
  wants: (event: E) => boolean;
}

export function eventStream<E extends Numbered>(
  { pages, onNews, clock }: Means<E>,
  wanted: Wanted<E>,
): Parts {
  const encoder = new TextEncoder();
  let { after, id } = wanted;
  /** What the client has as the place to resume at. */
  let toldId: string | null = null;
  let ended = false;
  let wake = () => {};
  /** There may be events that were not looked at. */
  let isStirred = true;
  const stir = () => {
    isStirred = true;
    wake();
  };
  const forget = onNews(stir);

  /** Up to a page of events; '' where none of it is wanted. */
  async function page(): Promise<string> {
    isStirred = false;
    const { events, isFull } = await pages(after);
    isStirred ||= isFull;
    let text = '';
    for (const told of events) {
      ({ number: after, id } = told.event);
      if (!wanted.wants(told.event)) continue;
      text += told.text();
      toldId = id;
      if (text.length > MOST_TEXT) {
        isStirred = true;
        break;
      }
    }
    return text;
  }

  function news(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = clock.after(ms, resolve);
    wake = resolve;
    return promise.finally(cancel);
  }

  /** Also says how far the client is: what it did not want needs no second look when it resumes. */
  function heartbeat(): string {
    // Another process may have recorded events, of which nobody tells.
    isStirred = true;
    const place = id === toldId ? '' : `id: ${id}\n`;
    toldId = id;
    return `:\n${place}\n`;
  }

  async function text(): Promise<string | null> {
    if (toldId === null) {
      toldId = id;
      // A client that is cut off before its first event must be able to resume here.
      return `retry: ${RETRY_MS}\nid: ${id}\n\n`;
    }
    const heartbeatAt = clock.elapsed() + HEARTBEAT_MS;
    while (!ended) {
      const found = isStirred ? await page() : '';
      if (found !== '') return found;
      const ms = heartbeatAt - clock.elapsed();
      if (ms <= 0) return heartbeat();
      // A long way through what isn't wanted must leave others their turn.
      await (isStirred ? setImmediate() : news(ms));
    }
    return null;
  }

  return {
    async next() {
      const part = await text();
      return part === null ? null : encoder.encode(part);
    },
    end() {
      ended = true;
      forget();
      stir();
    },
  };
}
