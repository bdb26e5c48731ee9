import { describe, expect, it } from 'vitest';
import { opened, START, trace, unhurried } from '../opened.ts';
import { openedWith, span } from './spans.ts';

const ALL = { suffix: '', from: null, to: null };

describe('ids by a part of them', () => {
  it('are those that begin and end so, the latest start first', async () => {
    const { store } = openedWith();
    await store.ingest(
      [
        trace({ id: 'case-4711', label: 'og/x' }),
        trace({ id: 'case-4712', label: 'og/x', startedAt: START + 5, endedAt: START + 5 }),
        span('CASE-4711', { requestModel: 'gpt-4o' }),
      ],
      START,
    );
    const ids = async (prefix: string, suffix = '') =>
      (await store.traceIds({ ...ALL, prefix, suffix }, 10)).items.map(({ id }) => id);
    expect(await ids('case-4')).toEqual(['case-4712', 'case-4711']);
    expect(await ids('case-4711')).toEqual(['case-4711']);
    expect(await ids('ca', '4711')).toEqual(['case-4711']);
    expect(await ids('', '-4711')).toEqual(['case-4711', 'CASE-4711']);
    expect(await ids('case-47', '4711')).toEqual([]);
    expect(await ids('case-47111')).toEqual([]);
    expect(await ids('%ase-4')).toEqual([]);
    expect((await store.traceIds({ ...ALL, prefix: 'CASE-4' }, 10)).items).toEqual([
      { id: 'CASE-4711', label: null, startedAt: START },
    ]);
  });

  it('say where there are more, and are bounded by when traces began', async () => {
    const { store } = opened();
    const traces = Array.from({ length: 4 }, (_, i) =>
      trace({ id: `case-${i}`, label: 'og/x', startedAt: START + i, endedAt: START + i }),
    );
    await store.ingest(traces, START);
    const asked = { ...ALL, prefix: 'case-' };
    expect(await store.traceIds(asked, 3)).toMatchObject({ more: true, looked: 4, complete: true });
    const some = await store.traceIds({ ...asked, from: START + 1, to: START + 3 }, 3);
    expect(some.items.map(({ id }) => id)).toEqual(['case-2', 'case-1']);
    expect(some).toMatchObject({ more: false, looked: 2, lookedFrom: START + 1 });
    const none = await store.traceIds({ ...asked, from: START + 9 }, 3);
    expect(none).toMatchObject({ items: [], looked: 0, lookedFrom: null, complete: true });
  });

  it('are looked for among the 10,000 that began last, and it says so', async () => {
    const { store } = opened();
    unhurried(store);
    const traces = Array.from({ length: 10_001 }, (_, i) =>
      trace({ id: `case-${i}`, label: 'og/x', startedAt: START + i, endedAt: START + i }),
    );
    await store.ingest(traces.slice(0, 10_000), START);
    const search = { ...ALL, prefix: 'case-0' };
    expect(await store.traceIds(search, 5)).toMatchObject({
      items: [{ id: 'case-0' }],
      looked: 10_000,
      complete: true,
    });
    await store.ingest(traces.slice(10_000), START);
    expect(await store.traceIds(search, 5)).toEqual({
      items: [],
      more: false,
      looked: 10_000,
      complete: false,
      lookedFrom: START + 1,
    });
    const earlier = await store.traceIds({ ...search, to: START + 10_000 }, 5);
    expect(earlier).toMatchObject({ items: [{ id: 'case-0' }], complete: true });
  });
});
