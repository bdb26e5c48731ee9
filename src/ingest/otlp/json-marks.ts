/** How many values a JSON body has, before it is parsed: `{},{},…` grows twentyfold in memory. */
import { MAX_JSON_MARKS } from './limits.ts';
import { OtlpError } from './otlp-error.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN_LIST = 91;
const OPEN_OBJECT = 123;

/** @throws OtlpError too-many */
export function expectFewMarks(bytes: Uint8Array): void {
  // Most bodies are too short to have too many, and need not be looked through.
  if (bytes.length <= MAX_JSON_MARKS) return;
  let marks = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = closingQuote(bytes, at);
    else if (byte === COMMA || byte === OPEN_LIST || byte === OPEN_OBJECT) marks++;
  }
  if (marks <= MAX_JSON_MARKS) return;
  const problem = `the body has ${marks} brackets and commas; it may have ${MAX_JSON_MARKS}`;
  throw new OtlpError('too-many', `${problem}, so none of it was stored; send it in parts`);
}

function closingQuote(bytes: Uint8Array, open: number): number {
  let at = open;
  for (;;) {
    at = bytes.indexOf(QUOTE, at + 1);
    if (at < 0) return bytes.length;
    let before = at;
    while (bytes[before - 1] === BACKSLASH) before--;
    if ((at - before) % 2 === 0) return at;
  }
}
