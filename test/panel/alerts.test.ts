/** Channels and deliveries as pages: who sees which part of an address, and a secret that is shown once. */
import { expect, it } from 'vitest';
import { CHANNEL_KINDS } from '../../src/alert/channel-kinds.ts';
import { channelInput } from '../../src/contract/channel.ts';
import { SESSION_COOKIE } from '../../src/panel/panel.tsx';
import { type AppUnderTest, appUnderTest } from '../http/app-under-test.ts';
import { eventually } from '../http/eventually.ts';
import { START } from '../store/opened.ts';

const HTML = { accept: 'text/html' };
const KEYS = [
  { role: 'admin', secret: 'adminadminadmin1' },
  { role: 'read', secret: 'readreadreadrea1' },
] as const;
const HOOK = 'https://hooks.example/T0/B0?token=hush';

interface Answer {
  status: number;
  text: string;
  location: string | null;
}

async function send(
  { url }: AppUnderTest,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...HTML, origin: url, ...headers },
    body: new URLSearchParams(fields),
  });
  return {
    status: answer.status,
    text: await answer.text(),
    location: answer.headers.get('location'),
  };
}

async function cookieOf(app: AppUnderTest, key: string): Promise<Record<string, string>> {
  const answer = await fetch(`${app.url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...HTML, origin: app.url },
    body: new URLSearchParams({ key }),
  });
  const cookie = answer.headers.getSetCookie().find((one) => one.startsWith(SESSION_COOKIE));
  return { cookie: cookie!.split(';')[0]! };
}

it('the list of kinds has the fields that the contract has', () => {
  const common = ['events', 'kind', 'labels'];
  const contract = channelInput.options.map(({ shape }) => [
    shape.kind.value,
    Object.keys(shape).filter((name) => !common.includes(name)),
  ]);
  const forms = Object.entries(CHANNEL_KINDS).map(([kind, { fields }]) => [
    kind,
    fields.map(({ name }) => name),
  ]);
  expect(forms).toEqual(contract);
});

it('a webhook is made with a secret that is on one page, in no address, and never again', async () => {
  const app = await appUnderTest();
  const made = await send(app, '/alerts/channels', {
    kind: 'webhook',
    name: 'desk',
    url: HOOK,
    labels: 'og/*\r\n\r\nacme/*',
    events: 'underlabel.change.*',
  });
  expect([made.status, made.location]).toEqual([201, null]);
  const [secret] = /whsec_[A-Za-z0-9+/=]+/.exec(made.text)!;
  const [stored] = await app.store.channels();
  expect(stored).toMatchObject({
    name: 'desk',
    target: { kind: 'webhook', url: HOOK },
    secrets: [secret],
    labels: ['og/*', 'acme/*'],
    events: ['underlabel.change.*'],
  });
  // Saved again with its field left empty it stays, and nothing shows it.
  const saved = await send(app, '/alerts/channels/desk', { kind: 'webhook', url: HOOK });
  expect([saved.status, saved.location]).toEqual([303, '/alerts/channels/desk']);
  expect((await app.store.channel('desk'))!.secrets).toEqual([secret]);
  const { text } = await app.ask('GET', '/alerts/channels/desk', undefined, HTML);
  expect(text).toContain(`value="${HOOK}"`);
  expect(text).not.toContain('whsec_Y');
  expect(text).not.toContain(secret);
});

it('what can not be taken is told at its field, and what was typed stays, but for secrets', async () => {
  const app = await appUnderTest();
  const bad = await send(app, '/alerts/channels', {
    kind: 'webhook',
    name: 'a b',
    url: 'ftp://x.example/"><b>',
    secret: 'typed-by-hand',
    events: 'nothing.*',
  });
  expect(bad.status).toBe(400);
  expect(bad.text).toContain('value="a b"');
  expect(bad.text).toContain('id="name-problem"');
  expect(bad.text).toContain('id="url-problem"');
  expect(bad.text).toContain('id="secret-problem"');
  expect(bad.text).not.toContain('<b>');
  expect(bad.text).not.toContain('typed-by-hand');
  expect(await app.store.channels()).toEqual([]);
  const fields = { kind: 'log', name: 'log', events: 'nothing.*' };
  expect((await send(app, '/alerts/channels', fields)).text).toContain('fits no type of event');
  expect((await send(app, '/alerts/channels', { kind: 'log', name: 'log' })).status).toBe(303);
  const twice = await send(app, '/alerts/channels', { kind: 'log', name: 'log' });
  expect([twice.status, twice.text.includes('there is a channel of that name')]).toEqual([
    400,
    true,
  ]);
});

it('a test is sent, its delivery shown, delivered once more, and the channel removed', async () => {
  const app = await appUnderTest();
  await app.store.putChannel('log', { target: { kind: 'log' }, labels: null, events: null }, START);
  const { location } = await send(app, '/alerts/channels/log/test', {});
  expect(location).toBe('/alerts/deliveries/1');
  const text = async (path: string) => (await app.ask('GET', path, undefined, HTML)).text;
  expect(await text(location!)).toContain('delivered');
  expect((await send(app, `${location}/redeliver`, {})).location).toBe(location);
  const isDelivered = async () => (await app.store.delivery(1))?.status === 'delivered';
  await eventually(isDelivered, (is) => is);
  expect(await text('/alerts?channel=log&status=delivered')).toContain('channel.test');
  expect(await text('/alerts?status=dead')).toContain('No delivery fits the filter');
  expect((await app.ask('GET', '/alerts?status=lost', undefined, HTML)).status).toBe(400);
  expect((await send(app, '/alerts/channels/log/remove', {})).location).toBe('/alerts');
  expect(await app.store.channels()).toEqual([]);
  const gone = await app.ask('GET', '/alerts/channels/log', undefined, HTML);
  expect(gone.status).toBe(404);
});

it('a disabled channel says why, takes no test, and saving it enables it', async () => {
  const app = await appUnderTest();
  const { store } = app;
  const target = { kind: 'webhook', url: HOOK } as const;
  const secret = `whsec_${Buffer.alloc(32, 'a').toString('base64')}`;
  await store.putChannel('desk', { target, secret, labels: null, events: ['no.*'] }, START);
  store.db.$client
    .prepare('UPDATE channels SET disabled_at = ?, disabled_reason = ?')
    .run(START, 'hooks.example <i>says 410</i>');
  const shown = await app.ask('GET', '/alerts', undefined, HTML);
  expect(shown.text).toContain('disabled');
  expect(shown.text).toContain('hooks.example &lt;i&gt;says 410&lt;/i&gt;');
  expect((await send(app, '/alerts/channels/desk/test', {})).status).toBe(409);
  await send(app, '/alerts/channels/desk', { kind: 'webhook', url: HOOK });
  expect((await store.channel('desk'))!.disabledAt).toBeNull();
});

it('who may only read sees the host of an address, and no form', async () => {
  const app = await appUnderTest({ keys: KEYS });
  const secret = `whsec_${Buffer.alloc(32, 'a').toString('base64')}`;
  const target = { kind: 'webhook', url: HOOK } as const;
  await app.store.putChannel('desk', { target, secret, labels: null, events: null }, START);
  const [admin, reader] = [
    await cookieOf(app, KEYS[0].secret),
    await cookieOf(app, KEYS[1].secret),
  ];
  for (const path of ['/alerts', '/alerts/channels/desk', '/alerts/channels/desk?kind=log']) {
    const seen = async (cookie: Record<string, string>) =>
      (await app.ask('GET', path, undefined, { ...HTML, ...cookie })).text;
    expect((await seen(reader)).includes('hush')).toBe(false);
    expect(await seen(reader)).toContain('https://hooks.example/…');
    expect(await seen(admin)).toContain('hush');
    expect(await seen(reader)).not.toContain('action="/alerts/');
  }
  for (const path of [
    '/alerts/channels',
    '/alerts/channels/desk',
    '/alerts/channels/desk/remove',
  ]) {
    expect((await send(app, path, { kind: 'log', name: 'x' }, reader)).status).toBe(403);
  }
  expect((await app.store.channel('desk'))!.target).toEqual(target);
});
