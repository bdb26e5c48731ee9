/** Labels, end to end: made, changed, removed, resumed, listed. */
import { describe, expect, it } from 'vitest';
import { artifactIdOf } from '../../src/lineage/manifest.ts';
import { serve } from '../fetch/loopback-server.ts';
import {
  blobNamed,
  filesNamed,
  labelPath,
  serviceUnderTest,
  sharedService,
} from './service-under-test.ts';

const service = sharedService({ allowHosts: ['127.0.0.1'] });
const PUSH = { source: { kind: 'push' } };

const put = (name: string, body: unknown = PUSH) => service.ask('PUT', labelPath(name), body);
const get = (name: string, rest = '') => service.ask('GET', labelPath(name, rest));
const remove = (name: string) => service.ask('DELETE', labelPath(name));
const push = (name: string, artifact: string | null, query = '', times = {}) => {
  const said = artifact === null ? { absent: true } : { files: filesNamed(artifact) };
  return service.ask('POST', labelPath(name, `/observations${query}`), { ...said, ...times });
};
const idOf = (name: string) =>
  artifactIdOf(filesNamed(name).map((file) => ({ ...file, size: null })));

describe('a label that is made', () => {
  it('has the defaults, and was never read', async () => {
    const made = await put('made');
    expect(made.status).toBe(201);
    expect(made.json).toEqual({
      name: 'made',
      source: { kind: 'push' },
      every: '30s',
      clockSkew: '2s',
      servingLag: '0s',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      removedAt: null,
      current: null,
      verification: null,
      evidence: null,
      watch: {
        lastAttemptAt: null,
        lastSuccessAt: null,
        consecutiveFailures: 0,
        lastError: null,
        nextAt: null,
      },
    });
    expect((await get('made')).json).toEqual(made.json);
  });

  it.each([
    ['1s', '1s'],
    ['1000ms', '1s'],
    ['1500ms', '1500ms'],
    ['120s', '2m'],
    ['7d', '7d'],
    ['168h', '7d'],
  ])('every %s is read every %s', async (every, said) => {
    expect((await put('paced', { ...PUSH, every })).json.every).toBe(said);
  });

  it('has the version of the hub that is meant where none is given', async () => {
    const source = { kind: 'model-hub', model: 'volatility', baseUrl: 'http://127.0.0.1:1' };
    const made = await put('hub', { source, every: '7d' });
    expect(made.json.source).toEqual({ ...source, version: 'latest' });
  });
});

describe('a label that is put again', () => {
  it('is changed, and what is left out is the default again', async () => {
    await put('changed', { ...PUSH, every: '1h', clockSkew: '1m', servingLag: '5s' });
    const changed = await put('changed', { ...PUSH, servingLag: '9s' });
    expect(changed).toMatchObject({
      status: 200,
      json: { every: '30s', clockSkew: '2s', servingLag: '9s' },
    });
  });

  it('may get another source as long as nothing was read from the first', async () => {
    await put('undecided');
    const source = { kind: 'manifest', url: 'https://models.example/manifest.json' };
    expect(await put('undecided', { source, every: '7d' })).toMatchObject({
      status: 200,
      json: { source },
    });
    await service.ask('DELETE', labelPath('undecided'));
  });

  it('tells the past with the settings of the past', async () => {
    const [before, after] = ['2026-11-01T10:00:00Z', '2026-11-01T11:00:00Z'];
    await put('widened', { ...PUSH, clockSkew: '0s' });
    for (const [at, artifact] of [
      [before, 'a'],
      [after, 'b'],
    ] as const) {
      await push('widened', artifact, '?backfill=true', { requestedAt: at, receivedAt: at });
    }
    const at = '2026-11-01T11:00:00.500Z';
    const told = (await get('widened', `/at?time=${at}`)).json;
    expect(told).toMatchObject({ certainty: 'provisional', artifactId: idOf('b') });
    const then = new Date().toISOString();
    // What was told as of an instant stays so: the change below is recorded after it.
    await get('widened', `/at?time=${at}&asOf=${then}`);
    await put('widened', { ...PUSH, clockSkew: '1s' });
    expect((await get('widened', `/at?time=${at}`)).json.certainty).toBe('ambiguous');
    expect((await get('widened', `/at?time=${at}&asOf=${then}`)).json).toEqual(told);
  });
});

describe('a label that is removed', () => {
  it('is read no more, keeps its history, and goes on with it once it is put again', async () => {
    await put('resumed');
    await push('resumed', 'a');
    const removed = await remove('resumed');
    expect(removed).toMatchObject({ status: 200, json: { name: 'resumed' } });
    expect(removed.json.removedAt).not.toBeNull();
    expect(removed.json.current.artifactId).toBe(idOf('a'));
    expect((await get('resumed', '/observations')).json.items).toHaveLength(1);
    expect((await get('resumed', '/timeline')).json.tenures).toHaveLength(1);
    const names = (await service.ask('GET', '/api/v1/labels?limit=1000')).json.items;
    expect(names.map(({ name }: { name: string }) => name)).not.toContain('resumed');

    const again = await put('resumed');
    expect(again).toMatchObject({ status: 201, json: { removedAt: null } });
    expect(again.json.createdAt).toBe(removed.json.createdAt);
    await push('resumed', 'b');
    const { tenures, changes } = (await get('resumed', '/timeline')).json;
    expect(tenures).toHaveLength(2);
    expect(changes.map(({ kind }: { kind: string }) => kind)).toEqual(['first_seen', 'moved']);
  });

  it('may be removed once more, and stays removed at the same time', async () => {
    await put('removed-twice');
    const first = await remove('removed-twice');
    expect(await remove('removed-twice')).toMatchObject({ status: 200, json: first.json });
  });

  it('can not be read on demand, and says how to resume it', async () => {
    const manifest = await serve(() => ({ body: { files: filesNamed('a') } }));
    await put('stopped', { source: { kind: 'manifest', url: manifest.origin }, every: '7d' });
    await remove('stopped');
    const asked = await service.ask('POST', labelPath('stopped', '/observations'));
    expect(asked).toMatchObject({ status: 409, json: { detail: expect.stringContaining('PUT') } });
  });

  it('is not read after a start either', async () => {
    const manifest = await serve(() => ({ body: { files: filesNamed('a') } }));
    const first = await serviceUnderTest({ allowHosts: ['127.0.0.1'] });
    const body = { source: { kind: 'manifest', url: manifest.origin }, every: '1s' };
    await first.ask('PUT', labelPath('gone'), body);
    await first.ask('DELETE', labelPath('gone'));
    await first.close();
    const second = await serviceUnderTest({ dataFolder: first.folder });
    const { removedAt, watch } = (await second.ask('GET', labelPath('gone'))).json;
    expect(removedAt).not.toBeNull();
    expect(watch.nextAt).toBeNull();
  });
});

describe('what is under a label', () => {
  it('is told with the window of its change and when it was confirmed', async () => {
    await put('current');
    const first = (await push('current', 'a')).json;
    const second = (await push('current', 'b')).json;
    const third = (await push('current', 'b')).json;
    const { current } = (await get('current')).json;
    expect(current).toEqual({
      artifactId: idOf('b'),
      blobIds: [blobNamed('b')],
      since: { after: first.requestedAt, before: second.receivedAt },
      lastConfirmedAt: third.requestedAt,
    });
  });

  it('may be nothing', async () => {
    await put('absent');
    const { receivedAt } = (await push('absent', null)).json;
    expect((await get('absent')).json.current).toMatchObject({
      artifactId: null,
      blobIds: [],
      since: { after: null, before: receivedAt },
    });
  });
});

describe('the watch of a label', () => {
  it('tells of attempts, successes and failures', async () => {
    const manifest = await serve(() => ({ status: 503 }));
    await put('watched', { source: { kind: 'manifest', url: manifest.origin }, every: '7d' });
    await service.ask('POST', labelPath('watched', '/observations'));
    const failed = (await service.ask('POST', labelPath('watched', '/observations'))).json;
    const { current, watch } = (await get('watched')).json;
    expect(current).toBeNull();
    expect(watch).toMatchObject({ lastAttemptAt: failed.requestedAt, lastSuccessAt: null });
    expect(watch.lastError).toEqual(failed.error);
    expect(watch.consecutiveFailures).toBeGreaterThanOrEqual(2);
    expect(Date.parse(watch.nextAt)).toBeGreaterThan(Date.now());

    manifest.handler = () => ({ body: { files: filesNamed('a') } });
    const read = (await service.ask('POST', labelPath('watched', '/observations'))).json;
    expect((await get('watched')).json.watch).toMatchObject({
      lastAttemptAt: read.requestedAt,
      lastSuccessAt: read.receivedAt,
      consecutiveFailures: 0,
      lastError: null,
    });
  });

  it('goes on where it was after a start', async () => {
    const manifest = await serve(() => ({ body: { files: filesNamed('a') } }));
    const first = await serviceUnderTest({ allowHosts: ['127.0.0.1'] });
    const body = { source: { kind: 'manifest', url: manifest.origin }, every: '1h' };
    await first.ask('PUT', labelPath('kept'), body);
    const read = (await first.ask('POST', labelPath('kept', '/observations'))).json;
    await first.close();
    const second = await serviceUnderTest({
      dataFolder: first.folder,
      allowHosts: ['127.0.0.1'],
    });
    const { current, watch } = (await second.ask('GET', labelPath('kept'))).json;
    expect(current.artifactId).toBe(idOf('a'));
    expect(watch.lastAttemptAt).toBe(read.requestedAt);
    const pause = Date.parse(watch.nextAt) - Date.parse(watch.lastAttemptAt);
    expect(pause).toBeGreaterThan(3_500_000);
  });
});

describe('the list of labels', () => {
  it('is newest first, in pages that hold each label once', async () => {
    const own = await serviceUnderTest();
    const names = Array.from({ length: 25 }, (_, i) => `label-${String(i).padStart(2, '0')}`);
    for (const name of names) await own.ask('PUT', labelPath(name), PUSH);
    const listed: { name: string; createdAt: string }[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/api/v1/labels?limit=7${cursor && `&cursor=${cursor}`}`;
      const page = (await own.ask('GET', path)).json;
      listed.push(...page.items);
      cursor = page.nextCursor;
    }
    const key = ({ createdAt, name }: (typeof listed)[number]) => `${createdAt} ${name}`;
    expect(listed.map(key)).toEqual([...listed].map(key).sort().reverse());
    expect(listed.map(({ name }) => name).sort()).toEqual(names);
    expect((await own.ask('GET', '/api/v1/labels')).json.nextCursor).toBeNull();
  });
});
