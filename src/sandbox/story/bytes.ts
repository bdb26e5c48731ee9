/** Bytes, not words: whether a release's blob is what its ID says, and what changed inside. */
import type { ArtifactDiff } from '../../contract/artifact-diff.ts';
import type { BlobFactsJson, ChainFactJson } from '../../contract/blob.ts';
import type { Release } from '../model.ts';
import { expectFact } from './api.ts';
import { day, type Stage } from './stage.ts';

/** What the hub names is only its word: is it so? */
export async function bytesScene(stage: Stage, release: Release): Promise<void> {
  stage.page.say(
    'What the hub names is only its word. The service has fetched the bytes and computed their Blob ID itself; and it has asked the chain, which is another question:',
  );
  await showFacts(stage, release);
}

/** What differs between two releases, as far as their files say. */
export async function insideScene(stage: Stage, before: Release, after: Release): Promise<void> {
  const { api, page, artifacts } = stage;
  page.heading('What changed inside');
  page.say(`The bytes of ${after} are checked as well, and then looked into:`);
  await showFacts(stage, after);
  const path = `/artifacts/${artifacts.get(before)}/compare/${artifacts.get(after)}`;
  const diff = await api.get<ArtifactDiff>(path);
  const [file] = diff.changed.items;
  const inside = file?.inside ?? null;
  const holds = file?.finding === 'model' && inside !== null && inside.tensors.removed.count > 0;
  expectFact('one file changed, and a tensor of it is gone', holds, diff);
  page.say(diff.summary);
  for (const { name, dtype, shape } of inside.tensors.removed.items) {
    page.fact('tensor', `${name}, ${dtype} [${shape?.join(', ')}]: gone`);
  }
  for (const { name, before: was, after: is } of inside.metadata.items) {
    page.fact('metadata', `${name}: ${was} → ${is}`);
  }
  page.say('Weights are never compared: "other weights" is all that is said of them.');
}

/** Once the service has checked the blob by itself, and has asked the chain. */
async function showFacts({ api, page, blobs }: Stage, release: Release): Promise<void> {
  const facts = await api.until(`the blob of ${release} is verified and certified`, async () => {
    const known = await api.get<BlobFactsJson>(`/blobs/${blobs.get(release)}`).catch(() => null);
    const { fact } = known?.chain ?? {};
    return known?.verification.state === 'verified' && fact ? { ...known, fact } : null;
  });
  page.fact('bytes', `verified, from ${facts.verification.aggregator}`);
  page.fact('chain', chainText(facts.fact));
}

function chainText({ status, certifiedEpoch, endsAt, endsAtEstimated }: ChainFactJson): string {
  const until = endsAt === null ? '' : `, stored until ${day(endsAt)}`;
  return `${status} in epoch ${certifiedEpoch}${until}${endsAtEstimated ? ' (estimated)' : ''}`;
}
