/**
 * Lines of a stream of bytes. Only a line feed ends one: U+2028 may stand raw inside JSON, and
 * Node's readline would break there.
 */
const LINE_FEED = 0x0a;

export interface Line {
  /** From 1. */
  number: number;
  /** Without its end; null where it is longer than allowed or not UTF-8. */
  text: string | null;
  problem: 'too-long' | 'not-utf-8' | null;
}

/** @param maxBytes longer lines are passed over, never held */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Line> {
  let number = 1;
  let parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      take(chunk.subarray(start, end));
      yield line();
      start = end + 1;
    }
    take(chunk.subarray(start));
  }
  if (bytes > 0) yield line();

  function take(part: Uint8Array): void {
    bytes += part.length;
    if (bytes > maxBytes) parts = [];
    else parts.push(part);
  }

  function line(): Line {
    const whole: Line =
      bytes > maxBytes
        ? { number, text: null, problem: 'too-long' }
        : { number, ...decoded(Buffer.concat(parts), number === 1) };
    number += 1;
    parts = [];
    bytes = 0;
    return whole;
  }
}

function decoded(bytes: Uint8Array, isFirst: boolean): Omit<Line, 'number'> {
  try {
    // A byte order mark is a habit of files, not part of the first trace.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: !isFirst }).decode(bytes);
    return { text, problem: null };
  } catch {
    return { text: null, problem: 'not-utf-8' };
  }
}
