import fc from 'fast-check';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { CohortQuery } from '../../../src/store/store.ts';
import { histories } from '../../lineage/histories.ts';
import { artifact, blob, files, opened, PUSHED, START, trace, unhurried } from '../opened.ts';
import { openedWith, span } from '../traces/spans.ts';
import { cohortOf, sourceOf, tracesOf } from './opened-source.ts';

const LABEL = 'og/risk';
const ALL: CohortQuery = { from: START, to: START + 1_000_000 };
const at = (ms: number) => ({ startedAt: START + ms, endedAt: START + ms });
const [OLD, NEW] = [artifact('a'), artifact('b')];
const hash = (letter: string) => Buffer.alloc(32, letter);

type Opened = ReturnType<typeof opened>['store'];

async function read(store: Opened, ms: number, ...blobs: string[]): Promise<void> {
  const times = { requestedAt: START + ms, receivedAt: START + ms };
  await store.recordPush(LABEL, { ...times, files: files(...blobs), backfill: true }, START + ms);
}

/** Artifact a from 0 to 100, b from 110 to 200. */
async function watched() {
  const { store } = opened();
  await store.putLabel(LABEL, PUSHED, START);
  for (const [ms, name] of [
    [0, 'a'],
    [100, 'a'],
    [110, 'b'],
    [200, 'b'],
  ] as const) {
    await read(store, ms, name);
  }
  return store;
}

function source(store: Opened, before: CohortQuery = ALL) {
  const one = sourceOf(store, LABEL, before);
  onTestFinished(() => one.close());
  return one;
}

describe('what a diff reads', () => {
  it('says the same of thousands, whose texts are unpacked ahead, and of the longest', async () => {
    const store = await watched();
    const longest = JSON.stringify('x'.repeat(13 * 2 ** 20));
    const outputOf = (i: number) => (i === 1500 ? longest : `{"score":${i}}`);
    const sent = Array.from({ length: 4500 }, (_, i) =>
      trace({
        ...{ id: `t${i}`, label: LABEL, ...at(i % 90) },
        ...{ input: `{"q":${i}}`, inputHash: hash('i') },
        ...{ output: outputOf(i), outputHash: hash('o') },
      }),
    );
    await store.ingest(sent, START + 201);
    const one = source(store);
    const number = store.db.$client
      .prepare<[number], string>('SELECT id FROM traces WHERE seq = ?')
      .pluck();
    const wrong: string[] = [];
    let found = 0;
    for await (const batch of one.cohort('before')) {
      for (const told of batch) {
        const id = number.get(told.ref)!;
        const i = Number(id.slice(1));
        found++;
        if (told.output() !== outputOf(i) || told.input() !== `{"q":${i}}`) wrong.push(id);
      }
    }
    expect({ found, wrong }).toEqual({ found: 4500, wrong: [] });
  });

  it('is told what it came with, and what it says where it is asked', async () => {
    const { store } = openedWith();
    await store.putLabel(LABEL, PUSHED, START);
    await read(store, 0, 'a');
    const attributes = Buffer.from(
      JSON.stringify({
        'gen_ai.usage.prompt_tokens': 12,
        'llm.token_count.completion': '34',
        'underlabel.span': { status: { code: 2 } },
      }),
    );
    const texts = { input: Buffer.from('{"q":1}'), output: Buffer.from('"no"'), attributes };
    const told = { ...at(5), ...texts, inputHash: hash('i'), outputHash: hash('o') };
    const origin = { service: 'risk-gate', declaredLabel: LABEL };
    await store.ingest(
      [span('1', origin, { ...told, decision: 'HOLD', context: 'c', turn: 3 })],
      START + 6,
    );
    const one = source(store);
    const [found] = await tracesOf(one);
    expect(found).toMatchObject({
      ref: 1,
      ...at(5),
      ...{ inputHash: hash('i'), outputHash: hash('o'), decision: 'HOLD', context: 'c', turn: 3 },
      ...{ artifactId: artifact('a'), service: 'risk-gate', leftOut: 'provisional' },
    });
    expect(found!.input()).toBe('{"q":1}');
    expect(found!.output()).toBe('"no"');
    expect(found!.facts()).toEqual({ failed: true, inputTokens: 12, outputTokens: 34 });
    expect(one.refOf('1')).toBeNull();
    const shown = (await one.traces([1, 99])).get(1);
    expect(shown).toEqual({
      ...{ id: '1', startedAt: START + 5, context: 'c', turn: 3 },
      ...{ inputSha256: hash('i').toString('hex'), input: '{"q":1}', output: '"no"' },
    });
    expect(one.refOf('1')).toBe(1);
    expect(await one.newestReading()).toBe(START);
    expect(await one.blobIdsOf([artifact('a')])).toEqual(new Map([[artifact('a'), [blob('a')]]]));
  });

  it('without attributes failed nowhere and used nothing', async () => {
    const store = await watched();
    await store.ingest([trace({ id: '1', label: LABEL, ...at(5), output: '1' })], START + 6);
    const [found] = await tracesOf(source(store));
    expect(found!.facts()).toEqual({ failed: false, inputTokens: null, outputTokens: null });
    expect(found!.input()).toBeNull();
  });

  it('is each trace once, in whatever numbers they began at one instant', async () => {
    const store = unhurried(await watched());
    const many = Array.from({ length: 4500 }, (_, i) => {
      return trace({ id: `${i}`, label: LABEL, ...at(i < 4200 ? 50 : 60) });
    });
    await store.ingest(many, START + 201);
    const refs = (await tracesOf(source(store))).map(({ ref }) => ref);
    expect(refs.length).toBe(4500);
    expect(new Set(refs).size).toBe(4500);
  });

  it('is of one moment: what is recorded later is not in it', async () => {
    const store = await watched();
    await store.ingest([trace({ id: 'early', label: LABEL, ...at(300) })], START + 301);
    const one = source(store);
    await store.ingest([trace({ id: 'late', label: LABEL, ...at(10) })], START + 302);
    await read(store, 400, 'b');
    const found = await tracesOf(one);
    expect(found.map(({ ref, leftOut }) => [ref, leftOut])).toEqual([[1, 'provisional']]);
    expect(one.newestTrace).toBe(1);
    expect(await one.newestReading()).toBe(START + 200);
    const after = await cohortOf(store, LABEL, ALL);
    expect(after.map(({ id, leftOut }) => [id, leftOut])).toEqual([
      ['late', null],
      ['early', null],
    ]);
  });

  it('is not changed by an artifact that came later and holds a blob that a trace names', async () => {
    const store = await watched();
    await store.ingest([trace({ id: '1', label: LABEL, ...at(10), blobId: blob('z') })], START);
    const one = source(store);
    await read(store, 500, 'z');
    expect((await tracesOf(one))[0]).toMatchObject({ artifactId: null, leftOut: 'conflict' });
    expect(await cohortOf(store, LABEL, ALL)).toMatchObject([
      { artifactId: artifact('z'), leftOut: 'conflict' },
    ]);
  });

  it('keeps nothing open between two pages, so that the log can begin anew', async () => {
    const store = unhurried(await watched());
    const many = Array.from({ length: 2500 }, (_, i) => {
      return trace({ id: `${i}`, label: LABEL, ...at(50) });
    });
    await store.ingest(many, START + 201);
    const pages = source(store).cohort('before')[Symbol.asyncIterator]();
    await pages.next();
    const [checkpoint] = store.db.$client.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    expect(checkpoint!.busy).toBe(0);
    await pages.next();
  });

  it('is for reading only', async () => {
    const store = await watched();
    const { openReader } = await import('../../../src/store/sqlite/diffs/reader.ts');
    const reader = openReader(store.diffSource().given as string);
    onTestFinished(() => void reader.$client.close());
    expect(() => reader.$client.exec('DELETE FROM traces')).toThrow(/readonly/);
  });

  it('refuses a label that nobody registered', async () => {
    const store = await watched();
    expect(() => sourceOf(store, 'og/nobody', ALL)).toThrow(
      expect.objectContaining({ code: 'unknown-label' }),
    );
  });
});

describe('a side by artifact', () => {
  it('has what is surely its own, and what it can not be told apart from', async () => {
    const store = await watched();
    const ids = [10, 105, 120, 300];
    await store.ingest(
      ids.map((ms) => trace({ id: `${ms}`, label: LABEL, ...at(ms) })),
      START + 301,
    );
    const of = async (artifactId: string) =>
      (await cohortOf(store, LABEL, { artifacts: [artifactId] })).map(({ id, leftOut }) => {
        return [id, leftOut];
      });
    expect(await of(OLD)).toEqual([
      ['10', null],
      ['105', 'ambiguous'],
    ]);
    expect(await of(NEW)).toEqual([
      ['105', 'ambiguous'],
      ['120', null],
      ['300', 'provisional'],
    ]);
  });

  it('has a trace that names its blob, whenever that began', async () => {
    const store = await watched();
    const named = [-50, 150].map((ms) => {
      return trace({ id: `${ms}`, label: LABEL, ...at(ms), blobId: blob('a') });
    });
    await store.ingest(named, START + 201);
    expect(await cohortOf(store, LABEL, { artifacts: [OLD] })).toEqual([
      { id: '-50', artifactId: OLD, leftOut: null },
      { id: '150', artifactId: OLD, leftOut: 'conflict' },
    ]);
  });
});

describe('a side by artifact, over any history', () => {
  const stores: Opened[] = [];
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
  });

  const sent = fc.array(
    fc.record({
      at: fc.integer({ min: -3, max: 30 }),
      took: fc.nat({ max: 4 }),
      names: fc.constantFrom(null, null, 'A', 'B', 'other'),
    }),
    { maxLength: 12 },
  );

  it('is exactly what looking at each trace by itself gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(8),
        sent,
        fc.nat({ max: 3 }),
        async (readings, traces, clockSkew) => {
          const store = unhurried(opened().store);
          stores.push(store);
          await store.putLabel(LABEL, { ...PUSHED, clockSkew, servingLag: 1 }, START);
          for (const { requestedAt, receivedAt, artifactId } of readings) {
            const found = artifactId === null ? null : files(artifactId);
            const times = {
              requestedAt: START + requestedAt,
              receivedAt: START + receivedAt,
            };
            await store.recordPush(LABEL, { ...times, files: found, backfill: true }, START + 100);
          }
          const batch = traces.map(({ at: from, took, names }, i) =>
            trace({
              id: `${i}`,
              label: LABEL,
              startedAt: START + from,
              endedAt: START + from + took,
              blobId: names === null ? null : blob(names),
            }),
          );
          await store.ingest(batch, START + 100);
          for (const name of new Set(readings.map(({ artifactId }) => artifactId))) {
            if (name === null) continue;
            const wanted = artifact(name);
            const expected: string[] = [];
            for (const { id } of batch) {
              const { attribution } = (await store.trace(id, null))!;
              const { certainty, observed, artifactId, candidates, conflict } = attribution;
              const isSure =
                !conflict &&
                (certainty === 'bracketed' || (certainty === 'declared' && artifactId));
              const belongs = artifactId === wanted || (!isSure && candidates.includes(wanted));
              if (belongs && (observed !== 'unobserved' || certainty === 'declared')) {
                expected.push(id);
              }
            }
            const found = await cohortOf(store, LABEL, { artifacts: [wanted] });
            expect(found.map(({ id }) => id).sort()).toEqual(expected.sort());
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
