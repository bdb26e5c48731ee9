/** A button that copies a text; hidden where nothing can be copied. */

/** @param what as in "Copy the Blob ID" */
export function Copy({ text, what }: { text: string; what: string }) {
  return (
    <button type="button" class="copy" hidden data-copy={text} aria-label={`Copy ${what}`}>
      copy
    </button>
  );
}
