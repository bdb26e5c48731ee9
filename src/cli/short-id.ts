/** Ids where columns are few: both ends of one, which `traces show` takes for the whole. */
import { LEAST_ID_PART } from '../contract/trace-ids.ts';
import { widthOf } from './width.ts';

const CUT = '…';
/** What a person types for it. */
const TYPED = '...';

/**
 * `0af76519…69203331`. Spans of one OTLP trace have the beginning of their ids in common, and ids that
 * are counted up their end, too, but not both.
 *
 * @param id without control characters (see plain.ts)
 */
export function shortId(id: string, width: number): string {
  if (widthOf(id) <= width) return id;
  const chars = [...id];
  const tailWidth = Math.floor((width - CUT.length) / 2);
  const headWidth = width - CUT.length - tailWidth;
  return `${fitting(chars, headWidth).join('')}${CUT}${fitting(chars.toReversed(), tailWidth).toReversed().join('')}`;
}

/** The ends of an id that was cut, or its beginning alone; null where that is too little to look for. */
export function idPart(text: string): { prefix: string; suffix: string } | null {
  const mark = [CUT, TYPED].find((one) => text.includes(one));
  const at = mark === undefined ? text.length : text.indexOf(mark);
  const part = { prefix: text.slice(0, at), suffix: text.slice(at + (mark?.length ?? 0)) };
  const known = [...part.prefix, ...part.suffix].length;
  return known < LEAST_ID_PART || text.length > 200 ? null : part;
}

function fitting(chars: readonly string[], width: number): string[] {
  let left = width;
  const end = chars.findIndex((char) => {
    left -= widthOf(char);
    return left < 0;
  });
  return chars.slice(0, end < 0 ? chars.length : end);
}
