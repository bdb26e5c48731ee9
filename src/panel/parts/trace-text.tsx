/** What went into a trace, or came out: folded where it is JSON, wrapped where it is text, cut where it is long. */
import { cutText } from '../cut-text.ts';
import { jsonOutline } from '../json-outline.ts';
import { tracePath } from '../trace-links.ts';
import { Json, TextBlock } from './json.tsx';

interface Props {
  id: string;
  part: 'input' | 'output' | 'attributes';
  /** JSON as received. */
  text: string;
  /** Of the page, that it may take. */
  bytes: number;
}

const DEPTH = 10;
/** Of one string beside others: what a user said is not to drown in a long system prompt. */
const TEXT_SHARE = 0.25;

export function TraceText({ id, part, text, bytes }: Props) {
  const isText = text.trimStart().startsWith('"');
  const limits = { bytes, textBytes: isText ? bytes : bytes * TEXT_SHARE, depth: DEPTH };
  const node = jsonOutline(text, limits);
  const size = text.length.toLocaleString('en');
  return (
    <>
      {node === null ? (
        <Raw text={text} part={part} bytes={bytes} />
      ) : node.kind === 'text' ? (
        <>
          <TextBlock text={node.shown} name={`The ${part} as text`} />
          {!node.isWhole && <p class="soft">It is longer, and cut here.</p>}
        </>
      ) : (
        <Json node={node} />
      )}
      <p class="row small">
        <a href={tracePath(id, { part })}>As received</a>
        {isText && <a href={tracePath(id, { part, as: 'text' })}>As text</a>}
        <span class="soft">{size} characters of JSON</span>
      </p>
    </>
  );
}

function Raw({ text, part, bytes }: Pick<Props, 'text' | 'part' | 'bytes'>) {
  const { shown, isWhole } = cutText(text, bytes);
  return (
    <>
      <TextBlock text={shown} name={`The ${part} as text`} />
      {!isWhole && <p class="soft">It is longer, and cut here.</p>}
    </>
  );
}
