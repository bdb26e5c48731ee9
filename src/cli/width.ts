/** How many columns of a terminal a text takes, and fitting texts into so many. */

/** Columns that whoever reads has at least. */
export const WIDTH = 80;

const ZERO = /^\p{M}$/u;
const DOUBLE =
  /^[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]$/u;

function charWidth(char: string): number {
  if (char <= '\u02ff') return 1; // most of what is shown, without asking the two slow questions
  return ZERO.test(char) ? 0 : DOUBLE.test(char) ? 2 : 1;
}

/** @param text without control characters (see plain.ts) */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/** Fills up with spaces on the right. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** At most `width` columns; what is cut shows as `…`. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return `${head(text, width - 1)}…`;
}

/** The longest beginning that fits. */
function head(text: string, width: number): string {
  let taken = '';
  let left = width;
  for (const char of text) {
    left -= charWidth(char);
    if (left < 0) break;
    taken += char;
  }
  return taken;
}

/** Lines of at most `width` columns, broken at spaces where there are any. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (widthOf(rest) > width) {
    const line = head(rest, width) || [...rest][0]!;
    const space = rest[line.length] === ' ' ? line.length : line.lastIndexOf(' ');
    const end = space > 0 ? space : line.length;
    lines.push(rest.slice(0, end));
    rest = space > 0 ? rest.slice(end + 1) : rest.slice(end);
  }
  lines.push(rest);
  return lines;
}
