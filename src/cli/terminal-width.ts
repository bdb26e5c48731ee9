/** How many columns the terminal has that results go to. */
import { WIDTH } from './width.ts';

/** Null where it is none: then nothing is cut, and whatever reads it has all. */
export function terminalWidth(): number | null {
  if (!process.stdout.isTTY) return null;
  // Some terminals don't say; a shell may know.
  const columns = process.stdout.columns || Number(process.env.COLUMNS) || WIDTH;
  return Math.max(columns, WIDTH);
}
