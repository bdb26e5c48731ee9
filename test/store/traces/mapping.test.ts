import { describe, expect, it } from 'vitest';
import { blob, files, opened, PUSHED, START, trace } from '../opened.ts';
import { labelsOf, moved, openedWith, span } from './spans.ts';

const MODEL = { requestModel: 'gpt-4o' };
/** Of now and later: it reserves no instant. */
const AHEAD = START + 86_400_000;

describe('the label of a span', () => {
  it('is the one that it names', async () => {
    const { store } = openedWith();
    await store.ingest([span('a', { declaredLabel: 'og/risk', ...MODEL })], START);
    const found = await store.trace('a', null);
    expect(found).toMatchObject({ label: 'og/risk', labelBy: 'declared' });
    expect(found!.origin).toMatchObject({ declaredLabel: 'og/risk', requestModel: 'gpt-4o' });
  });

  it('is the one that a rule gives its model', async () => {
    const { store } = openedWith({ models: { 'gpt-4o': 'acme/gpt' } });
    await store.ingest([span('a', MODEL)], START);
    expect(await store.trace('a', null)).toMatchObject({ label: 'acme/gpt', labelBy: 'rule' });
  });

  it('is the only label that holds the blob it names, before any rule', async () => {
    const { store } = openedWith({ models: { 'gpt-4o': 'acme/gpt' } });
    await store.putLabel('og/risk', PUSHED, START);
    await store.recordPush('og/risk', { files: files('w'), backfill: false }, START);
    await store.ingest([span('a', MODEL, { blobId: blob('w') })], START);
    expect(await store.trace('a', null)).toMatchObject({ label: 'og/risk', labelBy: 'blob' });
  });

  it('is left to the rules where two labels hold the blob', async () => {
    const { store } = openedWith({ models: { 'gpt-4o': 'acme/gpt' } });
    for (const name of ['og/risk', 'og/staging']) {
      await store.putLabel(name, PUSHED, START);
      await store.recordPush(name, { files: files('w'), backfill: false }, START);
    }
    await store.ingest([span('a', MODEL, { blobId: blob('w') })], START);
    expect(await store.trace('a', null)).toMatchObject({ label: 'acme/gpt', labelBy: 'rule' });
  });

  it('of a trace that was sent with one is never another', async () => {
    const { store, rules } = openedWith();
    await store.ingest([trace({ id: 'a', label: 'gpt-4o' })], START);
    rules.models['gpt-4o'] = 'acme/gpt';
    await store.remap(START + 1);
    await moved(store);
    expect(await store.trace('a', null)).toMatchObject({ label: 'gpt-4o', labelBy: 'given' });
  });
});

describe('a span that nothing maps', () => {
  it('is kept, is unobserved, and is counted under its models', async () => {
    const { store } = openedWith();
    const ingested = await store.ingest(
      [
        span('a', MODEL),
        span('b', MODEL, { startedAt: START + 5, endedAt: START + 9 }),
        span('c', { requestModel: 'other' }),
      ],
      START,
    );
    expect(ingested).toMatchObject({ unmapped: 3, unknownLabels: 0 });
    expect(await store.trace('a', null)).toMatchObject({
      label: null,
      labelBy: null,
      attribution: { certainty: 'unobserved', candidates: [], artifactId: null },
    });
    const counted = await store.unmapped(10);
    expect(counted.map(({ origin, traces }) => [origin.requestModel, traces])).toEqual([
      ['gpt-4o', 2],
      ['other', 1],
    ]);
    expect(counted[0]!.lastStartedAt).toBe(START + 5);
  });

  it('still says which blob it names, and holds no artifact for it', async () => {
    const { store } = openedWith();
    await store.ingest([span('a', MODEL, { blobId: blob('w') })], START);
    expect((await store.trace('a', null))!.attribution).toMatchObject({
      certainty: 'declared',
      observed: 'unobserved',
      artifactId: null,
      declaredBlobId: blob('w'),
      conflict: false,
    });
  });

  it('is found by the filters that fit it, and by no other', async () => {
    const { store } = openedWith();
    await store.ingest(
      [
        span('none', MODEL),
        span('blob', MODEL, { blobId: blob('w') }),
        trace({ id: 'given', label: 'og/x' }),
      ],
      START,
    );
    const ids = async (filter: object) => {
      const page = { limit: 10, before: null };
      const { items } = await store.traces({ from: null, to: null, ...filter }, page);
      return items.map(({ id }) => id).sort();
    };
    expect(await ids({})).toEqual(['blob', 'given', 'none']);
    expect(await ids({ unmapped: true })).toEqual(['blob', 'none']);
    expect(await ids({ unmapped: false })).toEqual(['given']);
    expect(await ids({ certainty: 'unobserved' })).toEqual(['given', 'none']);
    expect(await ids({ certainty: 'declared' })).toEqual(['blob']);
    expect(await ids({ observed: 'unobserved' })).toEqual(['blob', 'given', 'none']);
    expect(await ids({ conflict: false })).toEqual(['blob', 'given', 'none']);
    expect(await ids({ conflict: true })).toEqual([]);
    expect(await ids({ candidate: 'absent' })).toEqual([]);
    expect(await ids({ certainty: 'bracketed' })).toEqual([]);
    expect(await ids({ label: '*' })).toEqual(['given']);
  });
});

describe('mapping anew', () => {
  it('moves what is stored to the label of a new rule, in steps, and counts it no longer', async () => {
    const { store, rules } = openedWith();
    const sent = Array.from({ length: 7 }, (_, i) => span(`t${i}`, MODEL));
    await store.ingest([...sent, span('other', { requestModel: 'other' })], START);
    rules.models['gpt-4o'] = 'acme/gpt';
    expect(await store.remap(START + 1)).toBe(1);
    await moved(store);
    const labels = await labelsOf(store);
    for (const { id } of sent) expect(labels[id]).toBe('acme/gpt');
    expect(labels.other).toBeNull();
    expect((await store.unmapped(10)).map(({ traces }) => traces)).toEqual([1]);
  });

  it('goes on after a restart', async () => {
    const first = openedWith();
    const sent = Array.from({ length: 9 }, (_, i) => span(`t${i}`, MODEL));
    await first.store.ingest(sent, START);
    first.rules.models['gpt-4o'] = 'acme/gpt';
    await first.store.remap(START + 1);
    expect(await first.store.moveTraces(2)).toBe(true);
    await first.store.close();
    const again = openedWith(first.rules, first.folder);
    expect(await again.store.remap(START + 2)).toBe(0);
    await moved(again.store);
    expect(new Set(Object.values(await labelsOf(again.store)))).toEqual(new Set(['acme/gpt']));
  });

  it('moves from one label to another, and back', async () => {
    const { store, rules } = openedWith({ models: { 'gpt-4o': 'acme/a' } });
    const sent = Array.from({ length: 5 }, (_, i) => span(`t${i}`, MODEL));
    await store.ingest([...sent, trace({ id: 'given', label: 'acme/a' })], START);
    for (const [i, label] of ['acme/b', 'acme/a', 'acme/c'].entries()) {
      rules.models['gpt-4o'] = label;
      await store.remap(START + 1 + i);
    }
    await moved(store);
    const { given, ...labels } = await labelsOf(store);
    expect(new Set(Object.values(labels))).toEqual(new Set(['acme/c']));
    expect(given).toBe('acme/a');
  });

  it('leaves traces unmapped again where a rule was taken away', async () => {
    const { store, rules } = openedWith({ models: { 'gpt-4o': 'acme/a' } });
    await store.ingest([span('a', MODEL), span('b', MODEL)], START);
    rules.models = {};
    await store.remap(START + 1);
    await moved(store);
    expect(await labelsOf(store)).toEqual({ a: null, b: null });
    expect((await store.unmapped(10)).map(({ traces }) => traces)).toEqual([2]);
  });

  it('happens where a label of the model’s own name is made', async () => {
    const { store } = openedWith();
    await store.ingest([span('a', MODEL)], START);
    await store.putLabel('gpt-4o', PUSHED, START + 1);
    await moved(store);
    expect(await store.trace('a', null)).toMatchObject({ label: 'gpt-4o', labelBy: 'model' });
    await store.ingest([span('b', MODEL)], START + 2);
    expect(await store.trace('b', null)).toMatchObject({ label: 'gpt-4o', labelBy: 'model' });
  });

  it('happens where a label begins to hold the blob that spans name', async () => {
    const { store } = openedWith({ models: { 'gpt-4o': 'acme/a' } });
    const named = { blobId: blob('w') };
    await store.ingest(
      [
        span('unmapped', {}, named),
        span('by-rule', MODEL, named),
        span('declared', { declaredLabel: 'og/own' }, named),
        trace({ id: 'given', label: 'og/given', ...named }),
      ],
      START,
    );
    await store.putLabel('og/risk', PUSHED, START);
    await store.recordPush('og/risk', { files: files('w'), backfill: false }, START + 1);
    await moved(store, 1);
    expect(await labelsOf(store)).toEqual({
      unmapped: 'og/risk',
      'by-rule': 'og/risk',
      declared: 'og/own',
      given: 'og/given',
    });
  });

  it('says of a time before it what was said then', async () => {
    const { store, rules, clock } = openedWith();
    clock.now = START + 100;
    await store.ingest([span('a', MODEL)], START);
    rules.models['gpt-4o'] = 'acme/gpt';
    await store.remap(START + 10);
    await moved(store);
    rules.models['gpt-4o'] = 'acme/other';
    await store.remap(START + 20);
    await moved(store);
    const at = async (ms: number) => (await store.trace('a', START + ms))!.label;
    expect([await at(5), await at(10), await at(15), await at(20)]).toEqual([
      null,
      'acme/gpt',
      'acme/gpt',
      'acme/other',
    ]);
  });

  it('lets a label’s lists find what has moved to it, however long the traces took', async () => {
    const { store, rules } = openedWith();
    await store.putLabel('acme/gpt', PUSHED, START);
    await store.recordPush(
      'acme/gpt',
      { files: files('w'), backfill: false, requestedAt: START, receivedAt: START },
      START,
    );
    const hour = 3_600_000;
    await store.ingest(
      [span('long', MODEL, { startedAt: START - hour, endedAt: START + 1 })],
      START,
    );
    rules.models['gpt-4o'] = 'acme/gpt';
    await store.remap(START + 1);
    await moved(store);
    const { artifactId } = (await store.label('acme/gpt'))!.current!;
    expect(artifactId).not.toBeNull();
    const filter = { from: null, to: null, observed: 'unobserved' as const, label: 'acme/*' };
    const { items } = await store.traces(filter, { limit: 5, before: null });
    expect(items.map(({ id }) => id)).toEqual(['long']);
  });

  it('forgets what a failed batch would have made', async () => {
    const { store } = openedWith();
    const client = store.db.$client;
    client.pragma('wal_checkpoint(TRUNCATE)');
    client.pragma(`max_page_count = ${client.pragma('page_count', { simple: true })}`);
    const many = Array.from({ length: 500 }, (_, i) => span(`t${i}`, { requestModel: `m${i}` }));
    await expect(store.ingest(many, START)).rejects.toMatchObject({ code: 'full' });
    client.pragma('max_page_count = 1000000');
    await store.ingest(many.slice(0, 3), START);
    expect(await store.unmapped(10)).toHaveLength(3);
  });
});

describe('the label by a blob', () => {
  const named = { blobId: blob('w') };

  /** Two labels, the spans of a model by a rule, and all that names the blob. */
  async function withBlob() {
    const opened = openedWith({ models: { 'gpt-4o': 'acme/a' } });
    const { store, clock } = opened;
    clock.now = START + 1000;
    const hold = async (name: string, at: number) => {
      await store.putLabel(name, PUSHED, START + at);
      const times = { requestedAt: START + at, receivedAt: START + at };
      await store.recordPush(name, { files: files('w'), backfill: true, ...times }, START + at);
      await moved(store);
    };
    const labels = async () => {
      await moved(store);
      const now = await labelsOf(store);
      // What is stored is what the mappings say, as of now.
      for (const [id, label] of Object.entries(now)) {
        expect((await store.trace(id, AHEAD))!.label).toBe(label);
      }
      return now;
    };
    return { ...opened, hold, labels };
  }

  it('follows what labels hold: one, two, one again, none', async () => {
    const { store, hold, labels } = await withBlob();
    await store.ingest([span('t', MODEL, named), span('u', {}, named)], START);
    expect(await labels()).toEqual({ t: 'acme/a', u: null });
    await hold('og/one', 10);
    expect(await labels()).toEqual({ t: 'og/one', u: 'og/one' });
    await hold('og/two', 20);
    await store.ingest([span('v', MODEL, named)], START + 21);
    expect(await labels()).toEqual({ t: 'acme/a', u: null, v: 'acme/a' });
    await store.removeLabel('og/one', START + 30);
    expect(await labels()).toEqual({ t: 'og/two', u: 'og/two', v: 'og/two' });
    await store.removeLabel('og/two', START + 40);
    expect(await labels()).toEqual({ t: 'acme/a', u: null, v: 'acme/a' });
    await store.putLabel('og/one', PUSHED, START + 50);
    expect(await labels()).toEqual({ t: 'og/one', u: 'og/one', v: 'og/one' });
    const at = async (ms: number) => (await store.trace('t', START + ms))!.label;
    expect([await at(9), await at(15), await at(25), await at(35), await at(45)]).toEqual([
      'acme/a',
      'og/one',
      'acme/a',
      'og/two',
      'acme/a',
    ]);
  });

  it('comes out the same where rules change before the traces have moved', async () => {
    const { store, rules, labels } = await withBlob();
    await store.ingest([span('t', MODEL, named), span('other', MODEL)], START);
    rules.models['gpt-4o'] = 'acme/b';
    await store.remap(START + 1);
    await store.putLabel('og/one', PUSHED, START + 2);
    const times = { requestedAt: START + 2, receivedAt: START + 2 };
    await store.recordPush('og/one', { files: files('w'), backfill: true, ...times }, START + 2);
    expect(await labels()).toEqual({ t: 'og/one', other: 'acme/b' });
  });
});

it('an origin whose spans were all told by their blobs so far is mapped, and that is recorded, once they are not', async () => {
  const { store, clock } = openedWith({ models: { late: 'acme/late' } });
  clock.now = START + 1000;
  const named = { blobId: blob('w') };
  const late = { requestModel: 'late' };
  const hold = async (name: string, at: number) => {
    await store.putLabel(name, PUSHED, START + at);
    const times = { requestedAt: START + at, receivedAt: START + at };
    await store.recordPush(name, { files: files('w'), backfill: true, ...times }, START + at);
  };
  await hold('og/one', 1);
  await store.ingest([span('a', late, named)], START + 2);
  await hold('og/two', 3);
  await moved(store);
  await store.ingest([span('b', late)], START + 4);
  expect(await labelsOf(store)).toEqual({ a: 'acme/late', b: 'acme/late' });
  for (const id of ['a', 'b']) expect((await store.trace(id, AHEAD))!.label).toBe('acme/late');
});

it('traces whose move fails are moved when it is tried again', async () => {
  const { store, rules } = openedWith({ models: { 'gpt-4o': 'acme/a' } });
  const sent = Array.from({ length: 50 }, (_, i) => span(`t${i}`, MODEL));
  await store.ingest(sent, START);
  rules.models['gpt-4o'] = 'acme/b';
  await store.remap(START + 1);
  const client = store.db.$client;
  client.exec(
    "CREATE TRIGGER refuse BEFORE UPDATE OF label_id ON traces BEGIN SELECT RAISE(FAIL, 'no'); END",
  );
  await expect(store.moveTraces(20)).rejects.toThrow('no');
  client.exec('DROP TRIGGER refuse');
  await moved(store, 20);
  expect(new Set(Object.values(await labelsOf(store)))).toEqual(new Set(['acme/b']));
});

it('says since when a trace has its label', async () => {
  const { store, rules } = openedWith();
  await store.ingest([span('a', MODEL), trace({ id: 'given', label: 'og/x' })], START);
  expect((await store.trace('a', null))!.labelledAt).toBe(
    (await store.trace('a', null))!.recordedAt,
  );
  rules.models['gpt-4o'] = 'acme/a';
  await store.remap(START + 50);
  await moved(store);
  await store.ingest([span('b', MODEL)], START + 60);
  const since = async (id: string) => (await store.trace(id, null))!.labelledAt - START;
  expect([await since('a'), await since('b'), await since('given')]).toEqual([50, 60, 0]);
});

it('a store without rules maps spans by the label they name', async () => {
  const { store } = opened();
  await store.ingest([span('a', { declaredLabel: 'og/x' }), span('b', MODEL)], START);
  expect(await labelsOf(store)).toEqual({ a: 'og/x', b: null });
});
