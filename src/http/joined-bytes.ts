/**
 * Long answers as bytes. A page of traces as one string would be put together, counted and written in
 * three copies, each of them garbage of the kind that makes the collector stop everything.
 */

/** The texts in UTF-8, one after the other. */
export function joinedBytes(texts: readonly string[]): Uint8Array<ArrayBuffer> {
  const length = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  // Not of the pool, which small buffers share: this one lives until it is sent.
  const bytes = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const text of texts) at += bytes.write(text, at);
  return bytes;
}
