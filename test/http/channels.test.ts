/** Channels: what is asked of them, what is shown of them, and who sees their secrets. */

import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { channel, delivery } from '../../src/contract/channel.ts';
import { receiver } from '../alert/receiver.ts';
import { START } from '../store/opened.ts';
import { FakeClock } from '../watch/fake-clock.ts';
import { appUnderTest } from './app-under-test.ts';
import { expectFields, expectProblem } from './problems.ts';

const SECRET = `whsec_${Buffer.alloc(32, 'a').toString('base64')}`;
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 'b').toString('base64')}`;
const HOOK = { kind: 'webhook', url: 'https://hooks.example/T0/B0?token=hush' };
const path = (name: string, rest = '') => `/api/v1/channels/${name}${rest}`;

describe('a channel', () => {
  it('is made with 201, changed with 200, shown and listed, and removed', async () => {
    const { ask } = await appUnderTest();
    const made = await ask('PUT', path('desk'), { kind: 'log', labels: ['og/*'] });
    expect(made.status).toBe(201);
    expect(channel.parse(made.json)).toMatchObject({
      name: 'desk',
      kind: 'log',
      url: null,
      labels: ['og/*'],
      events: null,
      disabledAt: null,
    });
    const changed = await ask('PUT', path('desk'), { kind: 'log', events: ['*.change.*'] });
    expect([changed.status, changed.json.labels, changed.json.events]).toEqual([
      200,
      null,
      ['*.change.*'],
    ]);
    await ask('PUT', path('Ops-2'), { kind: 'log' });
    const list = await ask('GET', '/api/v1/channels');
    expect(list.json).toEqual({
      items: [expect.objectContaining({ name: 'Ops-2' }), changed.json],
      nextCursor: null,
    });
    expect((await ask('GET', path('desk'))).json).toEqual(changed.json);
    const removed = await ask('DELETE', path('desk'));
    expect([removed.status, removed.json.name]).toEqual([200, 'desk']);
    expectProblem(await ask('GET', path('desk')), 404, 'unknown-channel');
    expectProblem(await ask('DELETE', path('desk')), 404, 'unknown-channel');
    expect((await ask('PUT', path('desk'), { kind: 'log' })).status).toBe(201);
  });

  it('that is not there is told apart from what was probably meant', async () => {
    const { ask } = await appUnderTest();
    await ask('PUT', path('risk-desk'), { kind: 'log' });
    for (const [method, rest] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/test'],
    ] as const) {
      const { json } = await ask(method, path('risk-dsek', rest));
      expect(json.detail).toBe("no channel 'risk-dsek'; did you mean 'risk-desk'?");
    }
    const none = await ask('GET', '/api/v1/deliveries?channel=risk-dsek');
    expectProblem(none, 404, 'unknown-channel');
  });

  it.each([
    ['http://user@hooks.example/', 'url'],
    ['https://:pass@hooks.example/', 'url'],
    ['ftp://hooks.example/', 'url'],
    ['file:///etc/passwd', 'url'],
    ['javascript:alert(1)', 'url'],
    ['hooks.example/x', 'url'],
    [`https://hooks.example/${'x'.repeat(2000)}`, 'url'],
  ])('is refused with the url %s', async (url, field) => {
    const { ask } = await appUnderTest();
    expectFields(await ask('PUT', path('a'), { ...HOOK, url }), field);
  });

  it.each([
    [{ kind: 'webhook' }, 'url'],
    [{ kind: 'mail' }, 'kind'],
    [{ kind: 'log', url: 'https://x.example' }, 'url'],
    [{ kind: 'log', secret: SECRET }, 'secret'],
    [{ kind: 'log', labels: [] }, 'labels'],
    [{ kind: 'log', labels: ['x'.repeat(201)] }, 'labels[0]'],
    [{ kind: 'log', labels: [''] }, 'labels[0]'],
    [{ kind: 'log', labels: Array(101).fill('x') }, 'labels'],
    [{ kind: 'log', events: 'underlabel.change.moved' }, 'events'],
    [{ kind: 'log', events: ['*', 'underlabel.changes.*'] }, 'events[1]'],
  ])('is refused as %j', async (body, field) => {
    const { ask } = await appUnderTest();
    expectFields(await ask('PUT', path('a'), body), field);
  });

  it.each(['-a', '.a', 'a%2Fb', 'a%20b', 'a:b', 'x'.repeat(101), '%C3%A4'])(
    'has no name such as %s',
    async (name) => {
      const { ask } = await appUnderTest();
      expectFields(await ask('PUT', path(name), { kind: 'log' }), 'name');
    },
  );

  it('names the types there are where a glob fits none', async () => {
    const { ask } = await appUnderTest();
    const { json } = await ask('PUT', path('a'), { kind: 'log', events: ['change.*'] });
    expect(json.detail).toContain('underlabel.change.moved, ');
  });
});

describe('the secret of a webhook', () => {
  it('is made where none is given, and shown once', async () => {
    const { ask } = await appUnderTest();
    const made = await ask('PUT', path('desk'), HOOK);
    expect(made.json.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const again = await ask('PUT', path('desk'), HOOK);
    expect(again.status).toBe(200);
    for (const { text } of [
      again,
      await ask('GET', path('desk')),
      await ask('GET', '/api/v1/channels'),
      await ask('DELETE', path('desk')),
    ]) {
      expect(text).not.toMatch(/secret|whsec_/);
    }
  });

  it('is kept by a PUT without one', async () => {
    const { ask, store } = await appUnderTest();
    const { json } = await ask('PUT', path('desk'), HOOK);
    await ask('PUT', path('desk'), { ...HOOK, labels: ['og/*'] });
    expect((await store.channel('desk'))!.secrets).toEqual([json.secret]);
  });

  it('is replaced by a PUT with another, which signs beside the old one', async () => {
    const { ask, store } = await appUnderTest();
    await ask('PUT', path('desk'), { ...HOOK, secret: SECRET });
    await ask('PUT', path('desk'), { ...HOOK, secret: OTHER_SECRET });
    expect((await store.channel('desk'))!.secrets).toEqual([OTHER_SECRET, SECRET]);
  });

  it('that is given is not echoed, right or wrong', async () => {
    const { ask } = await appUnderTest();
    const right = await ask('PUT', path('desk'), { ...HOOK, secret: SECRET });
    expect(right.text).not.toMatch(/secret|whsec_/);
    for (const secret of ['whsec_tr0ub4dor', 'tr0ub4dor!', `whsec_${'tr0ub4dor'.repeat(30)}`]) {
      const wrong = await ask('PUT', path('desk'), { ...HOOK, secret });
      expectFields(wrong, 'secret');
      expect(wrong.text).not.toContain('tr0ub4dor');
    }
  });

  it('is made once a channel without one becomes a webhook', async () => {
    const { ask } = await appUnderTest();
    await ask('PUT', path('desk'), { kind: 'log' });
    expect((await ask('PUT', path('desk'), HOOK)).json.secret).toMatch(/^whsec_/);
  });
});

describe('the URL of a webhook', () => {
  it('is shown to admin; below, no more than its host', async () => {
    const roles = ['read', 'ingest', 'review', 'admin'] as const;
    const keys = roles.map((role) => ({ role, secret: `key-of-${role}` }));
    const { ask } = await appUnderTest({ keys });
    const as = (role: string, method: string, at: string, body?: unknown) =>
      ask(method, at, body, { authorization: `Bearer key-of-${role}` });
    expect((await as('admin', 'PUT', path('desk'), HOOK)).json.url).toBe(HOOK.url);
    for (const role of roles) {
      const expected = role === 'admin' ? HOOK.url : 'https://hooks.example/…';
      expect((await as(role, 'GET', path('desk'))).json.url).toBe(expected);
      expect((await as(role, 'GET', '/api/v1/channels')).json.items[0].url).toBe(expected);
    }
  });
});

describe('a test', () => {
  it('says that it was delivered, signed with the secret that was shown', async () => {
    const { ask } = await appUnderTest();
    const hook = await receiver();
    const { json: made } = await ask('PUT', path('desk'), { kind: 'webhook', url: hook.url });
    const tested = await ask('POST', path('desk', '/test'));
    expect(tested.status).toBe(200);
    expect(delivery.parse(tested.json)).toMatchObject({
      channel: 'desk',
      status: 'delivered',
      attempts: 1,
      lastError: null,
      event: { type: 'underlabel.channel.test' },
    });
    const [received] = await hook.received.reach(1);
    const headers = received!.headers as Record<string, string>;
    expect(new Webhook(made.secret).verify(received!.body, headers)).toMatchObject({
      id: tested.json.event.id,
      data: { channel: 'desk' },
    });
    expect((await ask('GET', `/api/v1/deliveries/${tested.json.id}`)).json).toEqual(tested.json);
  });

  it('says what went wrong, without the secrets of the URL', async () => {
    const { ask } = await appUnderTest();
    const hook = await receiver(() => 503);
    await ask('PUT', path('desk'), { kind: 'webhook', url: hook.url });
    const { status, json, text } = await ask('POST', path('desk', '/test'));
    expect(status).toBe(200);
    expect(json).toMatchObject({ status: 'pending', attempts: 1, lastError: { code: 'http-503' } });
    expect(text).not.toMatch(/hidden|hooks\/in/);
  });

  it('of a disabled channel is refused, and so is a redelivery, until a PUT enables it', async () => {
    const { ask } = await appUnderTest();
    const hook = await receiver(() => 410);
    const body = { kind: 'webhook', url: hook.url };
    await ask('PUT', path('desk'), body);
    const gone = await ask('POST', path('desk', '/test'));
    expect(gone.json).toMatchObject({ status: 'dead', lastError: { code: 'http-410' } });
    const { json } = await ask('GET', path('desk'));
    expect(json.disabledAt).not.toBeNull();
    expect(json.disabledReason).toContain('410');
    const redeliver = `/api/v1/deliveries/${gone.json.id}/redeliver`;
    expectProblem(await ask('POST', path('desk', '/test')), 409, 'channel-disabled');
    expectProblem(await ask('POST', redeliver), 409, 'channel-disabled');
    hook.reply = () => 204;
    expect((await ask('PUT', path('desk'), body)).json.disabledAt).toBeNull();
    expect((await ask('POST', path('desk', '/test'))).json.status).toBe('delivered');
    expect((await ask('POST', redeliver)).json).toMatchObject({ status: 'pending', attempts: 0 });
    await hook.received.reach(3);
  });

  it('answers in time where the receiver never does', async () => {
    const clock = new FakeClock(START);
    const { ask } = await appUnderTest({ clock });
    const hook = await receiver(() => 'hangs');
    await ask('PUT', path('desk'), { kind: 'webhook', url: hook.url });
    const asking = ask('POST', path('desk', '/test'));
    await hook.received.reach(1);
    await clock.pass(25_000);
    const { status, json } = await asking;
    expect(status).toBe(200);
    expect(json).toMatchObject({ status: 'pending', attempts: 1, lastError: { code: 'timeout' } });
  });

  it('takes no body', async () => {
    const { ask } = await appUnderTest();
    await ask('PUT', path('desk'), { kind: 'log' });
    expectProblem(await ask('POST', path('desk', '/test'), {}), 400, 'bad-request');
  });
});
