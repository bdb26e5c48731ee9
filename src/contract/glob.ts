/** Globs, as filters write them: `*` any characters but `/`, `**` any characters, `?` one that is not `/`. */

/**
 * The whole text must match. Time stays bounded whatever the glob: each piece between wildcards is
 * taken where it first fits and never tried again (`atomic`), which is enough, because a later
 * place leaves less text for the rest. Only the last piece is searched for, since it must end the text.
 */
export function globToRegExp(glob: string): RegExp {
  let groups = 0;
  // JavaScript has no atomic groups; a look-ahead is not tried again once it has matched.
  const atomic = (source: string) => {
    const name = `g${++groups}`;
    return `(?=(?<${name}>${source}))\\k<${name}>`;
  };
  const stretch = (pieces: string[], last: boolean) =>
    pieces
      .map((piece, index) => {
        if (index === 0) return piece;
        const found = `[^/]*?${piece}`;
        return last && index === pieces.length - 1 ? found : atomic(found);
      })
      .join('');
  const stretches = glob.split(/\*{2,}/).map((part) => part.split('*').map(literal));
  const source = stretches
    .map((pieces, index) => {
      const last = index === stretches.length - 1;
      const found = stretch(pieces, last);
      if (index === 0) return found;
      return last ? `.*?${found}` : atomic(`.*?${found}`);
    })
    .join('');
  return new RegExp(`^${source}$`, 'su');
}

function literal(text: string): string {
  return text.replace(/[\\^$.+()[\]{}|/]/g, '\\$&').replaceAll('?', '[^/]');
}
