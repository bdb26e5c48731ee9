import { describe, expect, it } from 'vitest';
import type { ClientOptions } from '../../src/client/client.ts';
import { createClient } from '../../src/client/index.ts';
import { atRest } from '../watch/fake-clock.ts';
import { LABEL, opened } from './opened.ts';
import { standIn } from './stand-in.ts';

function fail(): never {
  throw new Error('mine');
}

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
    ['gives a thenable that throws', () => Object.defineProperty({}, 'then', { get: fail })],
  ])('may have an onError that %s', async (_what, onError) => {
    const service = await standIn();
    const client = createClient({ url: service.url, onError });
    const { problem } = await client.tagWhenLoaded({ label: LABEL });
    expect(problem?.code).toBe('unknown-label');
    client.close();
    // What nobody caught would be told by now, and fail the test.
    await atRest();
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
    ['ask late', (ask: () => unknown) => atRest().then(ask)],
  ])('may have surroundings that %s', async (_what, around) => {
    let ended: unknown;
    const { client, service } = await opened({
      around: (ask) => {
        ended = around(ask);
        return ended;
      },
    });
    expect(await client.tagWhenLoaded({ label: LABEL })).toMatchObject({
      certainty: 'provisional',
    });
    await ended;
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
