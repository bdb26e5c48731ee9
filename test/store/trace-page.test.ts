import { expect, test } from 'vitest';
import { opened, START, trace } from './opened.ts';

test('a page of traces ends early where its texts are large, and the next goes on from there', async () => {
  const { store } = opened();
  const large = JSON.stringify('x'.repeat(9 * 2 ** 20));
  const batch = ['a', 'b', 'c', 'd'].map((id, i) =>
    trace({ id, label: 'og/model', startedAt: START + i, endedAt: START + i, output: large }),
  );
  await store.ingest(batch, START);
  const everything = { from: null, to: null };
  const first = await store.traces(everything, { limit: 100, before: null });
  expect(first.items.map(({ id }) => id)).toEqual(['d', 'c']);
  const second = await store.traces(everything, { limit: 100, before: first.next });
  expect(second.items.map(({ id }) => id)).toEqual(['b', 'a']);
  expect(second.next).toBeNull();
});
