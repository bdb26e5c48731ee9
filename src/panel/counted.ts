/** Numbers as people read them. */

/** `1,234`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 file`, `1,234 files`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Exact: sizes are compared. @param bytes null: nobody says */
export function bytesText(bytes: number | null): string {
  return bytes === null ? 'size unknown' : counted(bytes, 'byte');
}
