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

const CHAIN: Record<ChainStatus, Look> = {
  certified: {
    tone: 'calm',
    shape: 'diamond',
    title: 'The chain certified it, and its storage lasts',
  },
  registered: {
    tone: 'open',
    shape: 'half',
    title: 'Its storage is paid for, and it was never certified',
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

/** @param fact null: nothing is known of what the chain says; @param now ms: storage ends without a word */
export function Chain({
  fact,
  now,
}: {
  fact: Pick<ChainFact, 'status' | 'endsAt'> | null;
  now: number;
}) {
  if (fact === null) {
    const title = 'Nothing is known of what the chain says';
    return <Word word="chain unknown" tone="open" shape="ring" title={title} />;
  }
  const { status, endsAt } = fact;
  if (endsAt !== null && endsAt <= now && (status === 'certified' || status === 'registered')) {
    const title = 'By what the chain said last, its storage has ended since';
    return <Word word={`${status}, storage over`} tone="care" shape="cross" title={title} />;
  }
  return <Word word={status} {...CHAIN[status]} />;
}
