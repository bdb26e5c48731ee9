/** Which way decisions go since the label changed, as far as pairs of the same input say by now. */
import type { StoredEvidence } from '../../store/evidence.ts';
import { counted } from '../counted.ts';
import { fitted } from '../fitted.ts';
import type { PageContext } from '../page.ts';
import { Ago } from './time.tsx';
import { Word } from './word.tsx';

const LONGEST = 600;

/** The sentence, and how old it is. @param diff the form of the diff that tells more; null: the change is gone */
export function EvidenceLine({
  evidence,
  diff,
  page,
}: {
  evidence: StoredEvidence;
  diff: string | null;
  page: PageContext;
}) {
  const { summary, lookedAt } = evidence;
  const colon = summary.indexOf(': ');
  return (
    <>
      <EvidenceWord evidence={evidence} word={fitted(summary.slice(0, colon), 60)} />{' '}
      <span data-quiet="">{fitted(summary.slice(colon + 2), LONGEST)}</span>{' '}
      <span class="soft small">
        (looked at <Ago at={lookedAt} page={page} />)
      </span>{' '}
      {diff !== null && <a href={diff}>compare before and after it</a>}
    </>
  );
}

/** In a list: nothing as long as there is no pair. */
export function ShortEvidence({ evidence }: { evidence: StoredEvidence }) {
  if (evidence.pairs === 0) return null;
  const word =
    evidence.toldAt === null
      ? `insufficient so far: ${counted(evidence.pairs, 'pair')}`
      : 'decisions go another way';
  return <EvidenceWord evidence={evidence} word={word} />;
}

function EvidenceWord({ evidence, word }: { evidence: StoredEvidence; word: string }) {
  // Each pair counts itself; that there are enough of them is the news.
  return evidence.toldAt === null ? (
    <span data-quiet="">
      <Word
        word={word}
        tone="open"
        shape="half"
        title="Pairs of the same input since the change do not show that decisions flip one way; nor that they don’t"
      />
    </span>
  ) : (
    <Word
      word={word}
      tone="alarm"
      shape="triangle"
      title="Pairs of the same input since the change show that decisions flip one way"
    />
  );
}
