/** One input with what both sides made of it, beside each other, and what differs between them. */
import type { Report } from '../../contract/diff.ts';
import { caseHead, wordDiff } from '../../diff/rendering/index.ts';
import { grouped } from '../counted.ts';
import { cutText } from '../cut-text.ts';
import { fitted } from '../fitted.ts';
import { tracePath } from '../trace-links.ts';
import { TextBlock } from './json.tsx';
import { SideWords, WordDiff } from './word-diff.tsx';

export type Case = Report['cases'][number];

/** How much of a page its parts may take: bytes, and rows. */
export interface CaseRoom {
  text: number;
  words: number;
  paths: number;
  /** An id may be as long as a text once it stands in a link. */
  ids: number;
}

interface Props {
  found: Case;
  /** As in `1. flipped: HOLD → CLEAR`. */
  number: number;
  room: CaseRoom;
  /** To all of it; null: this is all there is. */
  whole: string | null;
  /** It has the page for itself. */
  isAlone?: boolean;
}

const LONGEST_NAME = 60;
const LONGEST_PATH = 120;
const LONGEST_VALUE = 220;

export function DiffCase({ found, number, room, whole, isAlone = false }: Props) {
  const Title = isAlone ? 'h2' : 'h3';
  const { before, after, flipped, largestStep, input, context, turn, paths, words } = found;
  const head = caseHead(found);
  return (
    <article class="case">
      <Title>
        {number}. {flipped ? 'flipped' : 'differs'}
        {head && `: ${fitted(head.before, LONGEST_NAME)} → ${fitted(head.after, LONGEST_NAME)}`}
        {largestStep !== null && `, largest step ${largestStep}`}
      </Title>
      {context !== null && (
        <p class="soft small">
          in the conversation <code>{fitted(context, 100)}</code>
          {turn !== null && `, turn ${grouped(turn)}`}
        </p>
      )}
      <p class="soft small">input</p>
      <Text json={input} name="The input" bytes={room.text} />
      <div class="sides">
        <Side name="before" side={before} room={room} />
        <Side name="after" side={after} room={room} />
      </div>
      {words !== null && words.length > 0 && (
        <>
          <p class="soft small">word by word: struck through is gone, underlined has come</p>
          <WordDiff runs={words} bytes={room.words} isWhole={whole === null} />
        </>
      )}
      {paths !== null && paths.length > 0 && <Paths paths={paths} most={room.paths} />}
      {whole !== null && (
        <p class="small noprint">
          <a href={whole}>This case alone, with all the report has of it</a>
        </p>
      )}
    </article>
  );
}

function Side({
  name,
  side: { decision, output, traceIds, runs },
  room,
}: {
  name: 'before' | 'after';
  side: Case['before'];
  room: CaseRoom;
}) {
  return (
    <div>
      <p class="soft small">
        {name}
        {decision !== null && (
          <>
            {': '}
            <strong>{fitted(decision, LONGEST_NAME)}</strong>
          </>
        )}
        {runs > 1 && `, latest of ${grouped(runs)} runs`}
      </p>
      {output === null ? (
        <p class="soft">no output</p>
      ) : (
        <Text json={output} name={`The output ${name}`} bytes={room.text} />
      )}
      <p class="small">
        {traceIds.length === 0
          ? 'its traces are gone'
          : traceIds.slice(0, room.ids).map((id, i) => (
              <>
                {i > 0 && ', '}
                <a class="id" href={tracePath(id)}>
                  {fitted(id, 40)}
                </a>
              </>
            ))}
      </p>
    </div>
  );
}

/** JSON as it was received: a string of it as it stands there, quotes and all. */
function Text({ json, name, bytes }: { json: string; name: string; bytes: number }) {
  const { shown, isWhole } = cutText(json, bytes);
  return <TextBlock text={isWhole ? shown : `${shown}…`} name={name} />;
}

function Paths({ paths, most }: { paths: NonNullable<Case['paths']>; most: number }) {
  return (
    <>
      <table class="cards">
        <caption>What differs, by path</caption>
        <thead>
          <tr>
            <th scope="col">Path</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {paths.slice(0, most).map(({ path, before, after }) => (
            <tr>
              <th scope="row">
                <code>{fitted(path, LONGEST_PATH)}</code>
              </th>
              <ChangedValues before={before} after={after} />
            </tr>
          ))}
        </tbody>
      </table>
      {paths.length > most && <p class="soft small">and {paths.length - most} other paths</p>}
    </>
  );
}

/** Two texts word by word, anything else as a whole. */
function ChangedValues({ before, after }: { before: string | null; after: string | null }) {
  const runs = wordsBetween(before, after);
  const value = (json: string | null, op: 'removed' | 'added') => {
    if (json === null) return <span class="soft">not there</span>;
    if (runs) return <SideWords runs={runs} op={op} bytes={LONGEST_VALUE} />;
    const text = <code>{fitted(json, LONGEST_VALUE)}</code>;
    return op === 'removed' ? <del>{text}</del> : <ins>{text}</ins>;
  };
  return (
    <>
      <td data-name="Before">{value(before, 'removed')}</td>
      <td data-name="After">{value(after, 'added')}</td>
    </>
  );
}

/** Null where they are no two whole texts with a word in common. */
function wordsBetween(before: string | null, after: string | null): Case['words'] {
  const [from, to] = [textIn(before), textIn(after)];
  const runs = from !== null && to !== null ? wordDiff(from, to) : null;
  return runs?.some(({ op }) => op === 'same') ? runs : null;
}

/** @param json of a report: cut where it was long */
function textIn(json: string | null): string | null {
  if (!json?.startsWith('"')) return null;
  try {
    return JSON.parse(json) as string;
  } catch {
    return null;
  }
}
