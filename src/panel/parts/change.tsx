/** A change under a label: what it was, in which window it lies, and where to look further. */
import type { StoredChange } from '../../store/store.ts';
import { pathTo, withQuery } from '../page.ts';
import { type Shape, type Tone, Word } from './word.tsx';

const KINDS: Record<
  StoredChange['kind'],
  { word: string; tone: Tone; shape: Shape; title: string }
> = {
  first_seen: {
    word: 'first seen',
    tone: 'open',
    shape: 'half',
    title: 'The first artifact that was read under the label',
  },
  moved: {
    word: 'moved',
    tone: 'care',
    shape: 'fork',
    title: 'Another artifact came under the label, one that it had not held before',
  },
  returned: {
    word: 'returned',
    tone: 'care',
    shape: 'fork',
    title: 'An artifact that the label held before came back',
  },
  vanished: {
    word: 'vanished',
    tone: 'alarm',
    shape: 'cross',
    title: 'The source answered that nothing is there any more',
  },
  reappeared: {
    word: 'reappeared',
    tone: 'care',
    shape: 'half',
    title: 'Something is there again after nothing was',
  },
};

export function ChangeKindWord({ kind }: { kind: StoredChange['kind'] }) {
  return <Word {...KINDS[kind]} />;
}

export function RetiredWord() {
  return (
    <Word
      word="retired"
      tone="open"
      shape="cross"
      title="Readings that were imported later show that there was no such change"
    />
  );
}

/** Where the label's timeline shows it, with as much again around the window. */
export function timelinePath({ label, after, before }: StoredChange): string {
  const room = Math.max(60_000, after === null ? 3_600_000 : before - after);
  const range = { from: timeText((after ?? before) - room), to: timeText(before + room) };
  return withQuery(pathTo('labels', label), range);
}

/** What changed inside; null where one side is nothing. */
export function insidePath({ from, to }: StoredChange): string | null {
  return from === null || to === null ? null : pathTo('compare', from, to);
}

/** The form of the diff that says what it did; null where one side is nothing. */
export function effectPath({ label, from, to }: StoredChange): string | null {
  if (from === null || to === null) return null;
  return withQuery('/diffs', { label, before: from, after: to });
}

/** The traces that it leaves open: those that ran while it may have happened. */
export function ambiguousPath({ label, after, before }: StoredChange): string | null {
  if (after === null) return null;
  const q = `label:${label} certainty:ambiguous after:${timeText(after - 60_000)} before:${timeText(before + 60_000)}`;
  return withQuery('/traces', { q });
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
