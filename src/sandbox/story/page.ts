/** How the story looks: sections, paragraphs and facts in at most 80 columns. Colour only on a terminal. */
import { styleText } from 'node:util';

const WIDTH = 78;
const NAME_WIDTH = 14;
const ITEM_WIDTH = 26;

export interface Page {
  heading(text: string): void;
  /** A paragraph; an empty line parts it from what is above it. */
  say(text: string): void;
  /** What was read back from the service, or stands in the network. */
  fact(name: string, ...values: string[]): void;
  /** One of a list, with what it is about. */
  item(name: string, about: string): void;
}

/** @param out takes one line, without its end */
export function pageOn(out: (line: string) => void): Page {
  let begun = false; // a section, by something under its heading
  return {
    heading(text) {
      // styleText leaves the text bare where stdout is no terminal or NO_COLOR is set.
      out('');
      out(styleText('bold', text));
      out(styleText('dim', '─'.repeat(text.length)));
      begun = false;
    },
    say(text) {
      if (begun) out('');
      begun = true;
      for (const line of wrap(text, WIDTH)) out(line);
    },
    fact(name, ...values) {
      begun = true;
      const lines = values.flatMap((value) => wrap(value, WIDTH - NAME_WIDTH - 2));
      lines.forEach((line, index) => {
        const shown = (index === 0 ? name : '').padEnd(NAME_WIDTH);
        out(`  ${styleText('cyan', shown)}${line}`);
      });
    },
    item(name, about) {
      begun = true;
      const shown = `  ${name.padEnd(ITEM_WIDTH)}`;
      const lines = wrap(about, WIDTH - shown.length);
      lines.forEach((line, index) => {
        out(`${index === 0 ? shown : ' '.repeat(shown.length)}${line}`);
      });
    },
  };
}

/** Breaks at spaces; a single word longer than the width stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, line];
}
