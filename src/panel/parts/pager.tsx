/** From one page of a list to the next. Without either it is not there. */

/** @param first null: this is the first page; @param next null: this is the last */
export function Pager({
  first,
  next,
  firstWords = 'To the first page',
  older = 'Older',
}: {
  first: string | null;
  next: string | null;
  firstWords?: string;
  older?: string;
}) {
  if (first === null && next === null) return null;
  return (
    <nav class="pager" aria-label="Pages">
      {first !== null && <a href={first}>{firstWords}</a>}
      {next !== null && (
        <a href={next} rel="next">
          {older}
        </a>
      )}
    </nav>
  );
}
