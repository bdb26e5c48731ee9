/** Readings, end to end: pushed, backfilled, made on demand, and what follows from them. */
import { describe, expect, it } from 'vitest';
import { artifactIdOf } from '../../src/lineage/manifest.ts';
import { type Loopback, serve } from '../fetch/loopback-server.ts';
import {
  blobNamed,
  filesNamed,
  labelPath,
  serviceUnderTest,
  sharedService,
} from './service-under-test.ts';

const service = sharedService({ allowHosts: ['127.0.0.1'] });
const BASE = Date.parse('2026-11-17T10:00:00Z');
const at = (seconds: number) => new Date(BASE + seconds * 1000).toISOString();
const idOf = (name: string) =>
  artifactIdOf(filesNamed(name).map((file) => ({ ...file, size: null })));

const get = (path: string) => service.ask('GET', path);
const putPushed = (name: string) =>
  service.ask('PUT', labelPath(name), { source: { kind: 'push' }, clockSkew: '0s' });
const putManifest = (name: string, { origin }: Loopback) =>
  service.ask('PUT', labelPath(name), { source: { kind: 'manifest', url: origin }, every: '7d' });
const readNow = (name: string) => service.ask('POST', labelPath(name, '/observations'));
const said = (artifact: string | null) =>
  artifact === null ? { absent: true } : { files: filesNamed(artifact) };
const push = (name: string, artifact: string | null, times = {}) =>
  service.ask('POST', labelPath(name, '/observations'), { ...said(artifact), ...times });
const backfill = (name: string, artifact: string | null, asked: number, answered = asked) =>
  service.ask('POST', labelPath(name, '/observations?backfill=true'), {
    ...said(artifact),
    requestedAt: at(asked),
    receivedAt: at(answered),
  });
const kindsOf = (changes: { kind: string }[]) => changes.map(({ kind }) => kind);

describe('a pushed reading', () => {
  it('is answered as it was recorded', async () => {
    await putPushed('pushed');
    const times = { requestedAt: at(0), receivedAt: at(1) };
    const { status, json } = await push('pushed', 'a', times);
    expect(status).toBe(201);
    expect(json).toEqual({
      id: expect.any(String),
      label: 'pushed',
      ...times,
      recordedAt: expect.any(String),
      outcome: 'artifact',
      artifactId: idOf('a'),
      blobIds: [blobNamed('a')],
      error: null,
      answerSha256: null,
    });
    expect((await get(labelPath('pushed', '/observations'))).json.items).toEqual([json]);
  });

  it('without times has those of its commit, and each a later one', async () => {
    await putPushed('hurried');
    const begun = Date.now();
    const readings = [];
    for (const artifact of ['a', 'b', null, 'b', 'b']) {
      readings.push(await push('hurried', artifact));
    }
    expect(readings.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    const times = readings.map(({ json }) => Date.parse(json.requestedAt));
    expect(times).toEqual([...new Set(times)].sort());
    expect(times[0]).toBeGreaterThanOrEqual(begun);
    expect(kindsOf((await get(labelPath('hurried', '/timeline'))).json.changes)).toEqual([
      'first_seen',
      'moved',
      'vanished',
      'reappeared',
    ]);
  });

  it('floors its start and ceils its end to the millisecond', async () => {
    await putPushed('fine');
    const { json } = await push('fine', 'a', {
      requestedAt: '2026-11-17T11:00:00.0009+01:00',
      receivedAt: '2026-11-17T10:00:00.0011z',
    });
    expect(json).toMatchObject({
      requestedAt: '2026-11-17T10:00:00.000Z',
      receivedAt: '2026-11-17T10:00:00.002Z',
    });
  });

  it('asked before the newest was answered belongs into a backfill', async () => {
    await putPushed('late');
    await push('late', 'a', { requestedAt: at(10), receivedAt: at(12) });
    const late = await push('late', 'b', { requestedAt: at(11), receivedAt: at(13) });
    expect(late.status).toBe(409);
    expect(late.json.type).toBe('urn:underlabel:problem:before-newest');
    expect(late.json.detail).toContain('?backfill=true');
    const touching = await push('late', 'b', { requestedAt: at(12), receivedAt: at(13) });
    expect(touching.status).toBe(201);
  });

  it('is the same reading once more: 200, and it counts once', async () => {
    await putPushed('again');
    const first = await push('again', 'a', { requestedAt: at(0), receivedAt: at(1) });
    const again = await backfill('again', 'a', 0, 1);
    expect(again).toMatchObject({ status: 200, json: first.json });
    const other = await backfill('again', 'b', 0, 1);
    expect(other.json.type).toBe('urn:underlabel:problem:overlap');
    expect((await get(labelPath('again', '/observations'))).json.items).toHaveLength(1);
  });

  it('is no way to tell what a watched label holds, but for backfills', async () => {
    const manifest = await serve(() => ({ body: { files: filesNamed('a') } }));
    await putManifest('watched', manifest);
    const pushed = await push('watched', 'b');
    expect(pushed).toMatchObject({
      status: 409,
      json: { type: 'urn:underlabel:problem:not-push' },
    });
    expect((await backfill('watched', 'b', 0)).status).toBe(201);
  });

  it('counts files as one artifact whatever their order and sizes', async () => {
    await putPushed('ordered');
    const [a, b] = [
      { path: 'a', blobId: blobNamed('a') },
      { path: 'b', blobId: blobNamed('b') },
    ];
    const one = await service.ask('POST', labelPath('ordered', '/observations'), { files: [a, b] });
    const other = await service.ask('POST', labelPath('ordered', '/observations'), {
      files: [
        { ...b, size: 7 },
        { ...a, size: null },
      ],
    });
    expect(other.json.artifactId).toBe(one.json.artifactId);
    expect(other.json.blobIds).toEqual([blobNamed('a'), blobNamed('b')]);
  });
});

describe('a backfilled reading', () => {
  it('between two of the same artifact shows what went by unseen, and retires nothing', async () => {
    await putPushed('filled');
    await backfill('filled', 'a', 0);
    await backfill('filled', 'a', 10);
    await backfill('filled', 'b', 5);
    const { tenures, changes } = (await get(labelPath('filled', '/timeline'))).json;
    expect(tenures).toMatchObject([
      { artifactId: idOf('a'), firstSeenAt: at(0), ended: { after: at(0), before: at(5) } },
      { artifactId: idOf('b'), began: { after: at(0), before: at(5) } },
      { artifactId: idOf('a'), began: { after: at(5), before: at(10) }, ended: null },
    ]);
    expect(kindsOf(changes)).toEqual(['first_seen', 'moved', 'returned']);
  });

  it('before the first makes that change another, and the old one stays readable by its id', async () => {
    await putPushed('retired');
    await backfill('retired', 'a', 10);
    const [first] = (await get(labelPath('retired', '/timeline'))).json.changes;
    expect(first.retiredAt).toBeNull();
    await backfill('retired', 'a', 0);
    const { changes } = (await get(labelPath('retired', '/timeline'))).json;
    expect(changes).toHaveLength(1);
    expect(changes[0].id).not.toBe(first.id);
    const old = await get(`/api/v1/changes/${first.id}`);
    expect(old).toMatchObject({ status: 200, json: { ...first, retiredAt: expect.any(String) } });
    const live = (await get('/api/v1/changes?label=retired')).json.items;
    expect(live.map(({ id }: { id: string }) => id)).toEqual([changes[0].id]);
  });

  it('may touch its neighbours and not overlap them', async () => {
    await putPushed('touching');
    await backfill('touching', 'a', 0, 10);
    expect((await backfill('touching', 'a', 10, 20)).status).toBe(201);
    for (const [asked, answered] of [
      [9, 11],
      [-1, 1],
      [0, 20],
      [5, 5],
    ] as const) {
      const refused = await backfill('touching', 'b', asked, answered);
      expect(refused.json.type).toBe('urn:underlabel:problem:overlap');
    }
    expect((await backfill('touching', 'b', 10)).status).toBe(201);
  });
});

describe('a reading on demand', () => {
  it('asks the source, and is answered with what it said', async () => {
    const manifest = await serve(() => ({ body: { files: filesNamed('a') } }));
    await putManifest('read', manifest);
    const { status, json } = await readNow('read');
    expect(status).toBe(201);
    expect(json).toMatchObject({ label: 'read', outcome: 'artifact', artifactId: idOf('a') });
    manifest.handler = () => ({ body: { absent: true } });
    expect((await readNow('read')).json).toMatchObject({ outcome: 'absent', artifactId: null });
    manifest.handler = () => ({ body: { files: filesNamed('b') } });
    await readNow('read');
    const { changes } = (await get(labelPath('read', '/timeline'))).json;
    expect(kindsOf(changes)).toEqual(['first_seen', 'vanished', 'reappeared']);
  });

  it.each([
    ['http-status', { status: 500, body: 'broken' }],
    ['rate-limited', { status: 429, headers: { 'retry-after': '7' } }],
    ['unauthorized', { status: 401 }],
    ['redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
    ['not-json', { body: '<html>' }],
    ['unknown-shape', { body: {} }],
    ['bad-manifest', { body: { files: [{ path: '../a', blobId: blobNamed('a') }] } }],
  ])('that fails (%s) is 201 too, and changes nothing', async (code, reply) => {
    const name = `failing-${code}`;
    const manifest = await serve(() => reply);
    await putManifest(name, manifest);
    const { status, json } = await readNow(name);
    expect(status).toBe(201);
    expect(json).toMatchObject({
      outcome: 'failed',
      artifactId: null,
      blobIds: [],
      error: { code },
    });
    expect(json.error.message).not.toBe('');
    const { current } = (await get(labelPath(name))).json;
    expect(current).toBeNull();
    expect((await get(labelPath(name, '/timeline'))).json).toEqual({
      tenures: [],
      changes: [],
      lost: [],
    });
  });

  it('of an address that is not allowed is refused before it is asked', async () => {
    const manifest = await serve(() => ({ body: { files: filesNamed('a') } }));
    const url = manifest.origin.replace('127.0.0.1', '127.0.0.2');
    await service.ask('PUT', labelPath('private'), {
      source: { kind: 'manifest', url },
      every: '7d',
    });
    expect((await readNow('private')).json.error.code).toBe('refused-address');
    expect(manifest.requests).toEqual([]);
  });

  it('keeps what the source answered, word for word, where it mattered', async () => {
    const body = JSON.stringify({ files: filesNamed('a'), note: '<script>alert(1)</script>' });
    const manifest = await serve(() => ({ body }));
    await putManifest('evidence', manifest);
    const { answerSha256 } = (await readNow('evidence')).json;
    const answer = await get(`/api/v1/answers/${answerSha256}`);
    expect(answer).toMatchObject({ status: 200, text: body });
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(answer.headers.get('content-disposition')).toBe('attachment');
  });

  it('of a label that is pushed to is refused', async () => {
    await putPushed('never-read');
    const asked = await readNow('never-read');
    expect(asked.status).toBe(409);
    expect(asked.json.detail).toContain('send the reading as the body');
  });

  it('let go of with its label is answered so, and nothing of it is recorded', async () => {
    let asked = () => {};
    const reached = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const manifest = await serve(() => {
      asked();
      return undefined;
    });
    await putManifest('dropped', manifest);
    const reading = readNow('dropped');
    await reached;
    await service.ask('DELETE', labelPath('dropped'));
    expect(await reading).toMatchObject({
      status: 409,
      json: { type: 'urn:underlabel:problem:read-dropped' },
    });
    expect((await get(labelPath('dropped', '/observations'))).json.items).toEqual([]);
  });

  it('goes on where its label only got other settings', async () => {
    let answer = () => {};
    let asked = () => {};
    const reached = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const manifest = await serve((_, response) => {
      answer = () => response.end(JSON.stringify({ files: filesNamed('a') }));
      asked();
      return undefined;
    });
    await putManifest('resettled', manifest);
    const reading = readNow('resettled');
    await reached;
    expect((await putManifest('resettled', manifest)).status).toBe(200);
    answer();
    expect(await reading).toMatchObject({ status: 201, json: { artifactId: idOf('a') } });
    expect(manifest.requests).toHaveLength(1);
  });

  it('under way at a stop is answered so at once', async () => {
    let asked = () => {};
    const reached = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const manifest = await serve(() => {
      asked();
      return undefined;
    });
    const own = await serviceUnderTest({ allowHosts: ['127.0.0.1'] });
    const body = { source: { kind: 'manifest', url: manifest.origin }, every: '7d' };
    await own.ask('PUT', labelPath('a'), body);
    const reading = own.ask('POST', labelPath('a', '/observations'));
    await reached;
    const begun = performance.now();
    const [answer] = await Promise.all([reading, own.close()]);
    expect(answer).toMatchObject({
      status: 503,
      json: { type: 'urn:underlabel:problem:stopping' },
    });
    expect(performance.now() - begun).toBeLessThan(4000);
  });
});

describe('the list of observations', () => {
  it('is newest first, failed ones among them, in pages that hold each once', async () => {
    const manifest = await serve(() => ({ body: { files: filesNamed('a') } }));
    await putManifest('listed', manifest);
    const made: string[] = [];
    for (let i = 0; i < 24; i++) {
      manifest.handler = () =>
        i % 3 === 2 ? { status: 500 } : { body: { files: filesNamed(i % 2 ? 'a' : 'b') } };
      made.push((await readNow('listed')).json.id);
    }
    for (let i = 0; i < 5; i++) made.push((await backfill('listed', 'c', i)).json.id);
    const listed: { id: string; requestedAt: string; outcome: string }[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: string = `/observations?limit=5${cursor && `&cursor=${cursor}`}`;
      const { json } = await get(labelPath('listed', page));
      expect(json.items.length).toBeLessThanOrEqual(5);
      listed.push(...json.items);
      cursor = json.nextCursor;
    }
    const times = listed.map(({ requestedAt }) => requestedAt);
    expect(times).toEqual([...times].sort().reverse());
    const ids = listed.map(({ id }) => id);
    expect(ids).toHaveLength(new Set(ids).size);
    // One more where the reading that is due as the label is put was over before the first asked for.
    expect(ids.filter((id) => made.includes(id))).toHaveLength(made.length);
    expect(ids.length).toBeLessThanOrEqual(made.length + 1);
    expect(listed.filter(({ outcome }) => outcome === 'failed')).toHaveLength(8);
  });
});

describe('the timeline', () => {
  it('of a range has the tenures and changes that meet it', async () => {
    await putPushed('ranged');
    for (const [artifact, seconds] of [
      ['a', 0],
      ['a', 10],
      ['b', 20],
      ['b', 30],
      ['c', 40],
    ] as const) {
      await backfill('ranged', artifact, seconds);
    }
    const within = async (from: number, to: number) => {
      const { json } = await get(labelPath('ranged', `/timeline?from=${at(from)}&to=${at(to)}`));
      return json.tenures.map(({ artifactId }: { artifactId: string }) => artifactId);
    };
    expect(await within(21, 29)).toEqual([idOf('b')]);
    expect(await within(12, 18)).toEqual([idOf('a')]);
    expect(await within(100, 200)).toEqual([idOf('c')]);
    const { json } = await get(labelPath('ranged', '/timeline'));
    expect(json.tenures).toMatchObject([
      { observations: 2, maxGapMs: 10_000, lastConfirmedAt: at(10), blobIds: [blobNamed('a')] },
      { observations: 2, maxGapMs: 10_000 },
      { observations: 1, maxGapMs: 0 },
    ]);
  });
});

describe('the changes', () => {
  it('of all labels are newest first by when they were detected, in pages and by glob', async () => {
    const own = await serviceUnderTest();
    for (const name of ['og/one', 'og/two', 'other']) {
      await own.ask('PUT', labelPath(name), { source: { kind: 'push' } });
      for (const artifact of ['a', 'b', 'a', null, 'a']) {
        await own.ask('POST', labelPath(name, '/observations'), said(artifact));
      }
    }
    const pages = async (query: string) => {
      const found: { id: string; label: string; kind: string; detectedAt: string }[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const path: string = `/api/v1/changes?limit=4${query}${cursor && `&cursor=${cursor}`}`;
        const { json } = await own.ask('GET', path);
        found.push(...json.items);
        cursor = json.nextCursor;
      }
      return found;
    };
    const all = await pages('');
    expect(all).toHaveLength(15);
    expect(new Set(all.map(({ id }) => id)).size).toBe(15);
    const times = all.map(({ detectedAt }) => detectedAt);
    expect(times).toEqual([...times].sort().reverse());
    const og = await pages('&label=og/*');
    expect(og).toEqual(all.filter(({ label }) => label.startsWith('og/')));
    expect(kindsOf(og.slice(0, 5))).toEqual([
      'reappeared',
      'vanished',
      'returned',
      'moved',
      'first_seen',
    ]);
    const [newest, oldest] = [times[0]!, times.at(-1)!];
    expect(await pages(`&from=${newest}`)).toEqual(
      all.filter(({ detectedAt }) => detectedAt === newest),
    );
    expect(await pages(`&to=${oldest}`)).toEqual([]);
    for (const change of all) {
      expect((await own.ask('GET', `/api/v1/changes/${change.id}`)).json).toEqual(change);
    }
  });

  it.each(['x', '1', '0-0', '-1--1', '1-999999', '1e3-1', '9'.repeat(30)])(
    'have none with the id %s',
    async (id) => {
      expect((await get(`/api/v1/changes/${id}`)).status).toBe(404);
    },
  );
});

describe('artifacts and blobs', () => {
  it('are told with their files and the labels they are or were under', async () => {
    await putPushed('holder');
    const files = [
      { path: 'weights.bin', blobId: blobNamed('shared'), size: 7 },
      { path: 'config.json', blobId: blobNamed('own') },
    ];
    const path = labelPath('holder', '/observations');
    const { artifactId } = (await service.ask('POST', path, { files })).json;
    await push('holder', 'shared');
    const artifact = (await get(`/api/v1/artifacts/${artifactId}`)).json;
    const { verification, blobs, ...held } = artifact;
    expect(verification).toBe('unchecked');
    expect(blobs.map(({ blobId }: { blobId: string }) => blobId)).toEqual([
      blobNamed('own'),
      blobNamed('shared'),
    ]);
    expect(held).toEqual({
      artifactId,
      files: [{ path: 'config.json', blobId: blobNamed('own'), size: null }, files[0]],
      labels: ['holder'],
    });
    const blob = (await get(`/api/v1/blobs/${blobNamed('shared')}`)).json;
    expect(blob).toMatchObject({ blobId: blobNamed('shared'), size: 7 });
    expect(blob.artifacts).toHaveLength(2);
    expect(blob.artifacts).toContainEqual(held);
  });

  it('that nobody saw are not there', async () => {
    expect((await get(`/api/v1/artifacts/sha256:${'0'.repeat(64)}`)).status).toBe(404);
    expect((await get(`/api/v1/blobs/${blobNamed('unseen')}`)).status).toBe(404);
    expect((await get(`/api/v1/answers/${'0'.repeat(64)}`)).status).toBe(404);
  });

  it('are named in their one form only', async () => {
    expect((await get(`/api/v1/artifacts/sha256:${'A'.repeat(64)}`)).status).toBe(400);
    const blob = await get(`/api/v1/blobs/${blobNamed('own')}=`);
    expect(blob.status).toBe(400);
    expect(blob.json.errors[0]).toMatchObject({
      path: 'blobId',
      message: expect.stringContaining(blobNamed('own')),
    });
  });
});
