/** What is before is hatched, in every chart of a diff. Once a page. */
export function BeforeFill() {
  return (
    <svg class="fills" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="fill-before" width="5" height="5" patternUnits="userSpaceOnUse">
          <rect class="before-ground" width="5" height="5" />
          <path class="before-lines" d="M-1 6L6-1M-1 1L1-1M4 6L6 4" />
        </pattern>
      </defs>
    </svg>
  );
}
