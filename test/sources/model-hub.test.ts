import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SourceSpec } from '../../src/contract/label.ts';
import { type Loopback, routes, serve } from '../fetch/loopback-server.ts';
import { never } from '../fetch/opened.ts';
import { failureOf, source } from './opened.ts';

type HubSpec = Extract<SourceSpec, { kind: 'model-hub' }>;
type Facts = { known_pairs: { id: string }[]; id_negative: { v: string }[] };

const facts = JSON.parse(
  readFileSync(new URL('../vectors/opengradient/model-hub.json', import.meta.url), 'utf8'),
) as Facts;
const A = facts.known_pairs[0]!.id;
const CID = facts.known_pairs[1]!.id;

const MODEL = '/api/v0/models/eth';
const files = (release: string) => `${MODEL}/versions/${release}/files`;
const FILE = [{ name: 'x.onnx', ipfsCid: A }];

async function hub(table: Record<string, unknown>, spec: Partial<HubSpec> = {}) {
  const server = await serve(routes(table));
  const { read } = opened(server, spec);
  return { server, read };
}

function opened({ origin: baseUrl }: Loopback, spec: Partial<HubSpec>) {
  return source({ kind: 'model-hub', model: 'eth', version: 'latest', baseUrl, ...spec });
}

describe('the release', () => {
  const variants: [string, unknown, unknown, string][] = [
    ['strings under versions', { versions: ['1.9', '1.10', '1.2'] }, null, '1.10'],
    ['strings under releases', { releases: ['0.05', '0.06'] }, null, '0.06'],
    [
      'objects with version',
      { versions: [{ version: '1.00' }, { version: '2.00' }] },
      null,
      '2.00',
    ],
    ['objects with versionString', { releases: [{ versionString: '1.00' }] }, null, '1.00'],
    ['text beside a number', { versions: [{ version: 1.1, versionString: '1.10' }] }, null, '1.10'],
    ['the major before the minor', { versions: ['9.99', '10.0'] }, null, '10.0'],
    ['one release told twice', { versions: ['1.00', '1.00'] }, null, '1.00'],
    ['releases, where versions is empty', { versions: [], releases: ['1.00'] }, null, '1.00'],
    ['latestVersion', { latestVersion: '1.07' }, null, '1.07'],
    ['latestVersion as an object', { latestVersion: { versionString: '1.07' } }, null, '1.07'],
    [
      'latestVersion, where the list is empty',
      { versions: [], latestVersion: '1.07' },
      null,
      '1.07',
    ],
    ['a list of its own', { name: 'eth' }, ['1.00', '1.01'], '1.01'],
    ['a list of its own under versions', {}, { versions: [{ version: '1.01' }] }, '1.01'],
    ['a list of its own under releases', { versions: null }, { releases: ['1.01'] }, '1.01'],
  ];
  it.each(variants)('is found in %s', async (_name, model, list, release) => {
    const { read } = await hub({
      [MODEL]: model,
      ...(list === null ? {} : { [`${MODEL}/versions`]: list }),
      [files(release)]: FILE,
    });
    expect((await read(never())).files).toEqual([{ path: 'x.onnx', blobId: A, size: null }]);
  });

  it('can be pinned to one that exists, as the hub spells it', async () => {
    const table = { [MODEL]: { versions: ['1.00', 'beta', '2.00'] }, [files('1.00')]: FILE };
    const { read, server } = await hub(table, { version: '1.00' });
    expect((await read(never())).files).toHaveLength(1);
    const gone = await failureOf(opened(server, { version: '1.0' }).read(never()));
    expect(gone.code).toBe('no-files');
    expect(gone.message).toContain('"1.00"');
  });

  it('that is pinned is looked for in the list, where the model tells its latest only', async () => {
    const table = {
      [MODEL]: { latestVersion: '2.00' },
      [`${MODEL}/versions`]: ['1.00', '2.00'],
      [files('1.00')]: FILE,
    };
    const { read, server } = await hub(table, { version: '1.00' });
    expect((await read(never())).files).toHaveLength(1);
    const gone = await failureOf(opened(server, { version: '3.00' }).read(never()));
    expect(gone.code).toBe('no-files');
  });
});

describe('the files', () => {
  const release = { [MODEL]: { versions: ['1.00'] } };
  const filesOf = (list: unknown, spec: Partial<HubSpec> = {}) =>
    hub({ ...release, [files('1.00')]: list }, spec).then(({ read }) => read(never()));

  it.each(['name', 'filename', 'path'])('have their name under %s', async (key) => {
    const answer = await filesOf([{ [key]: 'x.onnx', ipfsCid: A }]);
    expect(answer.files).toEqual([{ path: 'x.onnx', blobId: A, size: null }]);
  });

  it.each(['ipfsCid', 'blobId', 'blob_id', 'cid', 'modelCid'])(
    'have their id under %s',
    async (key) => {
      const answer = await filesOf({ files: [{ name: 'x.onnx', size: 7168, [key]: A }] });
      expect(answer.files).toEqual([{ path: 'x.onnx', blobId: A, size: 7168 }]);
    },
  );

  it('have the Blob ID that stands beside a legacy one', async () => {
    const answer = await filesOf([{ name: 'x', ipfsCid: CID, blobId: A, cid: null }]);
    expect(answer.files![0]!.blobId).toBe(A);
  });

  it.each([-1, 1.5, '7168', null, 2 ** 60])(
    'lose a size of %j, which makes no sense',
    async (size) => {
      expect((await filesOf([{ name: 'x', ipfsCid: A, size }])).files![0]!.size).toBeNull();
    },
  );

  it('are those that match the glob, and only their ids count', async () => {
    const list = [
      { name: 'x.onnx', ipfsCid: A },
      { name: 'deep/y.onnx', ipfsCid: CID },
      { name: 'notes.txt' },
    ];
    const answer = await filesOf(list, { files: '*.onnx' });
    expect(answer.files).toEqual([{ path: 'x.onnx', blobId: A, size: null }]);
    await expect(filesOf(list, { files: '**.onnx' })).rejects.toMatchObject({ code: 'foreign-id' });
  });

  it('fail where none matches the glob', async () => {
    const error = await failureOf(filesOf(FILE, { files: '*.bin' }));
    expect(error.code).toBe('no-files');
    expect(error.message).toContain('*.bin');
  });
});

describe('the model', () => {
  it('is asked for with its author, and its name may hold anything', async () => {
    const model = 'a/b?c#d é';
    const { read, server } = await hub({}, { model, author: 'o&g' });
    server.handler = () => ({ status: 404, body: { detail: 'none' } });
    expect((await read(never())).files).toBeNull();
    expect(server.requests[0]!.url).toBe(
      '/api/v0/models/a%2Fb%3Fc%23d%20%C3%A9?authorUsername=o%26g',
    );
  });

  it.each(['.', '..'])(
    'named %j would be another address, so it is not asked for',
    async (model) => {
      const { read, server } = await hub({}, { model });
      expect((await failureOf(read(never()))).code).toBe('unknown-shape');
      expect(server.requests).toHaveLength(0);
    },
  );

  it.each([
    ['/versions', { [MODEL]: {} }],
    ['/versions/1.00/files', { [MODEL]: { versions: ['1.00'] } }],
  ])('is not absent where %s is not found', async (path, table) => {
    const { read, server } = await hub(table);
    const found = server.handler;
    server.handler = (request, response) =>
      request.url === MODEL + path
        ? { status: 404, body: { detail: 'Not found' } }
        : found(request, response);
    expect((await failureOf(read(never()))).code).toBe('http-status');
  });
});

describe('the addresses', () => {
  it('may hold a path, and the files may be served elsewhere', async () => {
    const model = await serve(routes({ [`/hub${MODEL}`]: { versions: ['1.00'] } }));
    const other = await serve(routes({ [files('1.00')]: FILE }));
    const spec = { baseUrl: `${model.origin}/hub/`, filesUrl: other.origin };
    expect((await opened(model, spec).read(never())).files).toHaveLength(1);
  });

  it('are the public ones where none is given', async () => {
    const asked: string[] = [];
    const { read } = source(
      { kind: 'model-hub', model: 'eth', version: 'latest' },
      {
        lookup: (host, _options, callback) => {
          asked.push(host);
          callback(Object.assign(new Error('offline'), { code: 'ENOTFOUND' }), []);
        },
      },
    );
    expect((await failureOf(read(never()))).code).toBe('dns');
    expect(asked).toEqual(['hub-api.opengradient.ai']);
  });
});
