/** The beginnings of texts. A slice would keep the whole text in memory, and it may have megabytes. */

/** At most `most` UTF-16 code units, never through the middle of a surrogate pair. */
export function textStart(text: string, most: number): string {
  const splits = text.length > most && (text.codePointAt(most - 1) ?? 0) > 0xffff;
  const points = [...text.slice(0, splits ? most - 1 : most)];
  return points.join('');
}

/** As `JSON.stringify` writes it, but cut, with `…` at the end. Depth costs no more than `most` steps. */
export function jsonStart(value: unknown, most: number): string {
  const parts: string[] = [];
  let left = most;
  const write = (part: string): void => {
    parts.push(part);
    left -= part.length;
  };
  const writeText = (text: string): void => {
    if (text.length <= left) write(JSON.stringify(text));
    else {
      write(JSON.stringify(textStart(text, left)));
      left = -1; // the rest is missing, however short what is written came out
    }
  };
  const visit = (inner: unknown): void => {
    if (typeof inner === 'string') writeText(inner);
    else if (typeof inner !== 'object' || inner === null) write(String(inner));
    else {
      const isList = Array.isArray(inner);
      write(isList ? '[' : '{');
      let first = true;
      for (const key of isList ? inner.keys() : Object.keys(inner)) {
        if (left < 0) return;
        if (!first) write(',');
        first = false;
        if (typeof key === 'string') {
          writeText(key);
          write(':');
        }
        visit((inner as Record<string | number, unknown>)[key]);
      }
      write(isList ? ']' : '}');
    }
  };
  visit(value);
  return left < 0 ? `${textStart(parts.join(''), most - 1)}…` : parts.join('');
}
