/** Who may do what: with keys by their role, without keys from this machine only. */
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startService } from '../../src/service.ts';
import { type RawRequest, rawRequest } from './raw-request.ts';
import { filesNamed, labelPath, sharedService, temporaryFolder } from './service-under-test.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const START = '2026-11-17T10:00:00Z';

describe('with keys', () => {
  const SECRETS = {
    read: 'secret-of-read',
    ingest: 'secret-of-ingest',
    review: 'secret-of-review',
    admin: 'secret-of-admin',
  };
  type Role = keyof typeof SECRETS;
  const ROLES = Object.keys(SECRETS) as Role[];
  const service = sharedService({
    keys: ROLES.map((role) => ({ role, secret: SECRETS[role] })),
    maxBodyBytes: 1024,
  });
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
  const as = (role: Role, method: string, path: string, body?: unknown) =>
    service.ask(method, path, body, bearer(SECRETS[role]));

  const push = { source: { kind: 'push' } };
  const READERS: Role[] = ['read', 'ingest', 'review', 'admin'];
  const INGESTERS: Role[] = ['ingest', 'admin'];
  const REVIEWERS: Role[] = ['review', 'admin'];
  const side = { from: START, to: '2026-11-18T00:00:00Z' };
  /** What is asked, who may, and what they are answered. */
  const MATRIX: [string, string, unknown, Role[], number][] = [
    ['PUT', labelPath('a'), push, ['admin'], 201],
    ['GET', '/api/v1/labels', undefined, READERS, 200],
    ['GET', labelPath('a'), undefined, READERS, 200],
    ['POST', labelPath('a', '/observations'), { absent: true }, INGESTERS, 201],
    ['POST', labelPath('a', '/observations'), undefined, ['admin'], 409],
    ['GET', labelPath('a', '/observations'), undefined, READERS, 200],
    ['GET', labelPath('a', '/timeline'), undefined, READERS, 200],
    ['GET', labelPath('a', `/at?time=${START}`), undefined, READERS, 200],
    ['POST', '/api/v1/traces', { traces: [] }, INGESTERS, 200],
    ['GET', '/api/v1/traces', undefined, READERS, 200],
    ['GET', '/api/v1/traces/none', undefined, READERS, 404],
    ['GET', '/api/v1/changes', undefined, READERS, 200],
    ['GET', '/api/v1/changes/1-1', undefined, READERS, 404],
    ['GET', `/api/v1/artifacts/sha256:${'0'.repeat(64)}`, undefined, READERS, 404],
    ['GET', `/api/v1/blobs/${filesNamed('a')[0]!.blobId}`, undefined, READERS, 404],
    ['GET', `/api/v1/answers/${'0'.repeat(64)}`, undefined, READERS, 404],
    ['POST', '/api/v1/diffs', { label: 'a', before: side, after: side }, READERS, 200],
    [
      'POST',
      '/api/v1/diffs',
      { label: 'a', before: side, after: side, hold: true },
      REVIEWERS,
      200,
    ],
    ['GET', '/api/v1/diffs', undefined, READERS, 200],
    ['GET', `/api/v1/diffs/d_${'0'.repeat(24)}`, undefined, READERS, 404],
    ['DELETE', `/api/v1/diffs/d_${'0'.repeat(24)}`, undefined, REVIEWERS, 404],
    ['PUT', '/api/v1/channels/desk', { kind: 'log' }, ['admin'], 201],
    ['GET', '/api/v1/channels', undefined, READERS, 200],
    ['GET', '/api/v1/channels/desk', undefined, READERS, 200],
    ['POST', '/api/v1/channels/desk/test', undefined, ['admin'], 200],
    ['GET', '/api/v1/deliveries', undefined, READERS, 200],
    ['GET', '/api/v1/deliveries/1', undefined, READERS, 200],
    ['POST', '/api/v1/deliveries/1/redeliver', undefined, ['admin'], 200],
    ['DELETE', '/api/v1/channels/desk', undefined, ['admin'], 200],
    ['HEAD', '/api/v1/events', undefined, READERS, 200],
    ['POST', '/api/v1/backup', undefined, ['admin'], 200],
    ['GET', '/metrics', undefined, READERS, 200],
    ['GET', '/openapi.json', undefined, READERS, 200],
    ['GET', '/docs', undefined, READERS, 200],
    ['DELETE', labelPath('a'), undefined, ['admin'], 200],
  ];

  it.each(MATRIX)('%s %s (%j) is for %j', async (method, path, body, allowed, status) => {
    for (const role of ROLES) {
      const asked = await as(role, method, path, body);
      const expected = allowed.includes(role) ? [status, status === 201 ? 200 : status] : [403];
      expect(expected, `${role}: ${asked.text}`).toContain(asked.status);
      if (asked.status === 403) {
        expect(asked.json.detail).toContain(`the one sent has '${role}'`);
        expect(asked.json.type).toBe('urn:underlabel:problem:forbidden');
      }
    }
    const asked = await service.ask(method, path, body);
    expect(asked.status).toBe(401);
    expect(asked.headers.get('www-authenticate')).toBe('Bearer');
    expect(asked.headers.get('content-type')).toBe('application/problem+json');
  });

  it('every endpoint that is documented is closed without one, but for two', async () => {
    const { paths } = (await as('read', 'GET', '/openapi.json')).json;
    const open: string[] = [];
    for (const [path, item] of Object.entries(paths)) {
      for (const method of Object.keys(item as object)) {
        const { status } = await service.ask(method.toUpperCase(), path.replace(/[{}]/g, ''));
        if (status !== 401) open.push(path);
      }
    }
    expect(open).toEqual(['/healthz', '/readyz']);
  });

  it.each([
    ['Bearer secret-of-read', 200],
    ['bearer secret-of-read', 200],
    ['BEARER   secret-of-read', 200],
    ['secret-of-read', 401],
    ['Bearer', 401],
    ['Bearer ', 401],
    ['Bearer secret-of', 401],
    ['Bearer SECRET-OF-READ', 401],
    ['Bearer secret-of-read x', 401],
    ['Bearer secret-of-read,secret-of-admin', 401],
    ['Basic c2VjcmV0LW9mLXJlYWQ=', 401],
    ['Basic secret-of-read', 401],
    ['Bearer undefined', 401],
    [`Bearer ${'x'.repeat(8000)}`, 401],
  ])('"%s" is answered with %i', async (authorization, status) => {
    const asked = await service.ask('GET', '/api/v1/labels', undefined, { authorization });
    expect(asked.status).toBe(status);
  });

  it('no answer holds a key, right or wrong', async () => {
    const answers = [
      await service.ask('GET', '/api/v1/labels', undefined, bearer('wrong-but-secret')),
      await as('read', 'DELETE', labelPath('a')),
      await as('read', 'GET', '/api/v1/labels'),
      await as('admin', 'GET', '/metrics'),
      await as('admin', 'GET', '/nowhere'),
    ];
    for (const { text, headers } of answers) {
      expect(`${text}${JSON.stringify([...headers])}`).not.toMatch(/secret-of|wrong-but-secret/);
    }
  });

  it('a key in the query is no key', async () => {
    const asked = await service.ask('GET', `/api/v1/labels?key=${SECRETS.admin}`);
    expect(asked.status).toBe(401);
  });

  it('without a key, nothing of the body is read', async () => {
    const body = Array.from({ length: 40 }, () => Buffer.alloc(64 * 1024));
    const sent: RawRequest = { method: 'POST', headers: JSON_TYPE, body };
    expect((await rawRequest(service.url, '/api/v1/traces', sent)).status).toBe(401);
  });

  it('a foreign Host or Origin may ask, with a key', async () => {
    const headers = {
      ...bearer(SECRETS.read),
      host: 'underlabel.example',
      origin: 'https://desk.example',
    };
    const asked = await rawRequest(service.url, '/api/v1/labels', { headers });
    expect(asked.status).toBe(200);
    expect(asked.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('without keys', () => {
  const service = sharedService();
  const port = () => new URL(service.url).port;
  const withHeaders = (headers: Record<string, string>, over: RawRequest = {}) =>
    rawRequest(service.url, '/api/v1/labels', { headers, ...over });

  it.each([
    'localhost',
    'LOCALHOST:80',
    'localhost:PORT',
    '127.0.0.1:PORT',
    '127.0.0.2',
    '[::1]:PORT',
  ])('the Host %s is this machine', async (host) => {
    const asked = await withHeaders({ host: host.replace('PORT', port()) });
    expect(asked.status, asked.text).toBe(200);
  });

  it.each([
    'underlabel.example',
    'underlabel.example:PORT',
    'localhost.underlabel.example',
    '127.0.0.1.underlabel.example',
    '0.0.0.0:PORT',
    '192.168.1.10',
    'localhost.',
    '128.0.0.1',
  ])('the Host %s is foreign', async (host) => {
    const asked = await withHeaders({ host: host.replace('PORT', port()) });
    expect(asked.status).toBe(403);
    expect(asked.json.type).toBe('urn:underlabel:problem:foreign-host');
    expect(asked.json.detail).toContain('UNDERLABEL_KEYS');
  });

  it.each([
    'localhost:1@underlabel.example',
    'underlabel.example/@localhost',
    'localhost/x',
    '[::ffff:127.0.0.1]',
    ' ',
  ])('the Host "%s" is none', async (host) => {
    expect([400, 403]).toContain((await withHeaders({ host })).status);
  });

  it('a page of this service may ask', async () => {
    const origin = service.url;
    expect((await withHeaders({ origin })).status).toBe(200);
    const host = `localhost:${port()}`;
    expect((await withHeaders({ host, origin: `http://${host}` })).status).toBe(200);
  });

  it.each([
    'null',
    '',
    'https://underlabel.example',
    'http://127.0.0.1',
    'http://127.0.0.1:1',
    'http://localhost:PORT',
    'http://127.0.0.1:PORT.underlabel.example',
    'http://127.0.0.1:PORT@underlabel.example',
    'file://',
  ])('a page of the Origin "%s" may not', async (text) => {
    const origin = text.replace('PORT', port());
    const [asked, sent] = [
      await withHeaders({ origin }),
      await rawRequest(service.url, labelPath('made-by-a-page'), {
        method: 'PUT',
        headers: { ...JSON_TYPE, origin },
        body: '{"source": {"kind": "push"}}',
      }),
    ];
    expect([asked.status, sent.status]).toEqual([403, 403]);
    expect((await service.ask('GET', labelPath('made-by-a-page'))).status).toBe(404);
  });

  it.each([
    ['a picture', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', dest: 'image' }],
    ['a frame', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', dest: 'iframe' }],
    ['a script', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', dest: 'script' }],
    ['a fetch', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', dest: 'empty' }],
  ])('%s of a foreign page makes it do nothing', async (_, { dest, ...said }) => {
    const headers = { ...said, 'sec-fetch-dest': dest };
    for (const path of ['/api/v1/traces/export', '/api/v1/labels', '/metrics', '/docs', '/']) {
      const { status } = await rawRequest(service.url, path, { headers });
      expect([path, status]).toEqual([path, 403]);
    }
  });

  it.each([
    ['its own page', { site: 'same-origin', mode: 'cors', dest: 'empty' }],
    ['whoever typed the address', { site: 'none', mode: 'navigate', dest: 'document' }],
    ['a link on another page', { site: 'cross-site', mode: 'navigate', dest: 'document' }],
    ['a page of another port', { site: 'same-site', mode: 'navigate', dest: 'document' }],
  ])('%s may ask', async (_, { site, mode, dest }) => {
    const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest };
    for (const path of ['/api/v1/labels', '/']) {
      expect((await rawRequest(service.url, path, { headers })).status).toBe(200);
    }
  });

  it('a form of another page is no link', async () => {
    const headers = {
      ...JSON_TYPE,
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    const sent = { method: 'POST', headers, body: '{"traces": []}' };
    expect((await rawRequest(service.url, '/api/v1/traces', sent)).status).toBe(403);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'a form of the type %s is not taken for a request',
    async (type) => {
      const sent = { method: 'POST', headers: { 'content-type': type }, body: '{"traces": []}' };
      expect((await rawRequest(service.url, '/api/v1/traces', sent)).status).toBe(415);
    },
  );

  it('everybody may ask whether it runs', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const headers = { host: 'underlabel.example', origin: 'https://underlabel.example' };
      expect((await rawRequest(service.url, path, { headers })).status).toBe(200);
    }
  });

  it('a key that nobody set does not matter', async () => {
    expect((await withHeaders({ authorization: 'Bearer x' })).status).toBe(200);
  });

  it('no answer may be kept, framed or sniffed', async () => {
    for (const path of ['/api/v1/labels', '/api/v1/traces/none', '/docs', '/nowhere']) {
      const { headers } = await service.ask('GET', path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-frame-options')).not.toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('what was sent does not become a header', async () => {
    const hostile = 'x%0d%0aset-cookie:%20a=b';
    for (const path of [`/nowhere/${hostile}`, `/api/v1/traces/${hostile}`, labelPath('a\r\nb')]) {
      const asked = await rawRequest(service.url, path, { method: 'GET' });
      expect(asked.headers).not.toHaveProperty('set-cookie');
      expect(asked.status).toBeGreaterThanOrEqual(400);
    }
  });

  it('a body that comes slowly holds up nobody else', async () => {
    const { hostname } = new URL(service.url);
    const headers = { ...JSON_TYPE, 'content-length': '100' };
    const options = { hostname, port: port(), path: '/api/v1/traces', method: 'POST', headers };
    const slow = request(options).on('error', () => {});
    slow.write('{"traces": [');
    expect((await withHeaders({})).status).toBe(200);
    slow.destroy();
    expect((await withHeaders({})).status).toBe(200);
  });
});

describe('a start', () => {
  it.each(['0.0.0.0', '::', '192.168.1.10', 'underlabel.example', ''])(
    'on the host "%s" without keys is refused, and says why',
    async (host) => {
      const dataFolder = await temporaryFolder();
      await expect(startService({ host, port: 0, dataFolder, logLevel: 'silent' })).rejects.toThrow(
        /without keys .* UNDERLABEL_KEYS=role:secret/,
      );
    },
  );

  it('on all addresses with a key is a start', async () => {
    const dataFolder = await temporaryFolder();
    const keys = [{ role: 'read', secret: 's' }] as const;
    const service = await startService({
      host: '0.0.0.0',
      port: 0,
      dataFolder,
      keys,
      logLevel: 'silent',
    });
    const { port } = new URL(service.url);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(401);
    await service.close();
  });

  it('on a port that is taken is refused, and lets go of the data folder', async () => {
    const [taken, dataFolder] = [await temporaryFolder(), await temporaryFolder()];
    const first = await startService({ port: 0, dataFolder: taken, logLevel: 'silent' });
    const port = Number(new URL(first.url).port);
    const second = () => startService({ port, dataFolder, logLevel: 'silent' });
    await expect(second()).rejects.toThrow('EADDRINUSE');
    await first.close();
    await (await second()).close();
  });
});
