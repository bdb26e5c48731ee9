/** Lists and counts that are cut say so: never as if what is shown were all there is. */
import { describe, expect, it } from 'vitest';
import { type AppUnderTest, appUnderTest } from '../http/app-under-test.ts';
import { blob, opened, PUSHED, START } from '../store/opened.ts';

const LABEL = 'acme/long';
const html = { accept: 'text/html' };

async function push({ store }: AppUnderTest, name: string, at: number): Promise<string> {
  const files = [{ path: 'gate.onnx', blobId: blob(name), size: 12 }];
  const pushed = { files, backfill: false, requestedAt: at, receivedAt: at };
  const { observation } = await store.recordPush(LABEL, pushed, at);
  return observation.artifactId!;
}

describe('the artifacts to compare with', () => {
  it('are all of the same labels as long as it isn’t said that there are more', async () => {
    const app = await appUnderTest();
    await app.store.putLabel(LABEL, PUSHED, START);
    let id = '';
    for (let i = 0; i <= 50; i++) id = await push(app, `a${i}-`, START + i);
    const seen = async () => (await app.ask('GET', `/artifacts/${id}`, undefined, html)).text;
    const all = await seen();
    expect(all.match(/<option value="sha256:/g)).toHaveLength(50);
    expect(all).not.toContain('confirmed last)');
    id = await push(app, 'one more ', START + 100);
    const cut = await seen();
    expect(cut.match(/<option value="sha256:/g)).toHaveLength(50);
    expect(cut).toContain('(the 50 confirmed last)');
  });
});

describe('earlier settings', () => {
  const settings = (i: number) => ({ ...PUSHED, every: 30_000 + 1000 * i });

  it('are counted as far as they are told, and no further', async () => {
    const { store, ask } = await appUnderTest();
    const seen = async () =>
      (await ask('GET', `/labels/${encodeURIComponent(LABEL)}`, undefined, html)).text;
    for (let i = 0; i < 49; i++) await store.putLabel(LABEL, settings(i), START + i);
    const all = await seen();
    expect(all).toContain('Earlier settings (48)');
    expect(all).not.toContain('before which there may be others');
    for (let i = 49; i < 60; i++) await store.putLabel(LABEL, settings(i), START + i);
    const cut = await seen();
    expect(cut).toContain('Earlier settings (at least 49)');
    expect(cut).toContain('the newest 50, before which there may be others');
  });
});

describe('changes that are too many to be told one by one', () => {
  /** A label that something was under for a millisecond each, so many times. */
  async function crowded(count: number) {
    const { store } = opened();
    await store.putLabel(LABEL, PUSHED, START);
    store.db.$client
      .prepare(
        `INSERT INTO runs (label_id, artifact_id, first_seq, first_recorded_at, first_requested_at,
           first_received_at, last_requested_at, last_received_at, observations, max_gap_ms, after, until)
         WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
         SELECT 1, NULL, n, @start + n, @start + n, @start + n, @start + n, @start + n, 1, 0,
           @start + n - 1, @start + n + 1 FROM numbers`,
      )
      .run(count, { start: START });
    const period = { from: START, to: START + 10_000_000, steps: 100, gapMs: null };
    const { crowded } = await store.labelPicture(LABEL, period);
    return crowded.map(({ changes, atLeast }) => ({ changes, atLeast }));
  }

  it('are counted, and where they are more than are counted, that is said', async () => {
    expect(await crowded(10_000)).toEqual([{ changes: 10_000, atLeast: false }]);
    expect(await crowded(10_001)).toEqual([{ changes: 10_000, atLeast: true }]);
  });
});
