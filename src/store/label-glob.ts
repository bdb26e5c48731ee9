/** Globs over label names: `*` is any text (`/` too), `?` one character. */
export function labelGlob(glob: string): RegExp {
  const pattern = glob.replace(/[.*+?^${}()|[\]\\]/g, (char) =>
    char === '*' ? '.*' : char === '?' ? '.' : `\\${char}`,
  );
  return new RegExp(`^${pattern}$`, 's');
}
