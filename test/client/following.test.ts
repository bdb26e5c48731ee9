import { describe, expect, it } from 'vitest';
import { eventually } from '../http/eventually.ts';
import { LABEL, MINUTE, now, opened, readAgain, START } from './opened.ts';
import { idOf } from './published.ts';
import { json } from './stand-in.ts';

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
    await clock.pass(30_000);
    await eventually(
      () => errors.length,
      (count) => count === 2,
    );
    await clock.pass(40_000);
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
    const { client, clock, service, errors } = await opened({ timeoutMs: 600_000 });
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
    const { client, clock, service } = await opened({ labels: ['named'], timeoutMs: 600_000 });
    service.labels.set('named', service.labels.get(LABEL)!);
    await client.tagWhenLoaded({ label: LABEL });
    await client.tagWhenLoaded({ label: 'named' });
    const refreshed = async () => {
      await clock.pass(30_000);
      await eventually(
        () => client.tag({ label: 'named' }).ageMs,
        (ageMs) => ageMs === 0,
      );
    };
    for (let i = 0; i < 40; i++) await refreshed();
    service.asked.length = 0;
    await refreshed();
    expect(service.asked).toContain('labels/named');
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
