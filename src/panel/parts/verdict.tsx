/** What a diff came to: a word and a shape, never calmer than the evidence. */
import type { Verdict } from '../../contract/diff.ts';
import { longVerdict, shortVerdict } from '../../diff/rendering/index.ts';
import { type Shape, type Tone, Word } from './word.tsx';

const LOOKS: Record<Verdict, { tone: Tone; shape: Shape }> = {
  changed: { tone: 'alarm', shape: 'triangle' },
  'changed-but-small': { tone: 'care', shape: 'triangle' },
  insufficient: { tone: 'open', shape: 'half' },
  'no-data': { tone: 'open', shape: 'ring' },
  'no-evidence': { tone: 'calm', shape: 'check' },
  identical: { tone: 'calm', shape: 'square' },
};

/** @param verdict of a report that was stored: one of a later version is shown as it is, and as unknown */
export function VerdictWord({ verdict }: { verdict: string }) {
  const look = LOOKS[verdict as Verdict] as (typeof LOOKS)[Verdict] | undefined;
  if (!look) return <Word word={verdict} tone="open" shape="ring" />;
  const known = verdict as Verdict;
  return <Word word={shortVerdict(known)} title={longVerdict(known)} {...look} />;
}
