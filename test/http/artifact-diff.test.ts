/** What is said of insides that could not, or must not, be shown. */
import { expect, it } from 'vitest';
import type { ArtifactDiff } from '../../src/contract/artifact-diff.ts';
import type { Inspection } from '../../src/inspect/inspection.ts';
import type { VerificationAttempt } from '../../src/walrus/verification.ts';
import { blob, PUSHED, START } from '../store/opened.ts';
import { B, mismatch, unavailable, verified } from '../walrus/attempts.ts';
import { appUnderTest } from './app-under-test.ts';

const LABEL = 'acme/risk-gate';
const SEEN: Inspection = {
  format: 'safetensors',
  tensors: { night: { dtype: 'F32', shape: [2] } },
  parameters: 2,
  metadata: {},
  structure: 'ab'.repeat(32),
};

/** Two artifacts of one file. What is said of the first one's, after these attempts. */
async function sideAfter(attempts: VerificationAttempt[], basis: 'verified' | 'unverified' | null) {
  const { store, ask } = await appUnderTest();
  await store.putLabel(LABEL, PUSHED, START);
  const artifactIds: string[] = [];
  for (const [i, name] of ['x', 'w'].entries()) {
    const files = [{ path: 'gate.safetensors', blobId: blob(name), size: 12 }];
    const times = { requestedAt: START + i, receivedAt: START + i };
    const { observation } = await store.recordPush(
      LABEL,
      { files, backfill: false, ...times },
      START + i,
    );
    artifactIds.push(observation.artifactId!);
  }
  if (basis) await store.recordInspection(blob('x'), basis, SEEN, START);
  if (attempts.length > 0) {
    await store.recordVerification({ blobId: blob('x'), attempts, nextAt: null }, START);
  }
  const [a, b] = artifactIds.map(encodeURIComponent);
  const { json } = await ask('GET', `/api/v1/artifacts/${a}/compare/${b}`);
  return (json as ArtifactDiff).changed.items[0]!.before;
}

it('a mismatch is called one, and what was peeked at before is not shown', async () => {
  const problem = 'MISMATCH: https://a.example serves other bytes under its Blob ID (other-bytes)';
  const nothing = { basis: null, tensors: null, problem };
  expect(await sideAfter([mismatch()], null)).toMatchObject(nothing);
  expect(await sideAfter([mismatch()], 'unverified')).toMatchObject(nothing);
});

it('what verified bytes showed stays shown, whatever else is served', async () => {
  const attempts = [mismatch(), verified({ aggregator: B })];
  expect(await sideAfter(attempts, 'verified')).toMatchObject({ basis: 'verified', tensors: 1 });
});

it('what was only peeked at says so', async () => {
  expect(await sideAfter([], 'unverified')).toMatchObject({ basis: 'unverified', tensors: 1 });
});

it.each([
  [[], 'its bytes were never fetched'],
  [[unavailable()], 'its bytes could not be had (not-found)'],
  [[verified()], 'it was verified, but was not looked into then'],
])('why nothing is known of an inside is said', async (attempts, problem) => {
  expect(await sideAfter(attempts, null)).toMatchObject({ basis: null, problem });
});
