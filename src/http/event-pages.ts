/** Pages of events, as a stream of them shows each. Streams that are at the same place share one look. */
import { cloudEvent } from '../alert/cloud-event.ts';
import type { StoredEvent } from '../store/event.ts';
import type { Store } from '../store/store.ts';
import type { Page, Pages } from './event-stream.ts';

const PAGE = 100;

export function eventPages(store: Pick<Store, 'events' | 'onEvents'>): Pages<StoredEvent> {
  let last: { after: number; page: Promise<Page<StoredEvent>> } | null = null;
  // What a page holds stays true, but may not be all any more.
  store.onEvents(() => {
    last = null;
  });

  async function look(after: number): Promise<Page<StoredEvent>> {
    const events = await store.events(after, PAGE);
    const told = events.map((event) => ({ event, text: once(() => textOf(event)) }));
    return { events: told, isFull: events.length === PAGE };
  }

  return async (after) => {
    if (last?.after === after) return last.page;
    const looked = { after, page: look(after) };
    last = looked;
    let isKept = false;
    try {
      const page = await looked.page;
      // That there is none can change without a word, where another process records events.
      isKept = page.events.length > 0;
      return page;
    } finally {
      if (!isKept && last === looked) last = null;
    }
  };
}

/** No `event:`, so that `onmessage` of a browser's EventSource gets each. */
function textOf(event: StoredEvent): string {
  return `id: ${event.id}\ndata: ${JSON.stringify(cloudEvent(event))}\n\n`;
}

function once(make: () => string): () => string {
  let made: string | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
