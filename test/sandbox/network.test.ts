import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CASES } from '../../src/sandbox/cases.ts';
import { failing, HTML_PAGE } from '../../src/sandbox/hub.ts';
import { parseWeights, score, WEIGHTS_FILE, weightsFile } from '../../src/sandbox/model.ts';
import { type Network, startNetwork } from '../../src/sandbox/network.ts';

let network: Network;
const blobs = { '1.02': '', '1.03': '' };
const defaults = { answers: {} };

beforeAll(async () => {
  network = await startNetwork();
  blobs['1.02'] = await network.aggregator.store(weightsFile('1.02'));
  blobs['1.03'] = createHash('sha256').update('1.03').digest('base64url'); // cheaper, and as good here
  network.aggregator.storeAs(blobs['1.03'], weightsFile('1.03'));
  defaults.answers = { ...network.hub.answers };
}, 30_000);
afterAll(() => network.close());

beforeEach(() => {
  Object.assign(network.hub.answers, defaults.answers);
  network.hub.remove('risk-gate');
  publish('1.02');
  network.gateway.lagging = false;
});

function publish(release: '1.02' | '1.03') {
  const size = weightsFile(release).length;
  const file = { path: WEIGHTS_FILE, blobId: blobs[release], size };
  network.hub.publish('risk-gate', release, [file]);
}

const hub = (path: string, headers = {}) =>
  fetch(`${network.hub.url}/api/v0/models/${path}`, { headers });
const blob = (path: string, headers = {}) =>
  fetch(`${network.aggregator.url}/v1/blobs/${path}`, { headers });
const infer = (body: unknown) =>
  fetch(`${network.gateway.url}/v1/infer`, { method: 'POST', body: JSON.stringify(body) });

describe('the hub', () => {
  it('lists its models, answers one, its releases and the files of a release', async () => {
    expect(await (await hub('?page=0&limit=100')).json()).toMatchObject({
      models: [{ name: 'risk-gate', authorUsername: 'og' }],
    });
    expect(await (await hub('?page=1&limit=100')).json()).toEqual({ models: [] });
    expect(await (await hub('risk-gate?authorUsername=og')).json()).toMatchObject({
      name: 'risk-gate',
      versions: [{ versionString: '1.02' }],
    });
    expect(await (await hub('risk-gate/versions')).json()).toMatchObject([
      { versionString: '1.02' },
    ]);
    expect(await (await hub('risk-gate/versions/1.02/files')).json()).toEqual([
      { name: WEIGHTS_FILE, ipfsCid: blobs['1.02'], size: weightsFile('1.02').length },
    ]);
  });

  it('knows no removed model, no removed release and no other author', async () => {
    publish('1.03');
    network.hub.remove('risk-gate', '1.02');
    const paths = [
      'risk-gate?authorUsername=somebody',
      'other',
      'other/versions',
      'risk-gate/versions/1.02/files',
    ];
    for (const path of paths) {
      const answer = await hub(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(await answer.json()).toEqual({ detail: expect.stringMatching(/ not found$/) });
    }
    expect((await hub('risk-gate/versions/1.03/files')).status).toBe(200);
  });

  it.each([
    [{ releasesIn: 'releases', releaseAs: 'text' }, { releases: ['1.9', '1.10', '1.02'] }],
    [{ releasesIn: 'latestVersion', releaseAs: 'text' }, { latestVersion: '1.10' }],
    [{ releasesIn: 'versions', releaseAs: 'version' }, { versions: [{ version: '1.9' }, {}, {}] }],
  ] as const)('shows releases as it is told to: %o', async (answers, expected) => {
    network.hub.remove('risk-gate');
    for (const version of ['1.9', '1.10', '1.02']) network.hub.publish('risk-gate', version, []);
    Object.assign(network.hub.answers, answers);
    expect(await (await hub('risk-gate')).json()).toMatchObject(expected);
  });

  it('can keep releases to their own path', async () => {
    network.hub.answers.releasesIn = 'path';
    const model = await (await hub('risk-gate')).json();
    expect(Object.keys(model as object)).not.toContain('versions');
    expect(await (await hub('risk-gate/versions')).json()).toHaveLength(1);
  });

  it('names files and ids by the keys it is told to', async () => {
    Object.assign(network.hub.answers, { filesAs: 'object', nameKey: 'path', idKey: 'blob_id' });
    expect(await (await hub('risk-gate/versions/1.02/files')).json()).toMatchObject({
      files: [{ path: WEIGHTS_FILE, blob_id: blobs['1.02'] }],
    });
  });

  it('answers 304 to an ETag that still holds, and the whole once it does not', async () => {
    const tag = (await hub('risk-gate')).headers.get('etag')!;
    const asked = { 'If-None-Match': tag };
    expect((await hub('risk-gate', asked)).status).toBe(304);
    publish('1.03');
    expect((await hub('risk-gate', asked)).status).toBe(200);
    network.hub.answers.etag = false;
    expect((await hub('risk-gate')).headers.get('etag')).toBeNull();
  });

  it('fails, answers a web page, or an aged answer where it is told to', async () => {
    network.hub.answers.instead = failing(503, 'maintenance');
    const failed = await hub('risk-gate');
    expect([failed.status, await failed.json()]).toEqual([503, { detail: 'maintenance' }]);
    network.hub.answers.instead = HTML_PAGE;
    const page = await hub('risk-gate');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
    network.hub.answers.instead = null;
    network.hub.answers.ageSeconds = 40;
    const aged = await hub('risk-gate');
    expect([aged.status, aged.headers.get('age')]).toEqual([200, '40']);
  });
});

describe('the aggregator', () => {
  it('answers the bytes under their Blob ID, with the unquoted ETag', async () => {
    const answer = await blob(blobs['1.02']);
    expect(answer.headers.get('etag')).toBe(blobs['1.02']);
    expect(answer.headers.get('cache-control')).toContain('max-age=86400');
    expect(await answer.bytes()).toEqual(weightsFile('1.02'));
  });

  it.each([
    ['bytes=0-9', 0, 10],
    ['bytes=5-', 5, undefined],
    ['bytes=-4', -4, undefined],
    ['bytes=5-99999', 5, undefined],
  ])('answers the range %s', async (range, start, end) => {
    const answer = await blob(blobs['1.02'], { Range: range });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toMatch(/^bytes \d+-\d+\/\d+$/);
    expect(await answer.bytes()).toEqual(weightsFile('1.02').slice(start, end));
  });

  it.each([
    [
      'a range past the end',
      416,
      'OUT_OF_RANGE',
      () => blob(blobs['1.02'], { Range: 'bytes=99999-' }),
    ],
    ['an unknown blob', 404, 'NOT_FOUND', () => blob(createHash('sha256').digest('base64url'))],
    ['what is no Blob ID', 400, 'INVALID_ARGUMENT', () => blob('QmYwAPJzv5CZsnA625s3Xf2nemtYgPp')],
    ['an unknown query key', 400, 'INVALID_ARGUMENT', () => blob(`${blobs['1.02']}?fast=true`)],
  ] as const)('refuses %s with %i', async (_, code, status, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(code);
    expect(await answer.json()).toMatchObject({
      error: { status, code, message: expect.any(String), details: [{ '@type': 'ErrorInfo' }] },
    });
  });

  it('can lie about bytes, and forget them', async () => {
    const other = createHash('sha256').update('other').digest('base64url');
    network.aggregator.storeAs(other, weightsFile('1.03'));
    expect(await (await blob(other)).bytes()).toEqual(weightsFile('1.03'));
    network.aggregator.forget(other);
    expect((await blob(other)).status).toBe(404);
  });
});

describe('the gateway', () => {
  const input = CASES[5]!;

  it('runs what the hub has under the name, and says which blob that was', async () => {
    for (const release of ['1.02', '1.03'] as const) {
      publish(release);
      const answer = await infer({ model: 'risk-gate', input });
      expect(answer.headers.get('x-model-blob-id')).toBe(blobs[release]);
      expect(await answer.json()).toEqual(score(parseWeights(weightsFile(release)), input));
    }
  });

  it('can lag behind the hub', async () => {
    await infer({ model: 'risk-gate', input });
    network.gateway.lagging = true;
    publish('1.03');
    const answer = await infer({ model: 'risk-gate', input });
    expect(answer.headers.get('x-model-blob-id')).toBe(blobs['1.02']);
  });

  it('goes on while the hub answers others with errors', async () => {
    network.hub.answers.instead = failing(500);
    expect((await infer({ model: 'risk-gate', input })).status).toBe(200);
  });

  it('refuses what is no question of its model, and says what it could not get', async () => {
    expect((await infer({ model: 'risk-gate' })).status).toBe(400);
    expect((await infer({ model: 'other', input })).status).toBe(502);
    const gone = { path: WEIGHTS_FILE, blobId: createHash('sha256').digest('base64url'), size: 1 };
    network.hub.publish('risk-gate', '1.04', [gone]);
    const failed = await infer({ model: 'risk-gate', input });
    expect(failed.status).toBe(502);
    expect(await failed.json()).toEqual({ error: expect.stringContaining('answered 404') });
  });
});
