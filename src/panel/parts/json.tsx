/** JSON as a tree that folds, without any code: strings as texts, numbers as written. */
import type { JsonContainer, JsonLeaf, JsonMember, JsonNode } from '../json-outline.ts';

/** Deeper ones are closed at first. */
const OPEN_DEPTH = 3;
/** Longer strings, and those of several lines, stand as texts of their own. */
const LONGEST_INLINE = 120;

export function Json({ node }: { node: JsonNode }) {
  return (
    <div class="json">
      <Member member={{ name: null, node }} depth={0} />
    </div>
  );
}

/** The outline goes no deeper than its limit, and so neither does this. */
function Member({ member, depth }: { member: JsonMember; depth: number }) {
  const { name, node } = member;
  if (!('members' in node)) return <Leaf name={name} node={node} />;
  if (node.members.length === 0 && node.isWhole) {
    return (
      <div class="leaf">
        <Name name={name} />
        {node.kind === 'object' ? '{}' : '[]'}
      </div>
    );
  }
  return (
    <details open={depth < OPEN_DEPTH}>
      <summary>
        <Name name={name} />
        <span class="soft">{sizeText(node)}</span>
      </summary>
      {node.members.map((inner) => (
        <Member member={inner} depth={depth + 1} />
      ))}
      {!node.isWhole && <div class="leaf soft">… it goes on, and is cut here</div>}
    </details>
  );
}

function sizeText({ kind, members, isWhole }: JsonContainer): string {
  const [one, several] = kind === 'object' ? ['field', 'fields'] : ['item', 'items'];
  if (members.length === 0) return kind === 'object' ? '{ … }' : '[ … ]';
  const count = `${isWhole ? '' : 'at least '}${members.length} ${members.length === 1 ? one : several}`;
  return kind === 'object' ? `{ ${count} }` : `[ ${count} ]`;
}

function Leaf({ name, node }: { name: string | null; node: JsonLeaf }) {
  const { kind, shown, isWhole } = node;
  if (kind === 'deep') {
    return (
      <div class="leaf">
        <Name name={name} />
        {shown}
        <span class="soft">{isWhole ? '' : '…'} (deeper than is drawn here)</span>
      </div>
    );
  }
  if (kind === 'text' && (shown.length > LONGEST_INLINE || shown.includes('\n') || !isWhole)) {
    return (
      <div class="leaf">
        <Name name={name} />
        <TextBlock text={shown} name={name ?? 'text'} />
        {!isWhole && <span class="soft">… cut here</span>}
      </div>
    );
  }
  return (
    <div class="leaf">
      <Name name={name} />
      {kind === 'text' ? `"${shown}"` : `${shown}${isWhole ? '' : '…'}`}
    </div>
  );
}

function Name({ name }: { name: string | null }) {
  return name === null ? null : <span class="key">{name.replaceAll('\n', '⏎')}: </span>;
}

/** From here on it may be scrolled in, for which somebody has to be able to come to it by key. */
const LONG = { characters: 1000, lines: 20 };

/** @param text harmless to look at; @param name says what it is to whoever doesn't see it */
export function TextBlock({ text, name }: { text: string; name: string }) {
  const isLong = text.length > LONG.characters || text.split('\n').length > LONG.lines;
  return isLong ? (
    <section class="text" tabindex={0} aria-label={name}>
      {text}
    </section>
  ) : (
    <div class="text">{text}</div>
  );
}
