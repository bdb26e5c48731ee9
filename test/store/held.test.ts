/** Where artifacts were: tenures across labels, what stood beside them, how their blobs stand. */
import { expect, it } from 'vitest';
import type { SqliteStore } from '../../src/store/sqlite/index.ts';
import { mismatch, verified } from '../walrus/attempts.ts';
import { blob, files, opened, PUSHED, START } from './opened.ts';

/** @param blobs of the artifact; null: absent */
async function push(store: SqliteStore, label: string, blobs: string[] | null, at: number) {
  if (!(await store.label(label))) await store.putLabel(label, PUSHED, START);
  const reading = { files: blobs && files(...blobs), backfill: false };
  const times = { requestedAt: at, receivedAt: at + 1 };
  const { observation } = await store.recordPush(label, { ...reading, ...times }, at + 1);
  return observation.artifactId;
}

it('tells the tenures of an artifact under all labels, seen last first', async () => {
  const { store } = opened();
  const a = (await push(store, 'og/gate', ['a'], START))!;
  await push(store, 'og/gate', ['a'], START + 10);
  await push(store, 'og/gate', null, START + 20);
  await push(store, 'og/gate', ['a'], START + 30);
  await push(store, 'acme/gate', ['b'], START + 40);
  await push(store, 'acme/gate', ['a'], START + 50);
  const tenures = await store.tenuresOf(a, 10);
  expect(tenures).toMatchObject([
    { label: 'acme/gate', firstSeenAt: START + 51, began: { after: START + 40 }, ended: null },
    { label: 'og/gate', firstSeenAt: START + 31, observations: 1, ended: null },
    {
      label: 'og/gate',
      firstSeenAt: START + 1,
      lastConfirmedAt: START + 10,
      observations: 2,
      began: { after: null, before: START + 1 },
      ended: { after: START + 10, before: START + 21 },
    },
  ]);
  // The same as the timeline of the label has them.
  const { tenures: ofLabel } = await store.timeline('og/gate', { from: null, to: null });
  const own = tenures
    .filter(({ label }) => label === 'og/gate')
    .map(({ label: _, ...rest }) => rest);
  expect(own.reverse()).toEqual(ofLabel);
  expect(await store.tenuresOf(a, 1)).toEqual(tenures.slice(0, 1));
});

it('tells what other artifacts its labels held, each once, confirmed last first', async () => {
  const { store } = opened();
  const a = (await push(store, 'og/gate', ['a'], START))!;
  const b = await push(store, 'og/gate', ['b'], START + 10);
  const c = await push(store, 'og/gate', ['c'], START + 20);
  await push(store, 'og/gate', null, START + 30);
  await push(store, 'acme/gate', ['a'], START + 40);
  await push(store, 'acme/gate', ['b'], START + 50);
  await push(store, 'else', ['d'], START + 60);
  expect(await store.artifactsBeside(a, 10)).toEqual([
    { artifactId: b, label: 'acme/gate', lastConfirmedAt: START + 50 },
    { artifactId: c, label: 'og/gate', lastConfirmedAt: START + 20 },
  ]);
  expect(await store.artifactsBeside(a, 1)).toHaveLength(1);
});

it('tells how each blob of an artifact stands', async () => {
  const { store } = opened();
  const id = (await push(store, 'og/gate', ['x', 'w', 'z'], START))!;
  await store.recordVerification(
    { blobId: blob('x'), attempts: [mismatch()], nextAt: null },
    START,
  );
  const attempts = [verified({ blobId: blob('w') })];
  await store.recordVerification({ blobId: blob('w'), attempts, nextAt: null }, START);
  expect(await store.blobStatesOf(id)).toEqual(
    new Map([
      [blob('x'), 'mismatch'],
      [blob('w'), 'verified'],
      [blob('z'), 'unchecked'],
    ]),
  );
});

it('lists at most so many artifacts of a blob, and retired changes where they are asked for', async () => {
  const { store } = opened();
  await push(store, 'og/gate', ['a', 'b'], START);
  await push(store, 'og/gate', ['a', 'c'], START + 10);
  expect(await store.artifactsWith(blob('a'), 1)).toHaveLength(1);
  expect(await store.artifactsWith(blob('a'))).toHaveLength(2);
  const filter = { label: null, from: null, to: null, limit: 10, before: null };
  // It was there earlier: the reading that revealed it does so no more.
  const between = {
    files: files('a', 'c'),
    backfill: true,
    requestedAt: START + 5,
    receivedAt: START + 6,
  };
  await store.recordPush('og/gate', between, START + 20);
  const live = await store.changes(filter);
  const all = await store.changes({ ...filter, retired: true });
  expect([live.length, all.length]).toEqual([2, 3]);
  expect(all.filter(({ retiredAt }) => retiredAt === null)).toEqual(live);
});
