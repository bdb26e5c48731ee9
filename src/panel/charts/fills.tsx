/** How parts of charts are filled: each with a pattern of its own, so that no meaning rests on colour. */

/** In the order in which patterns are easiest told apart. */
const STROKES: readonly string[] = [
  '',
  'M-1 7L7-1M-1 1L1-1M5 7L7 5',
  'M0 3H6',
  'M1.5 1.5h2v2h-2z',
  'M3 0V6',
  'M-1-1L7 7M5-1L7 1M-1 5L1 7',
  'M3 0V6M0 3H6',
  'M0 1.5H3M3 4.5H6',
  'M0 0L3 5L6 0',
];

/** Of decisions by their rank; the last is for all others together. */
export const DECISION_FILLS = STROKES.length;

export const CERTAINTY_FILLS = {
  proven: 'M0 3H6M3 0V6',
  declared: 'M1.5 1.5h2v2h-2z',
  bracketed: '',
  provisional: 'M3 0V6',
  ambiguous: 'M-1 7L7-1M-1 1L1-1M5 7L7 5',
  unobserved: 'M0 3H1M3 3H4M0 0H1M3 0H4',
  uncounted: 'M0 5.5H3',
} as const;

export type CertaintyFill = keyof typeof CERTAINTY_FILLS;

function Pattern({ id, kind, strokes }: { id: string; kind: string; strokes: string }) {
  return (
    <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse">
      <g class={kind}>
        <rect class="pattern-ground" width="6" height="6" />
        {strokes !== '' && <path class="pattern-lines" d={strokes} />}
      </g>
    </pattern>
  );
}

/** Once a page: what refers to them may stand anywhere on it. */
export function Fills({ decisions = false }: { decisions?: boolean }) {
  return (
    <svg class="fills" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        {Object.entries(CERTAINTY_FILLS).map(([name, strokes]) => (
          <Pattern id={`fill-${name}`} kind={`kind-${name}`} strokes={strokes} />
        ))}
        {decisions &&
          STROKES.map((strokes, i) => (
            <Pattern id={`fill-d${i}`} kind={`kind-d${i}`} strokes={strokes} />
          ))}
        <pattern
          id="fill-window"
          width="7"
          height="7"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect class="window-ground" width="7" height="7" />
          <line class="hatch-line" x1="0" y1="0" x2="0" y2="7" />
        </pattern>
        <pattern id="fill-gap" width="5" height="5" patternUnits="userSpaceOnUse">
          <rect class="gap-ground" width="5" height="5" />
          <line class="gap-line" x1="0" y1="2.5" x2="2" y2="2.5" />
        </pattern>
        <pattern id="fill-lost" width="8" height="8" patternUnits="userSpaceOnUse">
          <rect class="gap-ground" width="8" height="8" />
          <path class="gap-line" d="M0 0L8 8M8 0L0 8" />
        </pattern>
      </defs>
    </svg>
  );
}

/** A sample of a fill, for a legend. */
export function Sample({ fill }: { fill: string }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true">
      <rect class="sample" width="12" height="12" fill={`url(#fill-${fill})`} />
    </svg>
  );
}
