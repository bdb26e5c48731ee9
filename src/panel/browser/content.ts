/** What a part of a page says, without what this browser alone has done to it. */

/** To be told apart from what the server writes anew. */
export function contentOf(part: HTMLElement): string {
  return asWritten(part).innerHTML;
}

/** Goes by itself: how long ago something was, and counts that each reading and each trace moves. */
const QUIET = 'time[data-ago], [data-quiet]';

/** What of a row would be news; null: nothing of it ever is. A fact is told by its name, too. */
export function newsOf(row: HTMLElement): string | null {
  if (row.matches(QUIET)) return null;
  const copy = asWritten(row);
  for (const part of copy.querySelectorAll(QUIET)) part.remove();
  const name = row.matches('dd') ? row.previousElementSibling?.textContent : '';
  return `${name ?? ''}\n${copy.innerHTML}`;
}

/** Without what goes by itself: how long ago something was, which row is chosen or lit, which buttons can be there. */
function asWritten(part: HTMLElement): HTMLElement {
  const copy = part.cloneNode(true) as HTMLElement;
  for (const time of copy.querySelectorAll('time')) {
    time.removeAttribute('title');
    if (time.dataset.ago !== undefined) time.textContent = time.dateTime;
  }
  for (const button of copy.querySelectorAll('button[data-copy]'))
    button.toggleAttribute('hidden', true);
  for (const row of copy.querySelectorAll('.chosen, .arrived')) {
    row.classList.remove('chosen', 'arrived');
    if (row.className === '') row.removeAttribute('class');
  }
  return copy;
}
