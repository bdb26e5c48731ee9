/** The terminal: results on stdout, all else on stderr, colours and progress only where a person looks on. */
import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** One line of the result. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** One line or more about what went wrong. */
export function complain(text: string): void {
  process.stderr.write(`underlabel: ${text}\n`);
}

/** One line to stderr as it is. */
export function remark(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Colours a text where stdout is a terminal that wants colours (NO_COLOR, FORCE_COLOR). */
export function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** Replaces the line of progress; shows nothing unless stderr is a terminal. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

/** Takes the line of progress away. */
export function progressDone(): void {
  progress('');
}

/** `underlabel traces ls | head` is a fine thing to do, and nothing to complain of. */
export function stopQuietlyWhenUnread(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? 0);
  });
}
