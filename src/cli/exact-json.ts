/** JSON whose numbers come out as they went in: 1.0 stays 1.0, and integers past 2⁵³ keep their digits. */

// In V8 since 2023; TypeScript's libraries don't know it yet.
const { parse, rawJSON } = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
};

/** Numbers become objects that only `JSON.stringify` understands. @throws SyntaxError */
export function parseExact(text: string): unknown {
  return parse(text, (_, value, { source }) => {
    return typeof value === 'number' ? rawJSON(source) : value;
  });
}
