/** Globs over label names: `*` is any text (`/` too), `?` one character. The whole name must match. */
export interface LabelGlob {
  test(name: string): boolean;
}

/**
 * Each piece between stars is taken where it first fits, and never tried again: a later place leaves
 * less for the rest. So no glob takes long, as a regular expression with a few stars would.
 */
export function labelGlob(glob: string): LabelGlob {
  const [first = '', ...rest] = glob.split('*');
  const last = rest.pop();
  return {
    test(name) {
      if (!fits(name, first, 0)) return false;
      if (last === undefined) return name.length === first.length;
      let at = first.length;
      for (const piece of rest) {
        while (!fits(name, piece, at)) if (++at > name.length) return false;
        at += piece.length;
      }
      const end = name.length - last.length;
      return end >= at && fits(name, last, end);
    },
  };
}

function fits(name: string, piece: string, at: number): boolean {
  if (at + piece.length > name.length) return false;
  for (let i = 0; i < piece.length; i++) {
    if (piece[i] !== '?' && piece[i] !== name[at + i]) return false;
  }
  return true;
}
