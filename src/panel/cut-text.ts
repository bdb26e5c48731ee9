/** Long texts from outside, cut to what a page has room for. */
import { visibleBlock } from './visible.ts';

export interface CutText {
  /** Harmless to look at; lines stay lines. */
  shown: string;
  isWhole: boolean;
  /** What it takes of a page, in bytes. */
  bytes: number;
}

/** Characters that are looked at together, and how many bytes the longest of them takes once it is spelled out. */
const STEP = 256;
const LONGEST = 14;

/** @param bytes of the page that it may take, about: markup characters take several, and so do those spelled out */
export function cutText(text: string, bytes: number): CutText {
  let shown = '';
  let used = 0;
  let at = 0;
  while (at < text.length && used < bytes) {
    const step = Math.min(STEP, Math.ceil((bytes - used) / LONGEST));
    const piece = text.slice(at, pieceEnd(text, at + step));
    const safe = visibleBlock(piece);
    shown += safe;
    used += bytesOf(safe);
    at += piece.length;
  }
  return { shown, isWhole: at >= text.length, bytes: used };
}

/** Neither between two halves of a character, nor between the two of a line end, nor within an emoji of signs. */
function pieceEnd(text: string, end: number): number {
  const unit = text.charCodeAt(end - 1);
  const isHalf = unit >= 0xd800 && unit < 0xdc00;
  const isSplit = text[end - 1] === '\r' && text[end] === '\n';
  const whole = isHalf || isSplit ? end + 1 : end;
  const selected = text[whole] === '\ufe0f' ? whole + 1 : whole;
  return text[selected] === '\u20e3' ? selected + 1 : selected;
}

function bytesOf(text: string): number {
  const markup = text.match(/[&<>"']/g)?.length ?? 0;
  return Buffer.byteLength(text) + 4 * markup;
}
