/** JSON texts from outside: any size, and not always JSON. */

/** The value in an object, since it may itself be null. Null where there is no text, or it is too long or no JSON. */
export function jsonOf(text: string | null, longest: number): { value: unknown } | null {
  if (text === null || text.length > longest) return null;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}
