import { describe, expect, it } from 'vitest';
import type { ContextSpan } from '../../../src/store/context-span.ts';
import { opened, START } from '../opened.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const OTHER = '1bf7651916cd43dd8448eb211c80319c';

function contextSpan(n: number, told: Partial<ContextSpan> = {}): ContextSpan {
  return {
    traceId: TRACE,
    spanId: n.toString(16).padStart(16, '0'),
    parentSpanId: null,
    name: `GET /orders/${n}`,
    service: 'checkout',
    kind: 2,
    status: 0,
    startedAt: START + n,
    endedAt: START + n + 10,
    ...told,
  };
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => contextSpan(from + i));

describe('context spans', () => {
  it('are kept by their OTLP trace, in order of start, also after a restart', async () => {
    const { store, folder } = opened();
    const foreign = contextSpan(9, { traceId: OTHER });
    await store.ingest([], START, [contextSpan(3), foreign, contextSpan(1)]);
    await store.ingest([], START, [contextSpan(2, { parentSpanId: contextSpan(1).spanId })]);
    await store.close();
    const again = opened(folder).store;
    const found = await again.contextSpans(TRACE);
    expect(found).toEqual([
      contextSpan(1),
      contextSpan(2, { parentSpanId: contextSpan(1).spanId }),
      contextSpan(3),
    ]);
    expect(await again.contextSpans(OTHER)).toEqual([foreign]);
    expect(await again.contextSpans('2'.repeat(32))).toEqual([]);
  });

  it('that come again are stored once', async () => {
    const { store } = opened();
    await store.ingest([], START, numbers(0, 5));
    await store.ingest([], START, numbers(0, 5));
    await store.ingest([], START, numbers(3, 8));
    expect(await store.contextSpans(TRACE)).toHaveLength(8);
    const spans = store.db.$client.prepare('SELECT sum(spans) FROM context_spans').pluck().get();
    expect(spans).toBe(8);
  });

  it('are a thousand of one trace at most; what is left out is told', async () => {
    const { store } = opened();
    expect(await store.ingest([], START, numbers(0, 900))).toMatchObject({ contextLeftOut: 0 });
    const more = [...numbers(900, 1100), contextSpan(1, { traceId: OTHER })];
    expect(await store.ingest([], START, more)).toMatchObject({ contextLeftOut: 100 });
    expect(await store.contextSpans(TRACE)).toHaveLength(1000);
    expect(await store.contextSpans(OTHER)).toHaveLength(1);
  });

  it('go by the time they were recorded, with their texts', async () => {
    const { store } = opened();
    await store.ingest([], START, numbers(0, 3));
    await store.ingest([], START + 1000, numbers(3, 5));
    expect(await store.dropContext(START + 500, 10)).toBe(1);
    expect(await store.contextSpans(TRACE)).toHaveLength(2);
    expect(await store.dropContext(START + 5000, 10)).toBe(1);
    expect(store.db.$client.prepare('SELECT count(*) FROM blocks').pluck().get()).toBe(0);
  });
});
