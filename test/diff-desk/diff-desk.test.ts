/** Diffs in a real thread, over a real store. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { DiffDesk, type DiffDeskSettings } from '../../src/diff-desk/diff-desk.ts';
import type { DiffQuestion } from '../../src/diff-desk/question.ts';
import type { SqliteStore } from '../../src/store/sqlite/index.ts';
import { files, opened, PUSHED, START, trace } from '../store/opened.ts';

const LABEL = 'og/risk';
const period = (from: number, to: number) => ({ from: START + from, to: START + to });
const asText = ({ from, to }: { from: number; to: number }) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

/** Artifact a until 100, b from 110; the same inputs under both. */
async function watched(): Promise<SqliteStore> {
  const { store } = opened();
  await store.putLabel(LABEL, PUSHED, START);
  const readings = [
    [0, 'a'],
    [100, 'a'],
    [110, 'b'],
    [200, 'b'],
  ] as const;
  for (const [ms, name] of readings) {
    const times = { requestedAt: START + ms, receivedAt: START + ms };
    await store.recordPush(LABEL, { ...times, files: files(name), backfill: true }, START + ms);
  }
  const sent = [10, 20, 30, 120, 130, 140].map((ms, i) =>
    trace({
      id: `t${ms}`,
      label: LABEL,
      startedAt: START + ms,
      endedAt: START + ms,
      decision: ms < 100 ? 'HOLD' : 'CLEAR',
      input: String(i % 3),
      inputHash: Buffer.alloc(32, i % 3),
      output: `{"score":${ms}}`,
      outputHash: Buffer.alloc(32, ms),
    }),
  );
  await store.ingest(sent, START + 201);
  return store;
}

function question(
  store: SqliteStore,
  before = period(0, 100),
  after = period(110, 200),
): DiffQuestion {
  return {
    source: store.diffSource(),
    query: { label: LABEL, before, after },
    asked: {
      label: LABEL,
      before: asText(before),
      after: asText(after),
      ...{ includeProvisional: false, across: false, fields: [], discover: true },
      ...{ minEffect: 5, seed: 1 },
    },
  };
}

/** A module in the place of a store's own, whose source does this. */
const doing = (store: SqliteStore, code: string): DiffQuestion => ({
  ...question(store),
  source: {
    module: `data:text/javascript,${encodeURIComponent(`export function openDiffSource() { ${code} }`)}`,
    given: null,
  },
});
const stuck = (store: SqliteStore) => doing(store, 'for (;;);');

function desk(settings: DiffDeskSettings = {}) {
  const outcomes: string[] = [];
  const one = new DiffDesk({ settled: (outcome) => outcomes.push(outcome), ...settings });
  onTestFinished(() => one.close());
  return { desk: one, outcomes };
}

describe('a diff', () => {
  it('comes with its report, and with what is to be known of it', async () => {
    const store = await watched();
    const { desk: one, outcomes } = desk();
    const found = await one.run(question(store));
    const report = JSON.parse(new TextDecoder().decode(found.report));
    expect(report).toMatchObject({
      id: found.id,
      verdict: found.verdict,
      summary: found.summary,
      label: LABEL,
      before: { traces: 3 },
      after: { traces: 3 },
      watermark: { trace: 6 },
    });
    expect(found.id).toMatch(/^d_[0-9a-f]{24}$/);
    expect(found.looked).toBe(6);
    expect(found.periods).toEqual({ before: period(10, 31), after: period(120, 141) });
    expect(found.named.length).toBeGreaterThan(0);
    for (const seq of found.named) expect(seq).toBeLessThanOrEqual(6);
    const again = await one.run(question(store));
    expect(Buffer.from(again.report).equals(Buffer.from(found.report))).toBe(true);
    expect(outcomes).toEqual(['finished', 'finished']);
  });

  it('of a period that several artifacts answered is refused by its side', async () => {
    const store = await watched();
    const { desk: one, outcomes } = desk();
    const mixed = one.run(question(store, period(0, 200)));
    await expect(mixed).rejects.toMatchObject({
      code: 'several-artifacts',
      side: 'before',
      artifacts: [
        { traces: 3, share: 0.5 },
        { traces: 3, share: 0.5 },
      ],
    });
    expect(outcomes).toEqual(['refused']);
  });

  it('that fails is one failure, and the next one is made', async () => {
    const store = await watched();
    const { desk: one, outcomes } = desk();
    await expect(one.run(doing(store, "throw new Error('no disk')"))).rejects.toMatchObject({
      code: 'diff-failed',
      cause: { message: 'no disk' },
    });
    await expect(one.run(doing(store, 'process.exit(3)'))).rejects.toMatchObject({
      code: 'diff-failed',
    });
    const late = "setTimeout(() => { throw new Error('later') }); return new Promise(() => {})";
    await expect(one.run(doing(store, late))).rejects.toMatchObject({ code: 'diff-failed' });
    expect((await one.run(question(store))).looked).toBe(6);
    expect(outcomes).toEqual(['failed', 'failed', 'failed', 'finished']);
  });

  it('that takes too long is ended', async () => {
    const store = await watched();
    const { desk: one, outcomes } = desk({ deadlineMs: 50 });
    await expect(one.run(stuck(store))).rejects.toMatchObject({ code: 'diff-too-slow' });
    await expect.poll(() => outcomes).toEqual(['given-up']);
    expect(one.running).toBe(0);
  });

  it('that nobody waits for any more is ended, and the next one is made', async () => {
    const store = await watched();
    const { desk: one } = desk();
    const leaving = new AbortController();
    const left = one.run(stuck(store), leaving.signal);
    const next = one.run(question(store));
    expect([one.running, one.waiting]).toEqual([1, 1]);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect((await next).looked).toBe(6);
    await expect(one.run(question(store), leaving.signal)).rejects.toThrow('gone');
  });
});

describe('the line', () => {
  it('is so long and no longer; who leaves it makes room', async () => {
    const store = await watched();
    const { desk: one } = desk({ mostWaiting: 2 });
    const leaving = new AbortController();
    const stay = one.run(stuck(store), leaving.signal);
    const left = one.run(question(store), leaving.signal);
    const waiting = one.run(question(store));
    await expect(one.run(question(store))).rejects.toMatchObject({ code: 'diff-busy' });
    leaving.abort(new Error('gone'));
    await expect(stay).rejects.toThrow('gone');
    await expect(left).rejects.toThrow('gone');
    expect((await waiting).looked).toBe(6);
  });

  it('ends with the desk: what runs and what waits is told so', async () => {
    const store = await watched();
    const { desk: one } = desk();
    const asked = [one.run(stuck(store)), one.run(question(store))];
    const told = asked.map((each) => expect(each).rejects.toMatchObject({ code: 'stopping' }));
    await one.close();
    await Promise.all(told);
    await expect(one.run(question(store))).rejects.toMatchObject({ code: 'stopping' });
  });
});
