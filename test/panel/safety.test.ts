/** Who comes in at the panel, what a foreign page can make a browser send, and what stays in a cache: nothing. */
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { SESSION_COOKIE } from '../../src/panel/panel.tsx';
import { type AppUnderTest, appUnderTest } from '../http/app-under-test.ts';
import { rawRequest } from '../http/raw-request.ts';
import { blobNamed, filesNamed, labelPath } from '../http/service-under-test.ts';

const KEYS = [
  { role: 'admin', secret: 'admin-key-admin-key' },
  { role: 'read', secret: 'read-key-read-key' },
] as const;
const [ADMIN, READ] = KEYS.map(({ secret }) => secret) as [string, string];
const FORM = 'application/x-www-form-urlencoded';
const FORMS = [
  '/view',
  '/sign-out',
  '/labels/og%2Fx/read',
  `/blobs/${blobNamed('a')}/verify`,
  '/alerts/channels',
  '/alerts/channels/desk',
  '/alerts/channels/desk/test',
  '/alerts/channels/desk/remove',
  '/alerts/deliveries/1/redeliver',
  '/diffs',
];

type Headers = Record<string, string>;

const post = (app: AppUnderTest, path: string, fields: Headers, headers: Headers = {}) =>
  rawRequest(app.url, path, {
    method: 'POST',
    headers: { accept: 'text/html', 'content-type': FORM, origin: app.url, ...headers },
    body: new URLSearchParams(fields).toString(),
  });
const get = (app: AppUnderTest, path: string, headers: Headers = {}) =>
  rawRequest(app.url, path, { headers: { accept: 'text/html', ...headers } });

/** Signs in from an address of this machine. @returns the status */
function signInFrom(
  app: AppUnderTest,
  localAddress: string,
  key: string,
  headers: Headers = {},
): Promise<number> {
  const { hostname, port } = new URL(app.url);
  const options = { hostname, port, path: '/sign-in', method: 'POST', localAddress, agent: false };
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const form = { accept: 'text/html', 'content-type': FORM, origin: app.url, ...headers };
  const sending = request({ ...options, headers: form }, (answer) => {
    answer.resume();
    answer.once('end', () => resolve(answer.statusCode!));
  });
  sending.once('error', reject);
  sending.end(new URLSearchParams({ key }).toString());
  return promise;
}

/** The whole cookie, as it is set. */
async function cookieSet(app: AppUnderTest, headers: Headers = {}): Promise<string> {
  const answer = await post(app, '/sign-in', { key: READ }, headers);
  const cookies = answer.headers['set-cookie'] ?? [];
  return cookies.find((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`)) ?? '';
}

async function session(app: AppUnderTest, key = READ): Promise<Headers> {
  const answer = await post(app, '/sign-in', { key });
  return { cookie: answer.headers['set-cookie']![0]!.split(';')[0]! };
}

describe('a form', () => {
  it.each([
    ['of a foreign page', { origin: 'https://evil.example' }],
    ['of a foreign page, as browsers say it', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['of another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['of nobody knows where', { origin: '' }],
    ['as plain text', { origin: 'https://evil.example', 'content-type': 'text/plain' }],
    [
      'in parts',
      { origin: 'https://evil.example', 'content-type': 'multipart/form-data; boundary=x' },
    ],
  ])('%s does nothing, with keys and without', async (_, headers: Headers) => {
    const open = await appUnderTest();
    const closed = await appUnderTest({ keys: KEYS });
    const signedIn = await session(closed, ADMIN);
    for (const path of [...FORMS, '/sign-in']) {
      for (const [app, cookie] of [
        [open, {}],
        [closed, signedIn],
      ] as const) {
        const fields = { kind: 'log', name: 'made', theme: 'dark', zone: 'UTC', key: ADMIN };
        const answer = await post(app, path, fields, { ...cookie, ...headers });
        expect([path, answer.status]).toEqual([path, 403]);
        expect(answer.headers['set-cookie']).toBeUndefined();
      }
    }
    expect([...(await open.store.channels()), ...(await closed.store.channels())]).toEqual([]);
    expect((await get(closed, '/', signedIn)).status).toBe(200);
  });

  it('of the panel behind a proxy that speaks TLS is taken: the browser says that it is its own', async () => {
    const app = await appUnderTest({ keys: KEYS });
    const headers = { origin: 'https://panel.example', 'sec-fetch-site': 'same-origin' };
    expect((await post(app, '/sign-in', { key: READ }, headers)).status).toBe(303);
  });

  it('without keys is taken from names of this machine alone', async () => {
    const app = await appUnderTest();
    const headers = { host: 'rebound.example', origin: 'http://rebound.example' };
    const answer = await post(app, '/alerts/channels', { kind: 'log', name: 'made' }, headers);
    expect(answer.status).toBe(403);
    expect((await get(app, '/', { host: 'rebound.example' })).status).toBe(403);
    expect(await app.store.channels()).toEqual([]);
  });

  it('that is larger than forms are is refused before it is read', async () => {
    const app = await appUnderTest();
    const fields = { kind: 'log', name: 'x'.repeat(300_000) };
    expect((await post(app, '/alerts/channels', fields)).status).toBe(413);
  });
});

describe('a session', () => {
  it('is a cookie that no script and no foreign form has, and off this machine goes over TLS only', async () => {
    const app = await appUnderTest({ keys: KEYS });
    const here = await cookieSet(app);
    expect(here).toMatch(/; HttpOnly/);
    expect(here).toMatch(/; SameSite=Lax/);
    expect(here).toMatch(/; Path=\//);
    expect(here).not.toMatch(/; (Secure|Domain|Max-Age|Expires)/);
    const elsewhere = { host: 'panel.example', origin: 'http://panel.example' };
    expect(await cookieSet(app, elsewhere)).toMatch(/; Secure/);
  });

  it('ends for good when somebody signs out', async () => {
    const app = await appUnderTest({ keys: KEYS });
    const cookie = await session(app);
    expect((await get(app, '/', cookie)).status).toBe(200);
    const out = await post(app, '/sign-out', {}, cookie);
    expect(out.headers['set-cookie']![0]).toMatch(/Max-Age=0/);
    const after = await get(app, '/', cookie);
    expect([after.status, after.headers.location]).toEqual([303, '/sign-in']);
    expect((await get(app, '/api/v1/labels', cookie)).status).toBe(401);
  });

  it('is another one each time, and not one that somebody brought', async () => {
    const app = await appUnderTest({ keys: KEYS });
    const brought = { cookie: `${SESSION_COOKIE}=chosen-by-another` };
    expect((await get(app, '/', brought)).status).toBe(303);
    const given = await cookieSet(app, brought);
    expect(given).not.toContain('chosen-by-another');
    expect(await cookieSet(app)).not.toBe(given);
    expect((await get(app, '/', brought)).status).toBe(303);
  });

  it('reads the API and does nothing else there', async () => {
    const app = await appUnderTest({ keys: KEYS });
    const cookie = await session(app, ADMIN);
    expect((await get(app, '/api/v1/labels', cookie)).status).toBe(200);
    const json = { ...cookie, 'content-type': 'application/json', origin: app.url };
    const source = JSON.stringify({ source: { kind: 'push' } });
    const put = { method: 'PUT', headers: json, body: source };
    expect((await rawRequest(app.url, labelPath('og/x'), put)).status).toBe(401);
  });

  it('is asked for on every page, and a wrong key tells nothing', async () => {
    const app = await appUnderTest({ keys: KEYS });
    for (const path of ['/', '/traces', '/labels/x', '/diffs', '/alerts', '/unmapped', '/none']) {
      const answer = await get(app, path);
      const isPage = path !== '/none';
      expect([path, answer.status]).toEqual([path, isPage ? 303 : 404]);
    }
    const wrong = await post(app, '/sign-in', { key: 'wrong-key-wrong-key' });
    expect([wrong.status, wrong.headers['set-cookie']]).toEqual([401, undefined]);
    expect(wrong.text).not.toContain('wrong-key-wrong-key');
  });

  it('can not be guessed: after thirty wrong keys in a minute none is looked at', async () => {
    const app = await appUnderTest({ keys: KEYS });
    for (let i = 0; i < 30; i++) await post(app, '/sign-in', { key: `wrong-key-${i}` });
    expect((await post(app, '/sign-in', { key: READ })).status).toBe(429);
  });

  // Elsewhere this machine has one address of its own alone.
  it.runIf(process.platform === 'linux')(
    'is kept from nobody by the wrong keys of another address, whatever that says of itself',
    async () => {
      const app = await appUnderTest({ keys: KEYS });
      const wrong = [];
      for (let i = 0; i < 31; i++) {
        const told = { 'x-forwarded-for': `192.0.2.${i}`, forwarded: `for=192.0.2.${i}` };
        wrong.push(await signInFrom(app, '127.0.0.2', `wrong-key-${i}`, told));
      }
      expect(wrong).toEqual([...Array(30).fill(401), 429]);
      expect(await signInFrom(app, '127.0.0.2', READ)).toBe(429);
      expect(await signInFrom(app, '127.0.0.1', READ)).toBe(303);
    },
  );
});

describe('after signing in', () => {
  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/%0d%0aset-cookie: x=1\r\nx: y',
    'javascript:alert(1)',
    '/\x00',
    '/traces\x01',
    '/\x1f',
    '/\x7f',
    '/\x85',
    '',
  ])('nobody is led elsewhere by %j', async (back) => {
    const app = await appUnderTest({ keys: KEYS });
    const { headers, status } = await post(app, '/sign-in', { key: READ, back });
    expect(status).toBe(303);
    expect(new URL(headers.location!, 'http://here').origin).toBe('http://here');
    const shown = await get(app, `/sign-in?${new URLSearchParams({ back })}`);
    expect(shown.text).toMatch(/name="back" value="\/"/);
    const view = await post(app, '/view', { zone: 'UTC', theme: 'dark', back });
    expect([view.status, view.headers.location]).toEqual([303, '/']);
    expect(app.errors).toEqual([]);
  });

  it('somebody comes to where they wanted to go', async () => {
    const app = await appUnderTest({ keys: KEYS });
    const wanted = '/traces?q=label%3Aog%2F*';
    const asked = await get(app, wanted);
    const { searchParams } = new URL(asked.headers.location!, app.url);
    expect(searchParams.get('back')).toBe(wanted);
    const { headers } = await post(app, '/sign-in', { key: READ, back: wanted });
    expect(headers.location).toBe(wanted);
  });
});

describe('without a session', () => {
  const undone = /nothing was done with the form/;

  it('a form does nothing, and whoever signs in comes back to its page and is told', async () => {
    const app = await appUnderTest({ keys: KEYS });
    const page = '/alerts?channel=x';
    const fields = { kind: 'log', name: 'made' };
    const lost = await post(app, '/alerts/channels', fields, { referer: `${app.url}${page}` });
    expect(lost.status).toBe(303);
    const signIn = await get(app, lost.headers.location!);
    expect(signIn.text).toMatch(undone);
    expect(signIn.text).toContain(`name="back" value="${page}"`);
    expect(await app.store.channels()).toEqual([]);
  });

  it('nothing is said of a form where there was none', async () => {
    const app = await appUnderTest({ keys: KEYS });
    const asked = await get(app, '/alerts');
    for (const path of [asked.headers.location!, '/sign-in', '/sign-in?why=anything']) {
      expect((await get(app, path)).text).not.toMatch(/class="notice/);
    }
  });
});

describe('a right key over plain http from another machine', () => {
  const host = 'panel.example';
  const plain = { host, origin: `http://${host}` };
  const unkept = /did not keep the session/;

  it('leads to the reason why the browser is not signed in', async () => {
    const app = await appUnderTest({ keys: KEYS });
    const answer = await post(app, '/sign-in', { key: READ, back: '/traces' }, plain);
    expect(answer.status).toBe(303);
    const next = await get(app, answer.headers.location!, { host });
    expect(next.status).toBe(200);
    expect(next.text).toMatch(unkept);
    expect(next.text).toContain('name="back" value="/traces"');
  });

  it('leads on where the browser keeps the session after all', async () => {
    const app = await appUnderTest({ keys: KEYS });
    const answer = await post(app, '/sign-in', { key: READ, back: '/traces' }, plain);
    const cookie = answer.headers['set-cookie']![0]!.split(';')[0]!;
    const next = await get(app, answer.headers.location!, { host, cookie });
    expect([next.status, next.headers.location]).toEqual([303, '/traces']);
  });

  it('is told apart from one through a proxy that speaks TLS', async () => {
    const app = await appUnderTest({ keys: KEYS });
    const headers = { host, origin: `https://${host}`, 'sec-fetch-site': 'same-origin' };
    const answer = await post(app, '/sign-in', { key: READ, back: '/traces' }, headers);
    expect(answer.headers.location).toBe('/traces');
  });
});

describe('the answer to a form', () => {
  const backIn = (text: string) => /name="back" value="([^"]*)"/.exec(text)?.[1];

  it.each([
    [
      'the page that the form is on',
      (url: string) => `${url}/alerts?channel=x`,
      '/alerts?channel=x',
    ],
    [
      'that page behind a proxy that speaks TLS',
      (url: string) => `${url.replace('http:', 'https:')}/alerts`,
      '/alerts',
    ],
    ['the first page, where nobody says which', () => '', '/'],
    ['the first page, from elsewhere', () => 'https://evil.example/alerts', '/'],
    ['the first page, from another port of this machine', () => 'http://127.0.0.1:1/alerts', '/'],
    [
      'the first page, where the path leads elsewhere',
      (url: string) => `${url}//evil.example`,
      '/',
    ],
  ])('leads back to %s', async (_, referer, back) => {
    const app = await appUnderTest();
    const said = { referer: referer(app.url) };
    const refused = await post(app, '/alerts/channels/none/test', {}, said);
    expect([refused.status, backIn(refused.text)]).toEqual([404, back]);
  });

  it('changes the view and comes back there', async () => {
    const app = await appUnderTest();
    const referer = `${app.url}/alerts`;
    const refused = await post(app, '/alerts/deliveries/7/redeliver', {}, { referer });
    const view = { zone: 'UTC', theme: 'dark', back: backIn(refused.text)! };
    const { headers } = await post(app, '/view', view);
    expect((await get(app, headers.location!)).status).toBe(200);
  });

  it('of a page is that page itself', async () => {
    const app = await appUnderTest();
    const { text } = await get(app, '/changes/9-9?x=1', { referer: `${app.url}/alerts` });
    expect(backIn(text)).toBe('/changes/9-9?x=1');
  });
});

describe('answers', () => {
  it('are kept by nobody, but for what never changes under its name', async () => {
    const app = await appUnderTest();
    await app.ask('PUT', labelPath('og/x'), { source: { kind: 'push' } });
    await app.ask('POST', labelPath('og/x', '/observations'), { files: filesNamed('a') });
    const pages = ['/', '/labels/og%2Fx', '/traces', '/alerts/channels/new', '/none', '/sign-in'];
    for (const path of pages) {
      const { headers } = await get(app, path);
      expect([path, headers['cache-control']]).toEqual([path, 'no-store']);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('same-origin');
    }
    const { text } = await get(app, '/');
    const assets = [...text.matchAll(/(?:href|src)="(\/panel\/[^"]+)"/g)].map(([, path]) => path!);
    expect(assets.length).toBe(3);
    for (const path of assets) {
      const { headers, status } = await get(app, path);
      expect(status).toBe(200);
      expect(headers['cache-control']).toContain('immutable');
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });
});
