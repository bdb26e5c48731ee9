/**
 * Texts from models and users, made harmless to look at. The browser's own escaping keeps them from
 * being markup; this keeps a bidi override from making HOLD read as something else, and what can't be
 * seen from hiding.
 */
import { UNSEEN } from '../words/unseen.ts';

/** Between two emoji it joins them, and is no trick. */
const JOINER = '\u200d';

/** One line: whatever can't be seen is spelled out, `⟨U+202E⟩`; line ends are `⏎`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (char, at: number) => {
    if (char === '\n') return '⏎';
    if (char === '\t') return '⇥';
    return char === JOINER && isEmojiJoiner(text, at) ? char : spelled(char);
  });
}

/** Several lines: line ends and tabs stay. */
export function visibleBlock(text: string): string {
  return text.replace(UNSEEN, (char, at: number) => {
    if (char === '\n' || char === '\t') return char;
    if (char === '\r') return text[at + 1] === '\n' ? '' : '⏎\n';
    return char === JOINER && isEmojiJoiner(text, at) ? char : spelled(char);
  });
}

// Without the backslash of plain text (words/unseen.ts): beside code and JSON, as pages show them, it would read as theirs.
function spelled(char: string): string {
  return `⟨U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

function isEmojiJoiner(text: string, at: number): boolean {
  const before = [...text.slice(Math.max(0, at - 3), at)].at(-1) ?? '';
  const after = String.fromCodePoint(text.codePointAt(at + 1) ?? 0);
  const emoji = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u;
  return emoji.test(before) && emoji.test(after);
}
