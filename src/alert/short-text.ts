/** A text cut to what there is room for. */

/** What stands where something was left out. */
const REST = '…';
const REST_BYTES = Buffer.byteLength(REST);

/**
 * The text, or as much of its beginning as fits. Never half a character: lone surrogates are replaced.
 * @param mostBytes of it inside a JSON string, in UTF-8: escapes count
 */
export function shortText(text: string, mostBytes: number): string {
  // A code unit is a byte at least: what lies behind can't fit, however long it is.
  const start = text.slice(0, mostBytes + 1).toWellFormed();
  let bytes = 0;
  let fitting = '';
  for (const character of start) {
    bytes += jsonBytes(character);
    if (bytes > mostBytes) return fitting + REST;
    if (bytes <= mostBytes - REST_BYTES) fitting += character;
  }
  return start;
}

function jsonBytes(character: string): number {
  return Buffer.byteLength(JSON.stringify(character)) - 2;
}
