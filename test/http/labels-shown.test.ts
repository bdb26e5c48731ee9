/** Where a label is read, token and all, is for those who may put it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type SourceSpec, sourceSpec } from '../../src/contract/label.ts';
import { shortenedFields, shownSource } from '../../src/words/shown-source.ts';
import { appUnderTest } from './app-under-test.ts';
import { rawRequest } from './raw-request.ts';
import { labelPath } from './service-under-test.ts';

const KEYS = [
  { role: 'read', secret: 'key-of-read' },
  { role: 'ingest', secret: 'key-of-ingest' },
  { role: 'review', secret: 'key-of-review' },
  { role: 'admin', secret: 'key-of-admin' },
] as const;
type Role = (typeof KEYS)[number]['role'];

const TOKEN = 'sesame-sesame';
const MANIFEST = { kind: 'manifest', url: `https://models.example/og/x.json?token=${TOKEN}` };
const HUB = {
  kind: 'model-hub',
  model: 'x',
  version: 'latest',
  baseUrl: `https://hub.example/api?key=${TOKEN}`,
  filesUrl: 'https://files.example/',
};
const SHORT = {
  manifest: { ...MANIFEST, url: 'https://models.example/og/x.json?…' },
  hub: { ...HUB, baseUrl: 'https://hub.example/api?…' },
};

async function labelled() {
  const app = await appUnderTest({ keys: KEYS });
  const as = (role: Role, method: string, path: string, body?: unknown) => {
    const authorization = `Bearer key-of-${role}`;
    return app.ask(method, path, body, { authorization });
  };
  const names = { manifest: 'og/manifest', hub: 'og/hub' };
  for (const [name, source] of [
    [names.manifest, MANIFEST],
    [names.hub, HUB],
  ] as const) {
    const put = await as('admin', 'PUT', labelPath(name), { source, every: '7d' });
    expect([put.status, put.json.source]).toEqual([201, source]);
  }
  return { app, as, names };
}

it('the API tells its address without what may be a secret, but for admin', async () => {
  const { as, names } = await labelled();
  for (const role of ['read', 'ingest', 'review'] as const) {
    expect((await as(role, 'GET', labelPath(names.manifest))).json.source).toEqual(SHORT.manifest);
    expect((await as(role, 'GET', labelPath(names.hub))).json.source).toEqual(SHORT.hub);
    expect((await as(role, 'GET', '/api/v1/labels')).text).not.toContain(TOKEN);
  }
  expect((await as('admin', 'GET', labelPath(names.hub))).json.source).toEqual(HUB);
  const listed = (await as('admin', 'GET', '/api/v1/labels')).json.items;
  expect(listed.map(({ source }: { source: unknown }) => source)).toEqual([HUB, MANIFEST]);
  const open = await appUnderTest();
  const put = await open.ask('PUT', labelPath('og/x'), { source: MANIFEST, every: '7d' });
  expect([put.json.source, (await open.ask('GET', labelPath('og/x'))).json.source]).toEqual([
    MANIFEST,
    MANIFEST,
  ]);
});

it('the page of the label does, too', async () => {
  const { app, names } = await labelled();
  const page = async (role: Role) => {
    const signedIn = await rawRequest(app.url, '/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: app.url },
      body: `key=key-of-${role}`,
    });
    const cookie = signedIn.headers['set-cookie']![0]!.split(';')[0]!;
    const path = `/labels/${encodeURIComponent(names.manifest)}`;
    return (await rawRequest(app.url, path, { headers: { cookie, accept: 'text/html' } })).text;
  };
  expect(await page('admin')).toContain(TOKEN);
  const shown = await page('review');
  expect(shown).not.toContain(TOKEN);
  expect(shown).toContain(SHORT.manifest.url);
});

it('what was shortened is not taken for an address, so that no token is lost', async () => {
  const { as, names } = await labelled();
  for (const [name, path] of [
    [names.manifest, 'source.url'],
    [names.hub, 'source.baseUrl'],
  ] as const) {
    const { source } = (await as('read', 'GET', labelPath(name))).json;
    const put = await as('admin', 'PUT', labelPath(name), { source, every: '7d' });
    expect([put.status, put.json.errors[0].path]).toEqual([400, path]);
  }
  const { source } = (await as('admin', 'GET', labelPath(names.manifest))).json;
  const again = await as('admin', 'PUT', labelPath(names.manifest), { source, every: '6d' });
  expect([again.status, again.json.source]).toEqual([200, MANIFEST]);
});

it('whatever stands in a query, none of it is shown, and what is shown is known as shortened', () => {
  const part = fc.stringMatching(/^[a-zA-Z0-9%&=._~-]{1,40}$/);
  fc.assert(
    fc.property(part, fc.constantFrom('?', '#'), (secret, before) => {
      const url = `https://models.example/x${before}SECRET${secret}`;
      const source = sourceSpec.parse({ kind: 'manifest', url });
      const shown = shownSource(source, false) as SourceSpec & { url: string };
      expect(shown.url).toBe('https://models.example/x?…');
      expect(sourceSpec.parse(shown)).toEqual(shown);
      expect([shortenedFields(source), shortenedFields(shown)]).toEqual([[], ['url']]);
      expect(shownSource(source, true)).toEqual(source);
    }),
  );
});

it('an address without a secret is shown as it is', () => {
  for (const url of ['https://models.example/x.json', 'file:///srv/models/x.json']) {
    expect(shownSource({ kind: 'manifest', url }, false)).toEqual({ kind: 'manifest', url });
  }
  expect(shownSource({ kind: 'push' }, false)).toEqual({ kind: 'push' });
});
