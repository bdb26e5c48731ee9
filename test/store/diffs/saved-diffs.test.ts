import { describe, expect, it } from 'vitest';
import type { DiffPage, NewDiff } from '../../../src/store/saved-diff.ts';
import { SavedDiffs } from '../../../src/store/sqlite/diffs/saved-diffs.ts';
import { Labels } from '../../../src/store/sqlite/labels.ts';
import { Holds } from '../../../src/store/sqlite/traces/holds.ts';
import { opened, PUSHED, START, trace } from '../opened.ts';
import { moved } from '../traces/spans.ts';

const LABEL = 'og/risk';
const at = (ms: number) => ({ startedAt: START + ms, endedAt: START + ms });
const id = (n: number) => `d_${String(n).padStart(24, '0')}`;
const text = (letter: string) => JSON.stringify(letter.repeat(98));
const EVERYTHING = { label: LABEL, before: START + 1000, bytes: 0 };

function diff(n: number, told: Partial<NewDiff> = {}): NewDiff {
  return {
    ...{ id: id(n), label: LABEL, verdict: 'changed', summary: `the ${n}th` },
    ...{ before: '{"artifact":"a"}', after: '{"artifact":"b"}' },
    report: Buffer.from(JSON.stringify({ id: id(n) })),
    named: [],
    hold: null,
    ...told,
  };
}

type Opened = ReturnType<typeof opened>['store'];

/** Traces named by letters, numbered from 1, a millisecond apart. */
async function withTraces(letters: string) {
  const { store } = opened();
  const batch = [...letters].map((letter, i) =>
    trace({ id: letter, label: LABEL, ...at(i), output: text(letter) }),
  );
  await store.ingest(batch, START);
  return store;
}

async function idsIn(store: Opened): Promise<string> {
  const { items } = await store.traces({ from: null, to: null }, { limit: 100, before: null });
  return items
    .map((one) => one.id)
    .sort()
    .join('');
}

describe('a saved diff', () => {
  it('is found with the bytes that it had', async () => {
    const store = await withTraces('a');
    const report = Buffer.from(JSON.stringify({ text: 'é'.repeat(10_000) }));
    await store.saveDiff(diff(1, { report }), START + 5);
    const { report: found, ...listed } = (await store.diff(id(1)))!;
    expect(Buffer.from(found).equals(report)).toBe(true);
    const { named: _, hold: __, report: ___, ...saved } = diff(1);
    expect(listed).toEqual({ ...saved, createdAt: START + 5 });
    expect(await store.diff(id(2))).toBeNull();
  });

  it('is stored once, and stays the age that it has', async () => {
    const store = await withTraces('a');
    await store.saveDiff(diff(1), START + 5);
    await store.saveDiff(diff(1), START + 50);
    const listed = await store.diffs({ limit: 10, before: null });
    expect(listed.map(({ createdAt }) => createdAt)).toEqual([START + 5]);
  });

  it('is listed newest first, page by page, those of one instant by id', async () => {
    const store = await withTraces('a');
    for (const n of [3, 1, 2]) await store.saveDiff(diff(n), START + 5);
    await store.saveDiff(diff(0), START + 6);
    const pages: string[] = [];
    let before = null;
    for (;;) {
      const [one] = await store.diffs({ limit: 1, before });
      if (!one) break;
      pages.push(one.id);
      before = { createdAt: one.createdAt, id: one.id };
    }
    expect(pages).toEqual([id(0), id(3), id(2), id(1)]);
  });

  it('is listed with those of its label, or of labels called like it, page by page', async () => {
    const { store } = opened();
    for (const label of [LABEL, 'og/other', 'acme/risk'])
      await store.putLabel(label, PUSHED, START);
    const of = ['acme/risk', LABEL, 'og/other', LABEL];
    for (const [n, label] of of.entries()) await store.saveDiff(diff(n, { label }), START + n);
    const idsOf = async (label: string, before: DiffPage['before'] = null) =>
      (await store.diffs({ label, limit: 2, before })).map((one) => one.id);
    expect(await idsOf(LABEL)).toEqual([id(3), id(1)]);
    expect(await idsOf('og/*')).toEqual([id(3), id(2)]);
    expect(await idsOf('og/*', { createdAt: START + 2, id: id(2) })).toEqual([id(1)]);
    expect(await idsOf('*/risk', { createdAt: START + 1, id: id(1) })).toEqual([id(0)]);
    expect(await idsOf('og/ris')).toEqual([]);
  });

  it('of a label that nobody ever named is refused', async () => {
    const store = await withTraces('a');
    const nobody = store.saveDiff(diff(1, { label: 'og/nobody' }), START);
    await expect(nobody).rejects.toMatchObject({ code: 'unknown-label' });
  });

  it('survives a restart', async () => {
    const { store, folder, clock } = opened();
    await store.ingest([trace({ id: 'a', label: LABEL, ...at(0) })], START);
    await store.saveDiff(diff(1, { named: [1] }), START);
    await store.close();
    const again = opened(folder, clock).store;
    expect((await again.diffs({ limit: 1, before: null }))[0]!.id).toBe(id(1));
    expect(await again.dropTraces(EVERYTHING, 10)).toBe(0);
  });
});

describe('the traces that a saved diff names', () => {
  it('stay, whatever their age and size, in however small steps the rest goes', async () => {
    const store = await withTraces('abcdefgh');
    await store.saveDiff(diff(1, { named: [1, 2, 5, 99] }), START);
    const byAge = { label: LABEL, before: START + 6, bytes: null };
    expect(await store.dropTraces(byAge, 2)).toBe(2);
    expect(await store.dropTraces(byAge, 2)).toBe(1);
    expect(await idsIn(store)).toBe('abegh');
    const bySize = { label: LABEL, before: null, bytes: 0 };
    expect(await store.dropTraces(bySize, 1)).toBe(1);
    expect(await store.dropTraces(bySize, 1)).toBe(1);
    expect(await store.dropTraces(bySize, 1)).toBe(0);
    expect(await idsIn(store)).toBe('abe');
    expect((await store.trace('e', null))!.output).toBe(text('e'));
  });

  it('stay as long as one diff names them, and go with the last', async () => {
    const store = await withTraces('abc');
    await store.saveDiff(diff(1, { named: [1, 2] }), START);
    await store.saveDiff(diff(2, { named: [2, 3] }), START);
    expect(await store.removeDiff(id(1))).toBe(true);
    expect(await store.removeDiff(id(1))).toBe(false);
    expect(await store.diff(id(1))).toBeNull();
    expect(await store.dropTraces(EVERYTHING, 10)).toBe(1);
    expect(await idsIn(store)).toBe('bc');
    await store.removeDiff(id(2));
    expect(await store.dropTraces(EVERYTHING, 10)).toBe(2);
  });

  it('that were passed over go where their diff goes while others are being dropped', async () => {
    const store = await withTraces('abcde');
    await store.saveDiff(diff(1, { named: [1] }), START);
    expect(await store.dropTraces(EVERYTHING, 2)).toBe(2);
    await store.removeDiff(id(1));
    while ((await store.dropTraces(EVERYTHING, 2)) > 0);
    await store.dropTraces(EVERYTHING, 2);
    expect(await idsIn(store)).toBe('');
  });
});

describe('a diff that holds what it compared', () => {
  const hold = {
    before: { from: START, to: START + 2 },
    after: { from: START + 4, to: START + 5 },
  };

  it('keeps those periods, until it goes and its holds with it', async () => {
    const store = await withTraces('abcdef');
    await store.saveDiff(diff(1, { hold }), START);
    expect((await store.holds()).map(({ name }) => name)).toEqual([
      `${id(1)}-after`,
      `${id(1)}-before`,
    ]);
    expect(await store.dropTraces(EVERYTHING, 10)).toBe(3);
    expect(await idsIn(store)).toBe('abe');
    await store.removeDiff(id(1));
    await moved(store);
    expect(await store.holds()).toEqual([]);
    expect(await store.dropTraces(EVERYTHING, 10)).toBe(3);
  });

  it('has no hold over a side without traces', async () => {
    const store = await withTraces('a');
    await store.saveDiff(diff(1, { hold: { ...hold, after: null } }), START);
    expect((await store.holds()).map(({ name }) => name)).toEqual([`${id(1)}-before`]);
  });

  it('leaves alone a hold that bears its name and is of no diff', async () => {
    const store = await withTraces('a');
    const name = `${id(1)}-before`;
    await store.putHold({ name, label: LABEL, ...hold.before, reason: 'mine' }, START);
    expect(await store.removeDiff(id(1))).toBe(false);
    expect((await store.holds()).length).toBe(1);
  });
});

describe('past the limits', () => {
  /** The rooms themselves, whose limits a test may set. */
  async function limited() {
    const store = await withTraces('abc');
    const labels = new Labels(store.db);
    const saved = new SavedDiffs(store.db, labels, new Holds(store.db, labels));
    const ids = () => saved.page({ limit: 10, before: null }).map((one) => one.id);
    return { store, saved, ids };
  }

  it('the oldest go, with their word for their traces', async () => {
    const { store, saved, ids } = await limited();
    for (const n of [1, 2, 3]) {
      saved.save(diff(n, { named: [n] }), START + n, { count: 2, bytes: 1e6 });
    }
    expect(ids()).toEqual([id(3), id(2)]);
    await store.dropTraces(EVERYTHING, 10);
    expect(await idsIn(store)).toBe('bc');
  });

  it('of bytes too; and the newest stays, however long', async () => {
    const { saved, ids } = await limited();
    for (const n of [1, 2]) saved.save(diff(n), START + n, { count: 10, bytes: 1 });
    expect(ids()).toEqual([id(2)]);
  });

  it('those that hold something stay', async () => {
    const { saved, ids } = await limited();
    const hold = { before: null, after: null };
    saved.save(diff(1, { hold }), START + 1, { count: 1, bytes: 1e6 });
    saved.save(diff(2), START + 2, { count: 1, bytes: 1e6 });
    saved.save(diff(3), START + 3, { count: 1, bytes: 1e6 });
    expect(ids()).toEqual([id(3), id(1)]);
  });
});
