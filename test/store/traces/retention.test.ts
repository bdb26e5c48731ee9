import { describe, expect, it } from 'vitest';
import { opened, PUSHED, START, trace } from '../opened.ts';
import { moved, openedWith, span } from './spans.ts';

const LABEL = 'og/risk';
const at = (ms: number) => ({ startedAt: START + ms, endedAt: START + ms });
const text = (letter: string) => JSON.stringify(letter.repeat(98));

type Opened = ReturnType<typeof opened>['store'];

async function idsIn(store: Opened): Promise<string[]> {
  const { items } = await store.traces({ from: null, to: null }, { limit: 100, before: null });
  return items.map(({ id }) => id).sort();
}

async function withTraces(ids: string, label = LABEL) {
  const { store } = opened();
  const batch = [...ids].map((id, i) => trace({ id, label, ...at(i), output: text(id) }));
  await store.ingest(batch, START);
  return store;
}

describe('traces by age', () => {
  it('go in steps, the oldest first, and those at the limit stay', async () => {
    const store = await withTraces('abcde');
    const limits = { label: LABEL, before: START + 3, bytes: null };
    expect(await store.dropTraces(limits, 2)).toBe(2);
    expect(await idsIn(store)).toEqual(['c', 'd', 'e']);
    expect(await store.dropTraces(limits, 2)).toBe(1);
    expect(await store.dropTraces(limits, 2)).toBe(0);
    expect(await idsIn(store)).toEqual(['d', 'e']);
    expect(await store.trace('a', null)).toBeNull();
  });

  it('go only of their own label', async () => {
    const store = await withTraces('ab');
    await store.ingest([trace({ id: 'other', label: 'og/other', ...at(0) })], START);
    await store.dropTraces({ label: LABEL, before: START + 100, bytes: null }, 10);
    expect(await idsIn(store)).toEqual(['other']);
    const nobody = { label: 'og/nobody', before: START + 100, bytes: null };
    expect(await store.dropTraces(nobody, 10)).toBe(0);
  });

  it('go without a label too, and are counted no longer', async () => {
    const { store } = openedWith();
    const model = { requestModel: 'm' };
    await store.ingest([span('a', model, at(0)), span('b', model, at(5))], START);
    await store.dropTraces({ label: null, before: START + 1, bytes: null }, 10);
    expect((await store.unmapped(5)).map(({ traces }) => traces)).toEqual([1]);
    await store.dropTraces({ label: null, before: START + 9, bytes: null }, 10);
    expect(await store.unmapped(5)).toEqual([]);
  });

  it('give up their id: the same one may come again', async () => {
    const store = await withTraces('a');
    await store.dropTraces({ label: LABEL, before: START + 100, bytes: null }, 10);
    const again = [trace({ id: 'a', label: LABEL, ...at(50) })];
    expect((await store.ingest(again, START)).outcomes).toEqual(['accepted']);
  });
});

describe('traces by size', () => {
  it('go, the oldest first, until the rest fits', async () => {
    const store = await withTraces('abcde');
    const limits = { label: LABEL, before: null, bytes: 250 };
    expect(await store.dropTraces(limits, 10)).toBe(3);
    expect(await idsIn(store)).toEqual(['d', 'e']);
    expect(await store.dropTraces(limits, 10)).toBe(0);
  });

  it('go by age first, and by size only what is still too much', async () => {
    const store = await withTraces('abcde');
    expect(await store.dropTraces({ label: LABEL, before: START + 2, bytes: 200 }, 10)).toBe(3);
    expect(await idsIn(store)).toEqual(['d', 'e']);
  });

  it('go without a label too', async () => {
    const { store } = openedWith();
    const sized = (id: string, ms: number) =>
      span(id, { requestModel: id }, { ...at(ms), output: Buffer.from(text(id)) });
    await store.ingest([sized('a', 0), sized('b', 1), sized('c', 2)], START);
    expect(await store.dropTraces({ label: null, before: null, bytes: 150 }, 10)).toBe(2);
    expect(await idsIn(store)).toEqual(['c']);
  });
});

describe('a hold', () => {
  const all = { label: LABEL, before: START + 1000, bytes: 0 };

  it('keeps the traces of its period, whatever their age and size', async () => {
    const store = await withTraces('abcdef');
    const reason = 'case 4711';
    await store.putHold(
      { name: 'case', label: LABEL, from: START + 1, to: START + 3, reason },
      START,
    );
    await store.putHold(
      { name: 'more', label: LABEL, from: START + 2, to: START + 4, reason },
      START,
    );
    expect(await store.dropTraces(all, 100)).toBe(3);
    expect(await store.dropTraces(all, 100)).toBe(0);
    expect(await idsIn(store)).toEqual(['b', 'c', 'd']);
    expect((await store.trace('b', null))!.output).toBe(text('b'));
  });

  it('lets them go once it is lifted', async () => {
    const store = await withTraces('ab');
    const hold = { name: 'case', label: LABEL, from: START, to: START + 9, reason: 'r' };
    await store.putHold(hold, START);
    expect(await store.holds()).toEqual([{ ...hold, createdAt: START }]);
    expect(await store.dropTraces(all, 100)).toBe(0);
    expect(await store.removeHold('case')).toBe(true);
    expect(await store.removeHold('case')).toBe(false);
    await moved(store);
    expect(await store.dropTraces(all, 100)).toBe(2);
  });

  it('is replaced by one of the same name, and refused for a label nobody ever named', async () => {
    const store = await withTraces('ab');
    const hold = { name: 'case', label: LABEL, from: START, to: START + 9, reason: 'r' };
    await store.putHold(hold, START);
    await store.putHold({ ...hold, to: START + 1 }, START);
    expect(await store.dropTraces(all, 100)).toBe(1);
    expect(await idsIn(store)).toEqual(['a']);
    const nobody = store.putHold({ ...hold, label: 'og/nobody' }, START);
    await expect(nobody).rejects.toMatchObject({ code: 'unknown-label' });
  });

  it('of another label changes nothing', async () => {
    const store = await withTraces('ab');
    await store.putLabel('og/other', PUSHED, START);
    await store.putHold(
      { name: 'case', label: 'og/other', from: START, to: START + 9, reason: 'r' },
      START,
    );
    expect(await store.dropTraces(all, 100)).toBe(2);
  });
});

it('names the labels that have traces', async () => {
  const store = await withTraces('a');
  await store.putLabel('og/empty', PUSHED, START);
  expect(await store.tracedLabels()).toEqual([LABEL]);
});

it('gives no number twice, and no time goes back, where the newest traces were dropped', async () => {
  const { store, folder, clock } = opened();
  const batch = [...'abc'].map((id) => trace({ id, label: LABEL, ...at(0) }));
  await store.ingest(batch, START + 500);
  expect(await store.newestTrace()).toBe(3);
  await store.dropTraces({ label: LABEL, before: START + 1000, bytes: null }, 10);
  await store.close();
  const again = opened(folder, clock).store;
  expect(await again.lost()).toEqual([]);
  await again.ingest([trace({ id: 'd', label: LABEL })], START);
  expect(await again.newestTrace()).toBe(4);
  expect((await again.trace('d', null))!.recordedAt).toBeGreaterThanOrEqual(START + 500);
});

it('a held trace keeps its label until the hold is lifted', async () => {
  const { store, rules } = openedWith({ models: { m: 'acme/a' } });
  const model = { requestModel: 'm' };
  await store.ingest([span('held', model, at(5)), span('free', model, at(15))], START);
  const hold = { name: 'case', label: 'acme/a', from: START, to: START + 10, reason: 'r' };
  await store.putHold(hold, START);
  rules.models.m = 'acme/b';
  await store.remap(START + 20);
  await moved(store);
  expect((await store.trace('held', null))!.label).toBe('acme/a');
  expect((await store.trace('free', null))!.label).toBe('acme/b');
  const all = { before: START + 1000, bytes: null };
  expect(await store.dropTraces({ label: 'acme/a', ...all }, 10)).toBe(0);
  await store.removeHold('case');
  await moved(store);
  expect((await store.trace('held', null))!.label).toBe('acme/b');
});

it('lets go of nothing while traces are on their way to another label', async () => {
  const { store, rules } = openedWith();
  await store.ingest([span('a', { requestModel: 'm' }, at(0))], START);
  rules.models.m = 'gold/kept';
  await store.remap(START + 1);
  const unmapped = { label: null, before: START + 1000, bytes: null };
  expect(await store.dropTraces(unmapped, 10)).toBe(0);
  await moved(store);
  expect(await store.dropTraces(unmapped, 10)).toBe(0);
  expect((await store.trace('a', null))!.label).toBe('gold/kept');
});
