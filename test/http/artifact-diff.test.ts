/** What is said of insides that could not, or must not, be shown. */
import { expect, it, onTestFinished, vi } from 'vitest';
import type { ArtifactDiff } from '../../src/contract/artifact-diff.ts';
import type { Inspection } from '../../src/inspect/inspection.ts';
import type { VerificationAttempt } from '../../src/walrus/verification.ts';
import { NO_NETWORK } from '../../src/walrus-desk.ts';
import { blob, PUSHED, START } from '../store/opened.ts';
import { B, mismatch, unavailable, verified } from '../walrus/attempts.ts';
import { type AppUnderTest, appUnderTest } from './app-under-test.ts';

const LABEL = 'acme/risk-gate';
const SEEN: Inspection = {
  format: 'safetensors',
  tensors: { night: { dtype: 'F32', shape: [2] } },
  parameters: 2,
  metadata: {},
  structure: 'ab'.repeat(32),
};

/** Two artifacts of one file. @returns where they are compared */
async function twoArtifacts({ store }: AppUnderTest): Promise<string> {
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
  const [a, b] = artifactIds.map(encodeURIComponent);
  return `/api/v1/artifacts/${a}/compare/${b}`;
}

/** What is said of the first one's file, after these attempts. */
async function sideAfter(attempts: VerificationAttempt[], basis: 'verified' | 'unverified' | null) {
  const app = await appUnderTest();
  const { store, ask } = app;
  const path = await twoArtifacts(app);
  if (basis) await store.recordInspection(blob('x'), basis, SEEN, START);
  if (attempts.length > 0) {
    await store.recordVerification({ blobId: blob('x'), attempts, nextAt: null }, START);
  }
  const { json } = await ask('GET', path);
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

it('looks further for a key, or where there are none, but not for a cookie that a browser sends by itself', async () => {
  const peek = vi.spyOn(NO_NETWORK, 'peek');
  onTestFinished(() => peek.mockRestore());
  const secret = 'read-key-read-key';
  const app = await appUnderTest({ keys: [{ role: 'read', secret }] });
  const path = await twoArtifacts(app);
  const key = { authorization: `Bearer ${secret}` };
  const signedIn = await fetch(`${app.url}/sign-in`, {
    method: 'POST',
    headers: { origin: app.url },
    body: new URLSearchParams({ key: secret }),
    redirect: 'manual',
  });
  const cookie = { cookie: signedIn.headers.getSetCookie()[0]!.split(';')[0]! };

  const byCookie = await app.ask('GET', path, undefined, cookie);
  expect([byCookie.status, peek.mock.calls.length]).toEqual([200, 0]);
  const byKey = await app.ask('GET', path, undefined, { ...cookie, ...key });
  expect([byKey.status, peek.mock.calls.length]).toEqual([200, 1]);
  expect(byCookie.json).toEqual(byKey.json);

  const open = await appUnderTest();
  await open.ask('GET', await twoArtifacts(open));
  expect(peek).toHaveBeenCalledTimes(2);
});
