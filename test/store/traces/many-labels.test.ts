/** Lists over many labels: gone through together as long as enough match, then label by label. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import type { TraceFilter, TraceKey } from '../../../src/store/store.ts';
import { files, newFolder, PUSHED, START, trace, unhurried } from '../opened.ts';

const LABELS = 40;
const TRACES = 1500;
/** Several begin at once, so that their ids must order them. */
const AT_ONCE = 4;

const common = Array.from({ length: LABELS / 2 }, (_, n) => `common/${n}`);
const rare = Array.from({ length: LABELS / 2 }, (_, n) => `rare/${n}`);

const sent = Array.from({ length: TRACES }, (_, i) => {
  const startedAt = START + Math.floor(i / AT_ONCE) * 10;
  // The rare ones lie at both ends, further apart than a walk goes on for.
  const isRare = i % 97 === 0 || i < 30;
  const label = isRare ? rare[i % rare.length]! : common[(i * 7) % common.length]!;
  const decision = i % 3 === 0 ? 'HOLD' : 'CLEAR';
  return trace({
    id: `${(i * 7919) % TRACES}`,
    label,
    startedAt,
    endedAt: startedAt + 1,
    decision,
  });
}).toSorted((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1));

const whole = { from: null, to: null };
/** Of each second label the one reading, in the middle of all traces. */
const READ_AT = START + Math.floor(TRACES / AT_ONCE / 2) * 10;
const isRead = (label: string) => Number(label.split('/')[1]) % 2 === 0;

describe('a list over many labels, page by page, is what its filter leaves, newest first', () => {
  const folder = newFolder();
  const store = unhurried(openSqliteStore(folder));

  beforeAll(async () => {
    const now = START + 1_000_000;
    for (const label of [...common, ...rare]) {
      await store.putLabel(label, PUSHED, now);
      if (!isRead(label)) continue;
      const instants = { requestedAt: READ_AT, receivedAt: READ_AT };
      await store.recordPush(label, { ...instants, files: files('a'), backfill: true }, now);
    }
    await store.ingest(sent, now);
  });

  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  async function listed(filter: TraceFilter, limit: number): Promise<string[]> {
    const ids: string[] = [];
    let before: TraceKey | null = null;
    do {
      const page = await store.traces(filter, { limit, before });
      ids.push(...page.items.map(({ id }) => id));
      before = page.next;
    } while (before !== null);
    return ids;
  }

  const ofLabels = (prefix: string) => sent.filter(({ label }) => label!.startsWith(prefix));
  const ids = (traces: typeof sent) => traces.map(({ id }) => id);

  it.each([
    ['most traces', 'common/*', 'common/'],
    ['few traces, far apart', 'rare/*', 'rare/'],
    ['all', '*', ''],
  ])('of %s', async (_, glob, prefix) => {
    for (const limit of [1, 7, 100]) {
      expect(await listed({ label: glob, ...whole }, limit)).toEqual(ids(ofLabels(prefix)));
    }
  });

  it('within a period, and with a decision', async () => {
    const [from, to] = [START + 200, START + 900];
    const within = ofLabels('rare/').filter((one) => one.startedAt >= from && one.startedAt < to);
    expect(await listed({ label: 'rare/*', from, to }, 3)).toEqual(ids(within));
    const held = ofLabels('common/').filter(({ decision }) => decision === 'HOLD');
    const filter = { label: 'common/*', decision: 'HOLD', ...whole };
    expect(await listed(filter, 11)).toEqual(ids(held));
    expect(await listed({ label: 'rare/*', from: to, to: from }, 3)).toEqual([]);
  });

  it('with a certainty, which each label gives for a time of its own', async () => {
    const isProvisional = ({ label, startedAt }: (typeof sent)[number]) =>
      isRead(label!) && startedAt >= READ_AT;
    const filter = { certainty: 'provisional' as const, ...whole };
    expect(await listed(filter, 13)).toEqual(ids(sent.filter(isProvisional)));
    const others = sent.filter((one) => !isProvisional(one));
    expect(await listed({ observed: 'unobserved', ...whole }, 50)).toEqual(ids(others));
    const rareOnes = ofLabels('rare/').filter(isProvisional);
    expect(await listed({ ...filter, label: 'rare/*' }, 2)).toEqual(ids(rareOnes));
  });

  it('of labels that came since the last list', async () => {
    expect(await listed({ label: 'late*', ...whole }, 5)).toEqual([]);
    await store.ingest(
      [trace({ id: 'late', label: 'late/1', startedAt: START, endedAt: START })],
      START,
    );
    expect(await listed({ label: 'late*', ...whole }, 5)).toEqual(['late']);
  });
});

describe('a list of what many labels leave open, each at times of its own', () => {
  const MOVES = 4;
  const END = 20_000;
  /** In no order that labels share. */
  const scattered = (seed: number) => (seed * 7919 + ((seed * seed) % 1009) * 31) % END;
  /** For long after that nothing moves, but for one label at the very end. */
  const CALM = 4 * END;

  it('is what their attributions say, page by page', async () => {
    const folder = newFolder();
    const store = unhurried(openSqliteStore(folder));
    const now = START + 1_000_000;
    const labels = Array.from({ length: 120 }, (_, n) => `open/${n}`);
    for (const [n, label] of [...labels, 'watched/only'].entries()) {
      await store.putLabel(label, { ...PUSHED, clockSkew: n % 3 }, now);
      const times = Array.from({ length: MOVES - 1 }, (_, move) => scattered(n * MOVES + move));
      // All move at the end of it: what each of them leaves open lies close together.
      times.sort((a, b) => a - b).push(END, END + CALM, END + CALM + 100);
      for (const [move, at] of times.entries()) {
        const instants = { requestedAt: START + at, receivedAt: START + at + 1 };
        const isCalm = move >= MOVES && (move > MOVES ? n > 0 : true);
        const held = files('abc'[isCalm ? (MOVES - 1) % 3 : move % 3]!);
        await store.recordPush(label, { ...instants, files: held, backfill: true }, now);
      }
    }
    const traces = Array.from({ length: 3000 }, (_, i) => {
      const calm = i % 2 === 0 ? 0 : END + ((i * 31) % CALM);
      const startedAt = START + (calm || scattered(i + 5000));
      const label = labels[(i * 13) % labels.length]!;
      return trace({ id: `t${i}`, label, startedAt, endedAt: startedAt + (i % 40) });
    });
    await store.ingest(traces, now);
    const all = await store.traces(whole, { limit: 5000, before: null });
    const open = all.items.filter(({ attribution }) => attribution.observed === 'ambiguous');
    expect(open.length).toBeGreaterThan(500);
    for (const limit of [1, 3, 20, 60, 150]) {
      const listed: string[] = [];
      let before: TraceKey | null = null;
      do {
        const page = await store.traces({ certainty: 'ambiguous', ...whole }, { limit, before });
        listed.push(...page.items.map(({ id }) => id));
        before = page.next;
      } while (before !== null && listed.length <= open.length);
      expect(listed).toEqual(open.map(({ id }) => id));
    }
    await store.close();
    rmSync(folder, { recursive: true });
  });
});
