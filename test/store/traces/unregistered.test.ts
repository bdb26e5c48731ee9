import { describe, expect, it } from 'vitest';
import { PUSHED, START, trace, unhurried } from '../opened.ts';
import { moved, ORIGIN, openedWith, span } from './spans.ts';

const MODEL = { requestModel: 'gpt-4o' };
const at = (ms: number) => ({ startedAt: START + ms, endedAt: START + ms });

describe('labels that nobody registered', () => {
  it('are those that rules, spans and senders name, with how many traces, since when, and why', async () => {
    const { store } = openedWith({ models: { 'gpt-4o': 'acme/gpt' } });
    await store.ingest(
      [
        span('a', MODEL, at(3)),
        span('b', { ...MODEL, service: 'desk' }, at(7)),
        span('c', { declaredLabel: 'og/risk' }),
        trace({ id: 'd', label: 'og/given' }),
        span('e', { requestModel: 'unmapped' }),
      ],
      START,
    );
    const found = await store.unregistered(10);
    expect(found[0]).toEqual({
      label: 'acme/gpt',
      traces: 2,
      moreTraces: false,
      firstStartedAt: START + 3,
      lastStartedAt: START + 7,
      labelBy: 'rule',
      origin: { ...ORIGIN, ...MODEL, service: 'desk' },
    });
    expect(found.slice(1).sort((a, b) => a.label.localeCompare(b.label))).toMatchObject([
      { label: 'og/given', traces: 1, labelBy: 'given', origin: null },
      { label: 'og/risk', traces: 1, labelBy: 'declared' },
    ]);
    expect(await store.unregistered(2)).toHaveLength(2);
    expect((await store.unmapped(10)).map(({ origin }) => origin.requestModel)).toEqual([
      'unmapped',
    ]);
  });

  it('are none once they are registered, also where they are removed after that', async () => {
    const { store } = openedWith();
    await store.ingest([span('a', { declaredLabel: 'og/risk' })], START);
    await store.putLabel('og/risk', PUSHED, START + 1);
    expect(await store.unregistered(10)).toEqual([]);
    await store.removeLabel('og/risk', START + 2);
    expect(await store.unregistered(10)).toEqual([]);
  });

  it('are those that traces have now: by a new rule, and no longer once they moved', async () => {
    const { store, rules } = openedWith();
    const labels = async () => (await store.unregistered(10)).map(({ label }) => label);
    await store.ingest([span('a', MODEL)], START);
    expect(await labels()).toEqual([]);
    for (const label of ['acme/gpt', 'acme/other']) {
      rules.models['gpt-4o'] = label;
      await store.remap(START + 1);
      await moved(store);
      expect(await labels()).toEqual([label]);
    }
  });

  it('have their traces counted up to 10,000', async () => {
    const { store } = openedWith();
    unhurried(store);
    const traces = Array.from({ length: 10_001 }, (_, i) => trace({ id: `t${i}`, label: 'og/x' }));
    await store.ingest(traces.slice(1), START);
    expect(await store.unregistered(1)).toMatchObject([{ traces: 10_000, moreTraces: false }]);
    await store.ingest(traces.slice(0, 1), START);
    expect(await store.unregistered(1)).toMatchObject([{ traces: 10_000, moreTraces: true }]);
  });
});
