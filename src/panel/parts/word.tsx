/** A word and a shape for how certain something is: never a colour alone, and nothing looks settled that isn't. */

export type Tone = 'calm' | 'open' | 'care' | 'alarm';

const SHAPES = {
  full: <circle cx="6" cy="6" r="5" />,
  bracket: (
    <path d="M3 1H1v10h2v-1.5h-.6v-7H3zM9 1h2v10H9v-1.5h.6v-7H9zM6 3.6a2.4 2.4 0 100 4.8 2.4 2.4 0 000-4.8z" />
  ),
  half: (
    <path
      d="M6 1a5 5 0 000 10zM6 1a5 5 0 010 10"
      fill-rule="evenodd"
      stroke="currentColor"
      fill="none"
      stroke-width="1.2"
    />
  ),
  square: <rect x="1.5" y="1.5" width="9" height="9" />,
  diamond: <path d="M6 0l6 6-6 6-6-6z" />,
  fork: <path d="M6 11V6M6 6L2 1M6 6l4-5" stroke="currentColor" stroke-width="1.8" fill="none" />,
  ring: (
    <circle
      cx="6"
      cy="6"
      r="4.4"
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      stroke-dasharray="2 1.6"
    />
  ),
  triangle: <path d="M6 .5L12 11.5H0z" />,
  cross: <path d="M1.5 1.5l9 9M10.5 1.5l-9 9" stroke="currentColor" stroke-width="2" />,
  check: <path d="M1 6.5l3.5 3.5L11 2" fill="none" stroke="currentColor" stroke-width="2" />,
} as const;

export type Shape = keyof typeof SHAPES;

export function Word({
  word,
  tone,
  shape,
  title,
}: {
  word: string;
  tone: Tone;
  shape: Shape;
  title?: string;
}) {
  return (
    <span class={`word ${tone}`} title={title}>
      <svg viewBox="0 0 12 12" fill="currentColor" aria-hidden="true">
        {SHAPES[shape]}
      </svg>
      {word}
    </span>
  );
}

const CERTAINTIES: Record<string, { tone: Tone; shape: Shape; title: string }> = {
  proven: { tone: 'calm', shape: 'diamond', title: 'Verified evidence names the blob' },
  declared: {
    tone: 'open',
    shape: 'square',
    title: 'The trace itself names the blob; nobody verified that',
  },
  bracketed: {
    tone: 'calm',
    shape: 'bracket',
    title: 'Readings before and after saw the same artifact',
  },
  provisional: { tone: 'open', shape: 'half', title: 'No reading after it confirms this yet' },
  ambiguous: {
    tone: 'care',
    shape: 'fork',
    title: 'The label changed at about that time: more than one artifact is possible',
  },
  unobserved: { tone: 'open', shape: 'ring', title: 'No reading says what was there' },
};

/** How certain a tag is; a conflict is never shown as anything calmer. */
export function Certainty({
  certainty,
  conflict = false,
}: {
  certainty: string;
  conflict?: boolean;
}) {
  const how = CERTAINTIES[certainty] ?? { tone: 'open', shape: 'ring', title: '' };
  return (
    <span class="row">
      <Word word={certainty} {...how} />
      {conflict && (
        <Word
          word="conflict"
          tone="alarm"
          shape="triangle"
          title="The trace names a blob that no artifact which the readings allow holds"
        />
      )}
    </span>
  );
}
