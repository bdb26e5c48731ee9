/**
 * How blobs stand: verified, retrievable and certified are three facts, each with a word of its own.
 * None of them stands for another.
 */
import type { BlobState } from '../../store/blob.ts';
import type { ChainFact, ChainStatus } from '../../walrus/chain-fact.ts';
import type { VerificationStanding } from '../../walrus/standing.ts';
import { type Shape, type Tone, Word } from './word.tsx';

interface Look {
  tone: Tone;
  shape: Shape;
  title: string;
}

const STATES: Record<BlobState, Look> = {
  verified: {
    tone: 'calm',
    shape: 'check',
    title: 'The bytes were fetched, and their Blob ID, computed here, is this one',
  },
  mismatch: {
    tone: 'alarm',
    shape: 'triangle',
    title: 'An aggregator serves other bytes under this ID, whatever others serve',
  },
  unavailable: { tone: 'care', shape: 'cross', title: 'Tried, and the bytes were never had' },
  unchecked: { tone: 'open', shape: 'ring', title: 'Nobody tried to check the bytes' },
};

export function Verification({ state }: { state: BlobState }) {
  return <Word word={state} {...STATES[state]} />;
}

const RETRIEVABLE: Record<VerificationStanding['retrievable'], Look & { word: string }> = {
  yes: {
    word: 'retrievable',
    tone: 'calm',
    shape: 'check',
    title: 'The newest run was served the bytes',
  },
  no: {
    word: 'not retrievable',
    tone: 'care',
    shape: 'cross',
    title: 'The newest run was not served the bytes',
  },
  unknown: {
    word: 'retrievable unknown',
    tone: 'open',
    shape: 'ring',
    title: 'Nobody tried, or what stood in the way was here',
  },
};

export function Retrievable({ state }: { state: VerificationStanding['retrievable'] }) {
  return <Word {...RETRIEVABLE[state]} />;
}

const CHAIN: Record<Exclude<ChainStatus, 'certified'>, Look> = {
  registered: {
    tone: 'open',
    shape: 'half',
    title: 'Its storage was paid for, and it was never certified',
  },
  expired: { tone: 'care', shape: 'cross', title: 'Its storage has ended' },
  deleted: { tone: 'care', shape: 'cross', title: 'It was deleted' },
  invalid: { tone: 'alarm', shape: 'triangle', title: 'Storage nodes proved its encoding wrong' },
  nonexistent: {
    tone: 'care',
    shape: 'cross',
    title: 'Neither the chain nor the storage nodes know of it',
  },
};

type Said = Pick<ChainFact, 'status' | 'endsAt' | 'deletable'>;

/** Calm only where nothing but time can end its storage, and that is known to lie ahead. */
function certifiedLook({ endsAt, deletable }: Said): Look {
  const open: Pick<Look, 'tone' | 'shape'> = { tone: 'open', shape: 'diamond' };
  if (endsAt === null) {
    return { ...open, title: 'The chain certified it; how long it is stored is not known' };
  }
  const lasts = 'The chain certified it, and by what it said its storage lasts';
  if (deletable === false) return { tone: 'calm', shape: 'diamond', title: lasts };
  return { ...open, title: `${lasts}, unless its owner deletes it before` };
}

/**
 * @param fact null: nothing is known of what the chain says
 * @param now ms, of whatever the page tells of: storage ends without a word
 */
export function Chain({ fact, now }: { fact: Said | null; now: number }) {
  if (fact === null) {
    const title = 'Nothing is known of what the chain says';
    return <Word word="chain unknown" tone="open" shape="ring" title={title} />;
  }
  const { status, endsAt } = fact;
  if (endsAt !== null && endsAt <= now && (status === 'certified' || status === 'registered')) {
    const title = 'By what the chain said last, its storage has ended since';
    return <Word word={`${status}, storage over`} tone="care" shape="cross" title={title} />;
  }
  const look = status === 'certified' ? certifiedLook(fact) : CHAIN[status];
  return <Word word={status} {...look} />;
}

/** What it said once and says no more in these words: nothing of it is told of now. */
export function ChainOnce({ status }: Pick<ChainFact, 'status'>) {
  const { shape } = status === 'certified' ? ({ shape: 'diamond' } as const) : CHAIN[status];
  const title = 'So the chain said then; what it said later stands above';
  return <Word word={status} tone="open" shape={shape} title={title} />;
}
