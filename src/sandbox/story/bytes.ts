/** Bytes, not words: whether a release's blob is what its ID says, and what changed inside. */
import type { ArtifactDiff } from '../../contract/artifact-diff.ts';
import type { BlobFactsJson, ChainFactJson } from '../../contract/blob.ts';
import type { Release } from '../model.ts';
import { expectFact } from './api.ts';
import { day, type Stage } from './stage.ts';

/** The service has fetched the blob and computed its ID by itself, and has asked the chain. */
export async function bytesScene(stage: Stage, release: Release): Promise<void> {
  const { api, page, blobs } = stage;
  const facts = await api.until(`the blob of ${release} is verified and certified`, async () => {
    const known = await api.get<BlobFactsJson>(`/blobs/${blobs[release]}`).catch(() => null);
    const { fact } = known?.chain ?? {};
    return known?.verification.state === 'verified' && fact ? { ...known, fact } : null;
  });
  page.say(
    'What the hub names is only its word. The service has fetched the bytes and computed their Blob ID itself; and it has asked the chain, which is another question:',
  );
  page.fact('bytes', `verified, from ${facts.verification.aggregator}`);
  page.fact('chain', chainText(facts.fact));
}

function chainText({ status, certifiedEpoch, endsAt, endsAtEstimated }: ChainFactJson): string {
  const until = endsAt === null ? '' : `, stored until ${day(endsAt)}`;
  return `${status} in epoch ${certifiedEpoch}${until}${endsAtEstimated ? ' (estimated)' : ''}`;
}

/** What differs between two releases, as far as their files say. */
export async function insideScene(stage: Stage, before: Release, after: Release): Promise<void> {
  const { api, page, artifacts } = stage;
  await bytesScene(stage, after);
  const path = `/artifacts/${artifacts.get(before)}/compare/${artifacts.get(after)}`;
  const diff = await api.get<ArtifactDiff>(path);
  page.say(`What changed inside, from ${before} to ${after}:`);
  page.say(diff.summary);
  expectFact('the diff says what changed inside', diff.changed.items[0]?.finding === 'model', diff);
}
