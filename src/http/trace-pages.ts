/** Pages of traces in order of recording, for streams. Streams that are at the same place share one look. */
import type { Store, StoredTrace } from '../store/store.ts';
import type { Clock } from '../watch/clock.ts';

const PAGE = 50;
/** Attributions are as of now, and a page is not to be held for nobody. */
const SHARED_MS = 1000;

export interface TracePage {
  traces: StoredTrace[];
  /** There may be more behind it already. */
  isFull: boolean;
}

/** @param withTexts input, output and attributes are read too */
export function tracePages(
  store: Pick<Store, 'tracesAfter' | 'onTraces'>,
  clock: Pick<Clock, 'after'>,
  withTexts: boolean,
): (after: number) => Promise<TracePage> {
  let last: { after: number; page: Promise<TracePage> } | null = null;
  const forget = (looked: typeof last) => {
    if (last === looked) last = null;
  };
  // What a page holds stays true, but may not be all any more.
  store.onTraces(() => forget(last));

  async function look(after: number): Promise<TracePage> {
    const traces = await store.tracesAfter(after, PAGE, withTexts);
    // A page may be cut short where its texts are long.
    return { traces, isFull: traces.length > 0 };
  }

  return (after) => {
    if (last?.after === after) return last.page;
    const looked = { after, page: look(after) };
    last = looked;
    looked.page.then(
      ({ traces }) => {
        // That there is none can change without a word, where another process records traces.
        if (traces.length === 0) forget(looked);
        else clock.after(SHARED_MS, () => forget(looked));
      },
      () => forget(looked),
    );
    return looked.page;
  };
}
