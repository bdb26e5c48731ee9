/** Pages of what is large hold nobody else up: nothing is read twice, and nothing is made anew for each of many files. */
import { expect, it, vi } from 'vitest';
import { appUnderTest } from '../http/app-under-test.ts';
import { blob, PUSHED, START } from '../store/opened.ts';

const html = { accept: 'text/html' };
const time = '2026-11-17T10:00:00Z';

it('a trace as of a time has its texts read once', async () => {
  const read: string[] = [];
  const app = await appUnderTest({
    seen: (store) => ({
      ...store,
      trace(id: string, asOf: number | null) {
        read.push(`${id} ${asOf === null ? 'now' : 'then'}`);
        return store.trace(id, asOf);
      },
    }),
  });
  const input = 'what went in';
  const traces = ['before', 't-1', 'behind'].map((id) => {
    return { id, label: 'acme/read', startedAt: time, endedAt: time, input: `${input} ${id}` };
  });
  await app.ask('POST', '/api/v1/traces', { traces });
  const { status, text } = await app.ask('GET', `/traces/t-1?asOf=${time}`, undefined, html);
  expect(status).toBe(200);
  expect(text).toContain(`${input} t-1`);
  expect(text).toContain('The trace itself was recorded later');
  expect(read).toEqual(['t-1 then']);
  const gone = await app.ask('GET', `/traces/t-2?asOf=${time}`, undefined, html);
  expect(gone.status).toBe(404);
});

it('what differs between artifacts of many files is found without a statement for each of them', async () => {
  const { store, ask } = await appUnderTest();
  await store.putLabel('acme/many', PUSHED, START);
  const pushed = async (side: string, at: number) => {
    const files = Array.from({ length: 300 }, (_, i) => {
      return { path: `layer-${i}.onnx`, blobId: blob(`${side}${i} `), size: 12 };
    });
    const push = { files, backfill: false, requestedAt: at, receivedAt: at };
    const { observation } = await store.recordPush('acme/many', push, at);
    return observation.artifactId!;
  };
  const [before, after] = [await pushed('a', START), await pushed('b', START + 1000)];
  const filter = { label: null, from: null, to: null, limit: 1, before: null };
  const [change] = await store.changes(filter);
  const prepared = vi.spyOn(store.db.$client, 'prepare');
  for (const path of [
    `/compare/${before}/${after}`,
    `/changes/${change!.id}`,
    `/artifacts/${after}`,
    `/artifacts/${after}?asOf=${time}`,
  ]) {
    prepared.mockClear();
    const { status } = await ask('GET', path, undefined, html);
    expect([path, status]).toEqual([path, 200]);
    expect(prepared.mock.calls.length, path).toBeLessThan(30);
  }
});
