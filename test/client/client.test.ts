import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ClientOptions, createClientWith } from '../../src/client/client.ts';
import type { ClientError } from '../../src/client/client-error.ts';
import { createClient, type UnderlabelClient } from '../../src/client/index.ts';
import { eventually } from '../http/eventually.ts';
import { FakeClock } from '../watch/fake-clock.ts';
import { blobOf, idOf } from './published.ts';
import { json, readEvery, type StandIn, standIn } from './stand-in.ts';

const START = Date.parse('2026-11-17T10:00:00Z');
const MINUTE = 60_000;
const LABEL = 'og/eth-volatility';

/** A service that read its label until START, and a client whose time the test holds. */
async function opened(options: Partial<ClientOptions> = {}) {
  const clock = new FakeClock(START + 1000);
  const service = await standIn({ [LABEL]: { readings: readEvery(30_000, START, () => 'A') } });
  service.now = clock.now;
  const errors: ClientError[] = [];
  const onError = (error: ClientError) => errors.push(error);
  const url = service.url;
  const client = createClientWith({ url, onError, ...options }, { clock, random: () => 0.5 });
  onTestFinished(() => client.close());
  return { clock, service, client, errors };
}

const now = (client: UnderlabelClient) => client.tag({ label: LABEL });
const readAgain = ({ labels }: StandIn, at: number, artifact = 'A') => {
  const { readings } = labels.get(LABEL)!;
  const instants = { requestedAt: at - 10, receivedAt: at, recordedAt: at };
  labels.set(LABEL, {
    readings: [...readings, { id: `r${at}`, ...instants, artifactId: artifact }],
  });
};

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
    const { client, service } = await opened();
    const readings = readEvery(30_000, START, (i) => (i < 4 ? 'A' : 'B'));
    service.labels.set(LABEL, { readings, clockSkew: '2s', servingLag: '500ms' });
    const certainty = async (startedAt: number) =>
      (await client.tagWhenLoaded({ label: LABEL, startedAt })).certainty;
    expect(await certainty(START + 2499)).toBe('ambiguous');
    expect(await certainty(START + 2500)).toBe('provisional');
  });

  it('is of nothing known before the readings, or before the past that is kept', async () => {
    const { client, service } = await opened({ historyMs: 50_000 });
    const readings = readEvery(30_000, START, (i) => (i < 3 ? 'A' : 'B'));
    service.labels.set(LABEL, { readings });
    const at = async (before: number) =>
      (await client.tagWhenLoaded({ label: LABEL, endedAt: START - before })).certainty;
    expect(await at(10 * MINUTE)).toBe('unobserved');
    expect(await at(25_000)).toBe('bracketed');
    // B was there 50 s ago, so what was before B is not kept.
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

describe('what the client knows', () => {
  it('is asked for as often as the label is read, and one question at a time', async () => {
    const { client, clock, service } = await opened();
    for (let i = 0; i < 100; i++) now(client);
    await client.tagWhenLoaded({ label: LABEL });
    const first = service.asked.length;
    await clock.pass(29_000);
    expect(service.asked).toHaveLength(first);
    readAgain(service, START + 30_000);
    await clock.pass(1000);
    await eventually(
      () => client.tag({ label: LABEL, endedAt: START + 20_000 }).certainty,
      (certainty) => certainty === 'bracketed',
    );
    expect(service.asked.slice(first).filter((path) => path === `labels/${LABEL}`)).toHaveLength(1);
  });

  it('grows old while the service does not answer, and then a tag does not look calm', async () => {
    const { client, clock, service, errors } = await opened();
    await client.tagWhenLoaded({ label: LABEL });
    service.instead = json('{}', 500);
    await clock.pass(31_000);
    await eventually(
      () => errors.length,
      (count) => count === 1,
    );
    const failing = { certainty: 'provisional', stale: false, problem: { code: 'refused' } };
    expect(now(client)).toMatchObject(failing);
    await clock.pass(70_000);
    expect(now(client)).toMatchObject({
      ...{ certainty: 'unobserved', artifactId: null, candidates: [], stale: true },
      problem: { code: 'refused' },
    });
    // What a later reading confirmed stays confirmed.
    const past = client.tag({ label: LABEL, endedAt: START - MINUTE });
    expect(past).toMatchObject({ certainty: 'bracketed', stale: true });
  });

  it('is old after the machine slept, and is asked for again by the first tag', async () => {
    const { client, clock, service } = await opened();
    await client.tagWhenLoaded({ label: LABEL });
    clock.set(START + 60 * MINUTE);
    readAgain(service, START + 60 * MINUTE - 1000, 'B');
    expect(now(client)).toMatchObject({ certainty: 'unobserved', problem: { code: 'stale' } });
    const tag = await client.tagWhenLoaded({ label: LABEL });
    expect(tag).toMatchObject({ certainty: 'provisional', artifactId: idOf('B'), stale: false });
  });

  it('is not younger because the clock was set back', async () => {
    const { client, clock } = await opened();
    await client.tagWhenLoaded({ label: LABEL });
    clock.set(START - 60 * MINUTE);
    const { ageMs } = client.tag({
      label: LABEL,
      endedAt: START - MINUTE,
      startedAt: START - MINUTE,
    });
    expect(ageMs).toBe(0);
    await clock.pass(29_000);
    expect(client.tag({ label: LABEL }).ageMs).toBe(29_000);
  });

  it('is as old as a cache on the way makes it', async () => {
    const { client, service } = await opened();
    const { readings } = service.labels.get(LABEL)!;
    service.instead = (request, response) => {
      response.setHeader('age', '3600');
      service.instead = null;
      service.labels.set(LABEL, { readings });
      json({
        every: '30s',
        clockSkew: '0s',
        servingLag: '0s',
        current: null,
        watch: { lastSuccessAt: null },
      })(request, response);
    };
    const tag = await client.tagWhenLoaded({ label: LABEL });
    expect(tag).toMatchObject({ ageMs: 3_600_000, stale: true, certainty: 'unobserved' });
  });

  it('reaches both ways where the clocks are apart, and the tag says so', async () => {
    const { client, service, clock } = await opened();
    service.now = () => clock.now() + 10 * MINUTE;
    const slow = await client.tagWhenLoaded({ label: LABEL, endedAt: START - MINUTE });
    // By the service's clock this ended nine minutes after the newest reading.
    expect(slow).toMatchObject({ certainty: 'provisional', problem: { code: 'clock' } });
  });

  it('is asked for ever less often while the service fails, and at most as often as it asks for', async () => {
    const { client, clock, service, errors } = await opened();
    service.instead = json('{}', 503, { 'retry-after': '120' });
    await client.tagWhenLoaded({ label: LABEL });
    expect(service.asked).toHaveLength(1);
    await clock.pass(119_000);
    expect(service.asked).toHaveLength(1);
    service.instead = json('{}', 500);
    for (let i = 2; i <= 12; i++) {
      await clock.pass(5 * MINUTE);
      now(client);
      await eventually(
        () => errors.length,
        (count) => count >= i,
      );
    }
    expect(service.asked.length).toBeLessThan(20);
    const last = errors.at(-1)!;
    expect(last.code).toBe('refused');
    expect(last.message).toContain(service.url);
  });

  it('ends with a label that the service does not have', async () => {
    const { client, clock, service } = await opened();
    await client.tagWhenLoaded({ label: LABEL });
    service.labels.clear();
    await clock.pass(30_000);
    const tag = await eventually(
      () => now(client),
      ({ problem }) => problem !== null,
    );
    expect(tag).toMatchObject({
      certainty: 'unobserved',
      asOf: null,
      problem: { code: 'unknown-label' },
    });
  });

  it('is let go of a label that nobody asks for, and kept of one that was named', async () => {
    const { client, clock, service } = await opened({ labels: ['named'] });
    service.labels.set('named', service.labels.get(LABEL)!);
    await client.tagWhenLoaded({ label: LABEL });
    for (let i = 0; i < 40; i++) {
      const before = service.asked.length;
      await clock.pass(30_000);
      await eventually(
        () => service.asked.slice(before).filter((path) => path.startsWith('labels/named')).length,
        (count) => count >= 2,
      );
    }
    service.asked.length = 0;
    await clock.pass(30_000);
    await eventually(
      () => service.asked.length,
      (count) => count >= 2,
    );
    expect(service.asked.some((path) => path.includes(LABEL))).toBe(false);
    expect(now(client).problem?.code).toBe('loading');
  });

  it('is of so many labels and no more; the ones that are in use are not driven out', async () => {
    const { client, clock, service } = await opened({ maxLabels: 2 });
    const history = service.labels.get(LABEL)!;
    for (const name of ['b', 'c']) service.labels.set(name, history);
    await client.tagWhenLoaded({ label: LABEL });
    await client.tagWhenLoaded({ label: 'b' });
    expect(client.tag({ label: 'c' }).problem?.code).toBe('too-many-labels');
    await clock.pass(6 * MINUTE);
    now(client);
    expect(await client.tagWhenLoaded({ label: 'c' })).toMatchObject({ certainty: 'provisional' });
    expect(client.tag({ label: 'b' }).problem?.code).toBe('too-many-labels');
  });

  it('is nothing once the client is closed', async () => {
    const { client, clock, service } = await opened();
    await client.tagWhenLoaded({ label: LABEL });
    client.close();
    client.close();
    client.follow('another');
    expect(now(client)).toMatchObject({ certainty: 'unobserved', problem: { code: 'closed' } });
    const { length } = service.asked;
    await clock.pass(10 * MINUTE);
    expect(service.asked).toHaveLength(length);
    expect(clock.pending).toBe(0);
  });
});

describe('the application', () => {
  it('waits no longer than it said for a service that does not answer', async () => {
    const service = await standIn();
    service.instead = () => {};
    const client = createClient({ url: service.url });
    const began = performance.now();
    const tag = await client.tagWhenLoaded({ label: LABEL }, { withinMs: 20 });
    expect(performance.now() - began).toBeLessThan(1000);
    expect(tag.problem?.code).toBe('loading');
    client.close();
  });

  it('hears of a service that does not answer in time', async () => {
    const { client, clock, service, errors } = await opened();
    service.instead = () => {};
    const tagging = client.tagWhenLoaded({ label: LABEL }, { withinMs: 60_000 });
    await clock.pass(5000);
    expect((await tagging).problem?.code).toBe('timeout');
    expect(errors.map(({ code }) => code)).toEqual(['timeout']);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('mine');
      },
    ],
    ['rejects', () => Promise.reject(new Error('mine'))],
    [
      'gives a thenable that throws',
      () => ({
        get then() {
          throw new Error('mine');
        },
      }),
    ],
  ])('may have an onError that %s', async (_what, onError) => {
    const service = await standIn();
    const client = createClient({ url: service.url, onError });
    const { problem } = await client.tagWhenLoaded({ label: LABEL });
    expect(problem?.code).toBe('unknown-label');
    client.close();
    await wait(0);
  });

  it('may say in what surroundings the service is asked, and is asked for once', async () => {
    const seen: string[] = [];
    const { client, service } = await opened({
      around: async (ask) => {
        seen.push('begun');
        await ask();
        seen.push('ended');
        throw new Error('mine');
      },
    });
    expect(await client.tagWhenLoaded({ label: LABEL })).toMatchObject({
      certainty: 'provisional',
    });
    expect(seen).toEqual(['begun', 'ended']);
    expect(service.asked.filter((path) => path === `labels/${LABEL}`)).toHaveLength(1);
  });

  it.each([
    [
      'throw',
      () => {
        throw new Error('mine');
      },
    ],
    ['forget to ask', () => {}],
    [
      'ask late',
      async (ask: () => unknown) => {
        await wait(0);
        await ask();
      },
    ],
  ])('may have surroundings that %s', async (_what, around) => {
    const { client, service } = await opened({ around });
    expect(await client.tagWhenLoaded({ label: LABEL })).toMatchObject({
      certainty: 'provisional',
    });
    await wait(5);
    expect(service.asked.filter((path) => path === `labels/${LABEL}`)).toHaveLength(1);
  });

  it.each([
    [{ url: 'no url' }],
    [{ url: 'ftp://127.0.0.1' }],
    [{ url: 'http://user:secret@127.0.0.1' }],
    [{ url: undefined as unknown as string }],
    [{ url: 'http://127.0.0.1', key: 'two words' }],
    [{ url: 'http://127.0.0.1', timeoutMs: 0 }],
    [{ url: 'http://127.0.0.1', maxLabels: 1e9 }],
    [{ url: 'http://127.0.0.1', labels: 'a' as unknown as string[] }],
  ])('with options such as %o gets tags that say so', async (options) => {
    const codes: string[] = [];
    const client = createClient({ onError: ({ code }) => codes.push(code), ...options });
    expect(codes).toEqual(['bad-options']);
    expect(client.tag({ label: LABEL }).problem?.code).toBe('bad-options');
    const { problem } = await client.tagWhenLoaded({ label: LABEL });
    expect(problem?.message).not.toMatch(/secret|two words/);
    client.follow(LABEL);
    client.close();
  });

  it('may hand over anything at all', async () => {
    const { client } = await opened();
    const throwing = new Proxy(
      {},
      {
        get() {
          throw new Error('mine');
        },
      },
    );
    for (const anything of [undefined, null, 7, 'x', [], {}, throwing, Symbol('x'), () => {}]) {
      const request = anything as { label: string };
      expect(client.tag(request).certainty).toBe('unobserved');
      expect((await client.tagWhenLoaded(request, anything as object)).certainty).toBe(
        'unobserved',
      );
      expect((await client.tagWhenLoaded({ label: LABEL }, anything as object)).certainty).toBe(
        'provisional',
      );
      client.follow(anything as string);
    }
    expect(() => createClient(undefined as unknown as ClientOptions)).not.toThrow();
    expect(() => createClient(throwing as ClientOptions)).not.toThrow();
  });
});
