/** The filter line: what is typed stays, what can't be read is told with its place, and may be put right with a click. */
import { cutLine } from '../cut-line.ts';
import { type FilterWord, lineCorrected, lineWithout, type Mistake } from '../filter-line.ts';
import { FIELDS } from '../trace-filter.ts';
import { tracesPath } from '../trace-links.ts';

interface Props {
  line: string;
  words: readonly FilterWord[];
  mistakes: readonly Mistake[];
  live: boolean;
  zone: string;
}

const MOST_TOLD = 5;
const LONGEST_WORD = 100;
const EXAMPLES = [
  'certainty:ambiguous',
  'label:og/* decision:HOLD',
  'decision:"HOLD for review"',
  'conflict:yes',
  'unmapped:yes',
];

export function FilterForm({ line, words, mistakes, live, zone }: Props) {
  const described = mistakes.length > 0 ? 'filter-mistakes filter-hint' : 'filter-hint';
  return (
    <>
      <search>
        <form method="get" action="/traces" class="fields filter">
          <label class="grow">
            <span>Filter</span>
            <input
              class="wide id"
              name="q"
              value={line}
              data-filter=""
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              placeholder="label:og/* certainty:ambiguous decision:HOLD"
              aria-invalid={mistakes.length > 0 ? 'true' : undefined}
              aria-describedby={described}
            />
          </label>
          {live && <input type="hidden" name="live" value="1" />}
          <button type="submit">Filter</button>
        </form>
      </search>
      {mistakes.length > 0 && <Mistakes line={line} mistakes={mistakes} />}
      {mistakes.length === 0 && words.length > 0 && <Chips words={words} live={live} />}
      <details class="small">
        <summary id="filter-hint">What can be asked for. Days and times are in {zone}.</summary>
        <dl class="facts">
          {Object.entries(FIELDS).map(([field, meaning]) => (
            <>
              <dt>
                <code>{field}:</code>
              </dt>
              <dd>{meaning}</dd>
            </>
          ))}
        </dl>
        <p class="row">
          {EXAMPLES.map((example) => (
            <a href={tracesPath(example)}>
              <code>{example}</code>
            </a>
          ))}
        </p>
        <p class="soft">
          Words stand beside each other, and all of them hold. In a list <kbd>j</kbd> and{' '}
          <kbd>k</kbd> go down and up, <kbd>o</kbd> opens, <kbd>/</kbd> comes here.
        </p>
      </details>
    </>
  );
}

function Mistakes({ line, mistakes }: Pick<Props, 'line' | 'mistakes'>) {
  const more = mistakes.length - MOST_TOLD;
  return (
    <div id="filter-mistakes" class="notice care" role="alert">
      <p>Not all of the filter could be read, so nothing is shown.</p>
      <ul>
        {mistakes.slice(0, MOST_TOLD).map((mistake) => (
          <li>
            <code>{cutLine(mistake.raw, LONGEST_WORD)}</code> (character {mistake.at + 1}){' '}
            {mistake.said}
            <Instead line={line} mistake={mistake} />
          </li>
        ))}
        {more > 0 && <li>and {more} more</li>}
      </ul>
    </div>
  );
}

function Instead({ line, mistake }: { line: string; mistake: Mistake }) {
  const { instead } = mistake;
  if (instead === null) return null;
  const path = tracesPath(lineCorrected(line, mistake));
  return instead === '' ? (
    <>
      : <a href={path}>leave it out</a>
    </>
  ) : (
    <>
      : did you mean{' '}
      <a href={path}>
        <code>{cutLine(instead, LONGEST_WORD)}</code>
      </a>
      ?
    </>
  );
}

/** What the list is narrowed to, each to be taken off again. */
function Chips({ words, live }: Pick<Props, 'words' | 'live'>) {
  return (
    <ul class="chips" aria-label="Narrowed to">
      {words.map(({ field, raw }) => (
        <li>
          <code>{cutLine(raw, LONGEST_WORD)}</code>{' '}
          <a
            href={tracesPath(lineWithout(words, field), { live: live || undefined })}
            aria-label={`Without ${field}`}
          >
            ×
          </a>
        </li>
      ))}
    </ul>
  );
}
