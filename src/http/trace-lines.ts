/** All traces that match, as JSON lines, page after page: the next one only once the last was taken. */
import { setImmediate } from 'node:timers/promises';
import type { Store, TraceFilter, TraceKey } from '../store/store.ts';
import { joinedBytes } from './joined-bytes.ts';
import { traceLine } from './present-trace.ts';
import type { Parts } from './pulled-body.ts';
import { type FieldTree, needsTexts } from './trace-fields.ts';

/** Without its texts, a trace is a few hundred bytes. */
const PAGE = { withTexts: 50, narrow: 200, bytes: 1024 * 1024 };

/**
 * Newest first. What is recorded meanwhile and began before the place that was reached comes too;
 * what began after it doesn't. None comes twice.
 */
export function traceLines(
  store: Pick<Store, 'traces'>,
  filter: TraceFilter,
  fields?: FieldTree,
): Parts {
  const texts = needsTexts(fields);
  const limit = texts ? PAGE.withTexts : PAGE.narrow;
  let before: TraceKey | null = null;
  let isDone = false;

  return {
    async next() {
      while (!isDone) {
        const { items, next } = await store.traces(filter, {
          limit,
          before,
          texts,
          bytes: PAGE.bytes,
        });
        before = next;
        isDone = next === null || isDone;
        if (items.length > 0) {
          return joinedBytes(items.map((trace) => `${traceLine(trace, fields)}\n`));
        }
        // A long way through what doesn't match must leave others their turn.
        await setImmediate();
      }
      return null;
    },
    end() {
      isDone = true;
    },
  };
}
