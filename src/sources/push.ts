/** Readings that are pushed from outside: there is nothing to read. */
export function pushed(): null {
  return null;
}
