/** Evidence since a change: real store, real thread, looked at whenever there is something new. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { DiffDesk } from '../../src/diff-desk/diff-desk.ts';
import { evidenceWatch } from '../../src/diff-desk/evidence-watch.ts';
import type { SqliteStore } from '../../src/store/sqlite/index.ts';
import type { NewTrace } from '../../src/store/store.ts';
import { files, opened, PUSHED, START, trace } from '../store/opened.ts';

const LABEL = 'og/risk';

/** Held a, and from 110 on b. */
async function moved(): Promise<SqliteStore> {
  const { store } = opened();
  await store.putLabel(LABEL, PUSHED, START);
  await read(store, 0, 'a');
  await read(store, 10_000, 'a');
  await read(store, 11_000, 'b');
  return store;
}

async function read(store: SqliteStore, ms: number, name: string): Promise<void> {
  const times = { requestedAt: START + ms, receivedAt: START + ms };
  await store.recordPush(LABEL, { ...times, files: files(name), backfill: false }, START + ms);
}

function runs(from: number, to: number, startedAt: number, decision: string): NewTrace[] {
  return Array.from({ length: to - from }, (_, i) =>
    trace({
      id: `${decision}-${startedAt}-${from + i}`,
      label: LABEL,
      startedAt: START + startedAt,
      endedAt: START + startedAt,
      decision,
      input: String(from + i),
      inputHash: Buffer.alloc(32, from + i + 1),
    }),
  );
}

function watching(store: SqliteStore) {
  const desk = new DiffDesk();
  onTestFinished(() => desk.close());
  const clock = { ms: 0 };
  const failures: unknown[] = [];
  const watch = evidenceWatch({
    store,
    desk,
    elapsed: () => clock.ms,
    failed: (error) => failures.push(error),
  });
  const look = async () => {
    clock.ms += 1_000_000;
    const more = await watch.step(START + 30_000);
    expect(failures).toEqual([]);
    return more;
  };
  return { look, desk };
}

const evidence = async (store: SqliteStore) => (await store.label(LABEL))!.current!.evidence;
const told = async (store: SqliteStore) =>
  (await store.events(0, 100)).filter(({ type }) => type === 'underlabel.diff.changed');

describe('the evidence since a change', () => {
  it('says insufficient so far, then is told once', async () => {
    const store = await moved();
    const { look } = watching(store);
    await store.ingest(runs(0, 14, 5000, 'CLEAR'), START + 12_000);
    await store.ingest(runs(0, 3, 15_000, 'HOLD'), START + 16_000);
    await look();
    expect(await evidence(store)).toMatchObject({ pairs: 0, unconfirmed: 3, toldAt: null });

    await read(store, 20_000, 'b');
    await look();
    const some = await evidence(store);
    expect(some).toMatchObject({ pairs: 3, flipped: 3, unconfirmed: 0, e: expect.closeTo(2, 9) });
    expect(some!.summary).toMatch(/^insufficient so far: 3 pairs/);
    expect(await told(store)).toEqual([]);

    await store.ingest(runs(3, 14, 16_000, 'HOLD'), START + 21_000);
    await look();
    const enough = await evidence(store);
    expect(enough).toMatchObject({ pairs: 14, flipped: 14 });
    expect(enough!.toldAt).not.toBeNull();
    expect(await told(store)).toMatchObject([
      {
        subject: LABEL,
        data: {
          label: LABEL,
          pairs: 14,
          flips: [{ before: 'CLEAR', after: 'HOLD', pairs: 14 }],
          summary: enough!.summary,
        },
      },
    ]);

    await store.ingest(runs(20, 30, 16_500, 'HOLD'), START + 22_000);
    await look();
    expect(await told(store)).toHaveLength(1);
  });

  it('is not looked at again before there is something new', async () => {
    const store = await moved();
    const { look, desk } = watching(store);
    await look();
    const before = await evidence(store);
    await desk.close();
    // Closed, the desk would fail whoever asked it.
    expect(await look()).toBe(false);
    expect(await evidence(store)).toEqual(before);
  });

  it('counts runs of a label that came back from the return on', async () => {
    const store = await moved();
    await read(store, 20_000, 'b');
    await store.ingest(runs(0, 10, 5000, 'HOLD'), START + 20_000);
    await store.ingest(runs(0, 10, 15_000, 'HOLD'), START + 20_000);
    await read(store, 21_000, 'a');
    const { look } = watching(store);
    await look();
    expect(await evidence(store)).toMatchObject({ pairs: 0 });
  });

  it('begins anew with the next change', async () => {
    const store = await moved();
    const { look } = watching(store);
    await store.ingest(runs(0, 14, 5000, 'CLEAR'), START + 12_000);
    await store.ingest(runs(0, 14, 15_000, 'HOLD'), START + 16_000);
    await read(store, 20_000, 'b');
    await look();
    expect(await told(store)).toHaveLength(1);
    await read(store, 21_000, 'c');
    expect(await evidence(store)).toBeNull();
    await look();
    expect(await evidence(store)).toMatchObject({ pairs: 0, toldAt: null });
  });
});
