/** Paragraphs that hang under their first words, in 80 columns. */
import { WIDTH, widthOf, wrapped } from './width.ts';

/** The first line begins with `lead`, the others under its end. @param text already harmless (see plain.ts) */
export function indented(lead: string, text: string): string[] {
  const width = widthOf(lead);
  return wrapped(text, WIDTH - width).map(
    (line, i) => `${i === 0 ? lead : ' '.repeat(width)}${line}`,
  );
}

/** What is long ends in `…`. */
export function few(lines: readonly string[], most: number): string[] {
  return lines.length <= most ? [...lines] : [...lines.slice(0, most - 1), '…'];
}
