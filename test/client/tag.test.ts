import { describe, expect, it } from 'vitest';
import { LABEL, MINUTE, now, opened, START } from './opened.ts';
import { blobOf, idOf } from './published.ts';
import { readEvery } from './stand-in.ts';

describe('a tag', () => {
  it('knows nothing of a label that nobody asked for yet, and says so', async () => {
    const { client } = await opened();
    expect(now(client)).toEqual({
      label: LABEL,
      certainty: 'unobserved',
      artifactId: null,
      blobIds: [],
      candidates: [],
      window: null,
      lastReadingAt: null,
      asOf: null,
      ageMs: null,
      stale: false,
      problem: { code: 'loading', message: expect.any(String) },
    });
  });

  it('is there at once from then on, and says how old what it knows is', async () => {
    const { client, clock } = await opened();
    expect(await client.tagWhenLoaded({ label: LABEL })).toMatchObject({ ageMs: 0 });
    await clock.pass(4000);
    expect(now(client)).toEqual({
      label: LABEL,
      certainty: 'provisional',
      artifactId: idOf('A'),
      blobIds: [blobOf('A')],
      candidates: [idOf('A')],
      window: null,
      lastReadingAt: '2026-11-17T09:59:59.990Z',
      asOf: '2026-11-17T10:00:01.000Z',
      ageMs: 4000,
      stale: false,
      problem: null,
    });
  });

  it('is bracketed where a reading was asked after the end', async () => {
    const { client } = await opened();
    const [startedAt, endedAt] = [new Date(START - 40_000), '2026-11-17T10:59:29.5+01:00'];
    const tag = await client.tagWhenLoaded({ label: LABEL, startedAt, endedAt });
    expect(tag).toMatchObject({ certainty: 'bracketed', artifactId: idOf('A') });
  });

  it('names every candidate, and none as the artifact, where the label changed meanwhile', async () => {
    const { client, service } = await opened();
    const readings = readEvery(30_000, START, (i) => (i < 3 ? 'A' : i < 4 ? null : 'B'));
    service.labels.set(LABEL, { readings });
    const at = { startedAt: START - 70_000, endedAt: START + 5 };
    expect(await client.tagWhenLoaded({ label: LABEL, ...at })).toMatchObject({
      certainty: 'ambiguous',
      artifactId: null,
      blobIds: [],
      candidates: [idOf('A'), null, idOf('B')],
      window: { after: '2026-11-17T09:58:59.990Z', before: '2026-11-17T10:00:00.000Z' },
    });
  });

  it("covers what the label's clockSkew and servingLag allow for", async () => {
    const { client, clock, service } = await opened();
    await clock.pass(5000);
    const readings = readEvery(30_000, START, (i) => (i < 4 ? 'A' : 'B'));
    service.labels.set(LABEL, { readings, clockSkew: '2s', servingLag: '500ms' });
    const certainty = async (startedAt: number) =>
      (await client.tagWhenLoaded({ label: LABEL, startedAt })).certainty;
    expect(await certainty(START + 2499)).toBe('ambiguous');
    expect(await certainty(START + 2500)).toBe('provisional');
  });

  it('is of nothing known before the readings, or before the past that is kept', async () => {
    const { client, service } = await opened({ historyMs: 20_000 });
    const readings = readEvery(30_000, START, (i) => (i < 3 ? 'A' : 'B'));
    service.labels.set(LABEL, { readings });
    const at = async (before: number) =>
      (await client.tagWhenLoaded({ label: LABEL, endedAt: START - before })).certainty;
    expect(await at(10 * MINUTE)).toBe('unobserved');
    expect(await at(25_000)).toBe('bracketed');
    // B was there already 20 s ago, so what was before B is not kept.
    expect(await at(70_000)).toBe('unobserved');
  });

  it.each([
    [{ startedAt: 'Tuesday' }],
    [{ endedAt: '2026-11-17T10:00:00' }],
    [{ startedAt: Number.NaN }],
    [{ endedAt: -1 }],
    [{ endedAt: new Date(Number.NaN) }],
    [{ startedAt: START, endedAt: START - 1 }],
    [{ endedAt: null as unknown as number }],
    [{ label: 'no label!' }],
    [{ label: { toString: () => LABEL } as unknown as string }],
  ])('of %o is no tag, and says why', async (wrong) => {
    const { client } = await opened();
    const tag = await client.tagWhenLoaded({ label: LABEL, ...wrong });
    expect(tag).toMatchObject({ certainty: 'unobserved', problem: { code: 'bad-request' } });
  });

  it('of what begins ahead of now is of nothing known', async () => {
    const { client, clock } = await opened();
    const tag = await client.tagWhenLoaded({
      label: LABEL,
      startedAt: clock.now() + 1,
      endedAt: START * 2,
    });
    expect(tag).toMatchObject({ certainty: 'unobserved', problem: { code: 'ahead' } });
  });

  it('can be written to by the application without harm to the next one', async () => {
    const { client } = await opened();
    const tag = await client.tagWhenLoaded({ label: LABEL });
    (tag.candidates as string[]).push('mine');
    expect(() => (tag.blobIds as string[]).push('mine')).toThrow(TypeError);
    expect(now(client)).toMatchObject({ candidates: [idOf('A')], blobIds: [blobOf('A')] });
  });
});
