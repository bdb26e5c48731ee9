/** What the service tells as it is recorded, for as long as the page is there. */

/** Until a service that refused is asked again, which browsers don't by themselves. */
const AGAIN_MS = 30_000;

export interface Listener {
  /** Something was recorded; or may have been, before it could be told. */
  heard: () => void;
  /** Nothing is told now. */
  lost: (words: string) => void;
}

/**
 * @param types of events that have a name
 * @returns whether it is being told
 */
export function listenTo(
  from: string,
  types: readonly string[],
  { heard, lost }: Listener,
): () => boolean {
  let source: EventSource;
  let again: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource(from);
    for (const type of ['open', 'message', ...types]) source.addEventListener(type, heard);
    source.addEventListener('error', () => {
      if (source.readyState !== EventSource.CLOSED) {
        lost('not live: the connection is lost, and tried again');
        return;
      }
      // Signed out, or refused for now: a service that was started anew may let it in.
      lost('not live: load the page again');
      again = setTimeout(open, AGAIN_MS);
    });
  };
  open();
  addEventListener('pagehide', () => {
    clearTimeout(again);
    source.close();
  });
  // Gone back to, a page may go on where it was left.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) open();
  });
  return () => source.readyState === EventSource.OPEN;
}
