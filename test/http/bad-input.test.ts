/** What is wrong with a request is said with its place, and what is right of a batch is kept. */
import { beforeAll, describe, expect, it } from 'vitest';
import { expectFields, expectProblem } from './problems.ts';
import { type RawRequest, rawRequest } from './raw-request.ts';
import { blobNamed, filesNamed, labelPath, sharedService } from './service-under-test.ts';

const service = sharedService();
const PUSHED = 'push/label';
const observations = labelPath(PUSHED, '/observations');
const START = '2026-11-17T10:00:00Z';

beforeAll(async () => {
  await service.ask('PUT', labelPath(PUSHED), { source: { kind: 'push' } });
});

const push = (body: unknown) => service.ask('POST', observations, body);
const sendTraces = (...traces: unknown[]) => service.ask('POST', '/api/v1/traces', { traces });
const trace = (over: object = {}) => ({ label: PUSHED, startedAt: START, endedAt: START, ...over });
const get = (path: string) => service.ask('GET', path);
const raw = (path: string, request?: RawRequest) => rawRequest(service.url, path, request);

describe('a manifest', () => {
  const canonical = blobNamed('a');

  it.each([
    ['padding', `${canonical}=`],
    ['stray bits in its last character', `${canonical.slice(0, -1)}F`],
    ['white space around it', ` ${canonical} `],
    ['the decimal form', BigInt(`0x${'61'.repeat(32)}`).toString()],
  ])('with a Blob ID that has %s is told the canonical form', async (_, blobId) => {
    const asked = await push({ files: [{ path: 'a', blobId }] });
    expectFields(asked, 'files[0].blobId');
    expect(asked.json.errors[0].message).toContain(canonical);
  });

  it.each(['', 'no blob', canonical.slice(1), `${canonical}${canonical}`, '🦊'.repeat(43)])(
    'with %o for a Blob ID is told what one looks like',
    async (blobId) => {
      const asked = await push({ files: [{ path: 'a', blobId }] });
      expectFields(asked, 'files[0].blobId');
      expect(asked.json.errors[0].message).toContain('43 characters of base64url');
    },
  );

  it.each([
    ['', 'is empty'],
    ['../secret', "'..'"],
    ['a/./b', "'.'"],
    ['a//b', 'empty segment'],
    ['/etc/passwd', 'absolute'],
    ['C:\\model', 'absolute'],
    ['a\\..\\b', "'..'"],
    ['a\u0000b', 'control character'],
    ['a\ud800', 'lone surrogate'],
    ['a'.repeat(1025), 'longer than 1024'],
  ])('with the path %o is told what is wrong with it', async (path, what) => {
    const asked = await push({ files: [{ path, blobId: canonical }] });
    expectFields(asked, 'files[0].path');
    expect(asked.json.errors[0].message).toContain(what);
  });

  it('with one path twice names the second', async () => {
    const asked = await push({ files: [...filesNamed('a'), ...filesNamed('b')] });
    expectFields(asked, 'files[1].path');
    expect(asked.json.errors[0].message).toContain('files[0]');
  });

  it('with several mistakes names each, and does not blame the form that was not meant', async () => {
    const files = [
      { path: 1, blobId: 2 },
      { path: 3, blobId: canonical, size: -1 },
    ];
    const asked = await push({ files });
    expectFields(asked, 'files[0].path', 'files[0].blobId', 'files[1].path', 'files[1].size');
  });

  it('without a file, or with files and absence at once, is refused', async () => {
    expectFields(await push({ files: [] }), 'files');
    expectProblem(await push({ files: filesNamed('a'), absent: true }), 400, 'bad-request');
  });

  it('that was refused left nothing behind', async () => {
    expect((await get(observations)).json.items).toEqual([]);
  });
});

describe('a time', () => {
  it.each([
    '2026-11-17T10:00:00',
    '2026-11-17',
    'tuesday',
    '1763373600',
    '',
    '2026-02-30T00:00:00Z',
  ])('%o is refused wherever it stands, with an example of what is accepted', async (time) => {
    const encoded = encodeURIComponent(time);
    expectFields(await push({ files: filesNamed('a'), requestedAt: time }), 'requestedAt');
    expectFields(await get(labelPath(PUSHED, `/at?time=${encoded}`)), 'time');
    expectFields(await get(labelPath(PUSHED, `/timeline?from=${encoded}`)), 'from');
    expectFields(await get(`/api/v1/changes?to=${encoded}`), 'to');
    expectFields(await get(`/api/v1/traces/x?asOf=${encoded}`), 'asOf');
    const { json: answer } = await sendTraces(trace({ startedAt: time }));
    expect(answer.rejected).toMatchObject([{ index: 0, path: 'startedAt' }]);
    expect(answer.rejected[0].message).toContain('2026-11-17T10:00:00Z');
  });

  it('may have a raw + in a query', async () => {
    const query = 'time=2026-11-17T11:00:00+01:00&asOf=2026-11-17T11:00:00.5+01:00';
    const asked = await get(labelPath(PUSHED, `/at?${query}`));
    expect(asked.status).toBe(200);
  });

  it('of the end may not be before that of the start', async () => {
    const [later, sooner] = ['2026-11-17T10:00:01Z', START];
    expectFields(await get(labelPath(PUSHED, `/at?time=${later}&until=${sooner}`)), 'until');
    const { json: answer } = await sendTraces(trace({ startedAt: later, endedAt: sooner }));
    expect(answer.rejected).toMatchObject([{ index: 0, path: 'endedAt' }]);
    const period = { from: later, to: sooner };
    const diff = { label: PUSHED, before: period, after: { from: START, to: START } };
    expectFields(await service.ask('POST', '/api/v1/diffs', diff), 'before.to', 'after.to');
    const reading = { files: filesNamed('a'), requestedAt: later, receivedAt: sooner };
    const asked = await push(reading);
    expectProblem(asked, 400, 'bad-times');
    expect(asked.json.errors).toMatchObject([{ path: 'receivedAt' }]);
  });

  it('ahead of now is refused where it would be a reading or a question', async () => {
    const ahead = new Date(Date.now() + 3_600_000).toISOString();
    expectFields(await get(labelPath(PUSHED, `/at?time=${ahead}`)), 'time');
    const asked = await push({ files: filesNamed('a'), requestedAt: ahead, receivedAt: ahead });
    expectProblem(asked, 400, 'bad-times');
    expect(asked.json.errors).toMatchObject([{ path: 'requestedAt' }]);
  });

  it('as far as years go is answered', async () => {
    const [first, last] = ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'];
    const query = `/at?time=${first}&until=${last}&asOf=${first}`;
    expect((await get(labelPath(PUSHED, query))).json).toMatchObject({ observed: 'unobserved' });
    expect((await get(`/api/v1/traces?from=${first}&to=${last}`)).status).toBe(200);
    expectFields(await get(labelPath(PUSHED, '/at?time=0000-01-01T00:00:00%2B00:01')), 'time');
  });
});

describe('an unknown field', () => {
  it.each(['bogus', 'constructor', '__proto__', 'a.b'])('%s is named', async (name) => {
    const field = `"${name}": 1`;
    const bodies: [string, string, string][] = [
      ['PUT', labelPath('unknown/field'), `{"source": {"kind": "push"}, ${field}}`],
      ['POST', observations, `{"absent": true, ${field}}`],
      ['POST', '/api/v1/traces', `{"traces": [], ${field}}`],
    ];
    for (const [method, path, body] of bodies) {
      expectFields(await service.ask(method, path, body), name);
    }
    for (const path of ['/api/v1/labels', labelPath(PUSHED), '/api/v1/traces', '/healthz']) {
      expectFields(await get(`${path}?${name}=1`), name);
    }
    const text = JSON.stringify(trace()).replace('{', `{${field},`);
    const { json: answer } = await service.ask('POST', '/api/v1/traces', `{"traces":[${text}]}`);
    expect(answer).toMatchObject({ accepted: 0, rejected: [{ index: 0, path: name }] });
  });

  it('inside another is named with its whole path', async () => {
    const source = { kind: 'push', bogus: 1 };
    expectFields(await service.ask('PUT', labelPath('unknown/field'), { source }), 'source.bogus');
    const files = [{ ...filesNamed('a')[0], bogus: 1 }];
    expectFields(await push({ files }), 'files[0].bogus');
    expectProblem(await get(labelPath('unknown/field')), 404, 'unknown-label');
  });
});

describe('a query parameter', () => {
  it('given twice is named', async () => {
    expectFields(await get('/api/v1/labels?limit=1&limit=1'), 'limit');
    expectFields(await get('/api/v1/traces?label=a&%6Cabel=b'), 'label');
  });

  it.each(['0', '1001', '-1', '1.5', '1e2', '', 'ten', '00', '9'.repeat(400)])(
    'limit=%s is refused in every list',
    async (limit) => {
      for (const path of ['/api/v1/labels', observations, '/api/v1/changes', '/api/v1/traces']) {
        expectFields(await get(`${path}?limit=${limit}`), 'limit');
      }
    },
  );

  it('that is none of the words it may be is named', async () => {
    expectFields(await get('/api/v1/traces?certainty=sure'), 'certainty');
    expectFields(await get('/api/v1/traces?observed=declared'), 'observed');
    expectFields(await get('/api/v1/traces?conflict=yes'), 'conflict');
    expectFields(await get('/api/v1/traces?artifact=absent'), 'artifact');
    expectFields(
      await service.ask('POST', `${observations}?backfill=1`, { absent: true }),
      'backfill',
    );
  });

  it('backfill needs the reading as the body', async () => {
    expectFields(await service.ask('POST', `${observations}?backfill=true`), 'backfill');
  });

  it.each(['%', '%ZZ', '%C3%28', '%ED%A0%80'])('%s is no percent-encoding', async (text) => {
    expectFields(await get(`/api/v1/traces?decision=${text}`), 'decision');
  });
});

describe('a cursor', () => {
  const cursor = (text: string) => Buffer.from(text).toString('base64url');
  const LISTS: [string, object][] = [
    ['/api/v1/labels', { createdAt: 1, name: 'a' }],
    [observations, { requestedAt: 1, receivedAt: 1, seq: 1 }],
    ['/api/v1/changes', { detectedAt: 1, id: '1-1' }],
    ['/api/v1/traces', { startedAt: 1, id: 'a' }],
  ];
  const ABSURD = [
    '',
    'x',
    '%00',
    cursor('null'),
    cursor('[]'),
    cursor('{}'),
    cursor('{"createdAt": 1e400, "name": "a"}'),
    cursor('{"requestedAt": 1e400, "receivedAt": 1, "seq": 1}'),
    cursor('{"detectedAt": 1, "id": "x"}'),
    cursor('{"detectedAt": 1, "id": "0-0"}'),
    cursor('{"startedAt": 0.5, "id": "a"}'),
    cursor('{"startedAt": "1; DROP TABLE traces", "id": "a"}'),
    cursor('{"startedAt": 1, "id": "a", "__proto__": 1}'),
    cursor('['.repeat(10_000)),
  ];

  it.each(LISTS)('of another list, or made up, is refused by %s', async (path, own) => {
    const others = LISTS.filter(([list]) => list !== path).map(([, key]) =>
      cursor(JSON.stringify(key)),
    );
    for (const other of [...others, ...ABSURD]) {
      expectFields(await get(`${path}?cursor=${other}`), 'cursor');
    }
    expect((await get(`${path}?cursor=${cursor(JSON.stringify(own))}`)).status).toBe(200);
  });
});

describe('a trace', () => {
  it.each([
    ['label', 'no label!'],
    ['label', '\ud800'],
    ['label', 'a'.repeat(201)],
    ['id', ''],
    ['id', 'a'.repeat(201)],
    ['id', 'a\u0000'],
    ['id', 'a\ud800'],
    ['id', 'a\u2028b'],
    ['decision', 'a'.repeat(201)],
    ['decision', 'HOLD\udc00'],
    ['decision', 1],
    ['context', '\ud800'],
    ['context', null],
    ['turn', -1],
    ['turn', 1.5],
    ['turn', 1e300],
    ['turn', '1'],
    ['blobId', 'none'],
    ['attributes', []],
    ['attributes', null],
    ['endedAt', undefined],
  ])(
    'whose %s is %o is rejected by that field, and the rest of its batch is kept',
    async (field, value) => {
      const [good, also] = [trace({ input: field }), trace({ input: field })];
      const { status, json: answer } = await sendTraces(good, trace({ [field]: value }), also);
      expect(status).toBe(200);
      expect(answer).toMatchObject({
        accepted: 2,
        duplicates: 0,
        rejected: [{ index: 1, path: field }],
      });
      expect(answer.ids).toHaveLength(2);
      expect(answer.rejected).toHaveLength(1);
    },
  );

  it.each([[null], [1], ['text'], [[]]])('that is %o is rejected by its place', async (value) => {
    const { status, json: answer } = await sendTraces(value, trace());
    expect(status).toBe(200);
    expect(answer).toMatchObject({ accepted: 1, rejected: [{ index: 0, path: 'traces[0]' }] });
  });

  it('is told so with 200 even where all are rejected', async () => {
    const { status, json: answer } = await sendTraces({}, {});
    expect(status).toBe(200);
    expect(answer).toMatchObject({ accepted: 0, ids: [] });
    expect(answer.rejected.map(({ index }: { index: number }) => index)).toEqual([0, 1]);
  });

  it('whose id is stored with other content is rejected, and the stored one stays', async () => {
    await sendTraces(trace({ id: 'twice', input: 1 }));
    const { json: answer } = await sendTraces(
      trace({ id: 'twice', input: 2 }),
      trace({ id: 'twice', input: 1.0 }),
    );
    expect(answer).toMatchObject({
      accepted: 0,
      duplicates: 1,
      ids: ['twice'],
      rejected: [{ index: 0, path: 'id' }],
    });
    expect((await get('/api/v1/traces/twice')).json.input).toBe(1);
  });

  it('of a label nobody registered is accepted, unobserved, and counted', async () => {
    const counted = async () =>
      Number(
        /^underlabel_traces_unknown_label_total (\d+)$/m.exec((await get('/metrics')).text)?.[1],
      );
    const before = await counted();
    const { json: answer } = await sendTraces(trace({ label: 'never/registered', id: 'lonely' }));
    expect(answer).toMatchObject({ accepted: 1, rejected: [] });
    const { attribution } = (await get('/api/v1/traces/lonely')).json;
    expect(attribution).toMatchObject({
      certainty: 'unobserved',
      artifactId: null,
      candidates: [],
    });
    expect(await counted()).toBe(before + 1);
  });
});

describe('a label name', () => {
  it.each([
    'og/eth-volatility',
    'team:model@v1.2',
    'a//b/../c',
    'a/at',
    'a'.repeat(200),
    '0',
    'constructor',
    'toString',
    'hasOwnProperty',
  ])('%s is one, percent-encoded in the path', async (name) => {
    const put = await service.ask('PUT', labelPath(name), { source: { kind: 'push' } });
    expect(put).toMatchObject({ status: 201, json: { name } });
    expect((await get(labelPath(name))).json.name).toBe(name);
    const pushed = await service.ask('POST', labelPath(name, '/observations'), {
      files: filesNamed('a'),
    });
    expect(pushed).toMatchObject({ status: 201, json: { label: name } });
    expect((await get(labelPath(name, '/timeline'))).json.tenures).toHaveLength(1);
  });

  it.each([
    '',
    ' ',
    '.hidden',
    '__proto__',
    '-a',
    'a b',
    'ä',
    'a'.repeat(201),
    'a\u0000',
    'a%',
    'a\r\nb',
  ])('%o is none', async (name) => {
    if (name === '') return expectProblem(await get('/api/v1/labels/'), 404, 'not-found');
    expectFields(await service.ask('PUT', labelPath(name), { source: { kind: 'push' } }), 'name');
    expectFields(await get(labelPath(name)), 'name');
  });

  it.each(['a%', 'a%ZZ', '%C3%28', '%ED%A0%80'])('%s is no percent-encoding', async (text) => {
    const [label, id] = [
      await raw(`/api/v1/labels/${text}/at?time=x`),
      await raw(`/api/v1/traces/${text}`),
    ];
    expectProblem(label, 400, 'bad-request');
    expect(label.json.errors).toMatchObject([{ path: 'name' }]);
    expect(id.json.errors).toMatchObject([{ path: 'id' }]);
  });

  it('that is unknown is answered with the one that was probably meant', async () => {
    const rest = ['', '/observations', '/timeline', `/at?time=${START}`];
    for (const path of rest) {
      const asked = await get(labelPath('push/lable', path));
      expectProblem(asked, 404, 'unknown-label');
      expect(asked.json.detail).toContain("did you mean 'push/label'?");
    }
    const far = await get(labelPath('nothing-like-any-of-them'));
    expect(far.json.detail).not.toContain('did you mean');
    expectProblem(await service.ask('DELETE', labelPath('push/lable')), 404, 'unknown-label');
    const diff = { label: 'push/lable', before: { from: START, to: '2026-11-18T00:00:00Z' } };
    const asked = await service.ask('POST', '/api/v1/diffs', { ...diff, after: diff.before });
    expectProblem(asked, 404, 'unknown-label');
  });
});

describe('a label', () => {
  it('with readings keeps its source', async () => {
    const name = 'settled';
    await service.ask('PUT', labelPath(name), { source: { kind: 'push' } });
    await service.ask('POST', labelPath(name, '/observations'), { absent: true });
    const source = { kind: 'manifest', url: 'https://models.example/manifest.json' };
    const asked = await service.ask('PUT', labelPath(name), { source, every: '1h' });
    expectProblem(asked, 409, 'source-changed');
    expect(asked.json.errors).toMatchObject([{ path: 'source' }]);
    expect((await get(labelPath(name))).json).toMatchObject({
      source: { kind: 'push' },
      every: '30s',
    });
  });

  it.each([
    [{ kind: 'push' }, { every: '0s' }, 'every'],
    [{ kind: 'push' }, { every: '999ms' }, 'every'],
    [{ kind: 'push' }, { every: '8d' }, 'every'],
    [{ kind: 'push' }, { every: `${'9'.repeat(400)}s` }, 'every'],
    [{ kind: 'push' }, { every: 30 }, 'every'],
    [{ kind: 'push' }, { every: '1w' }, 'every'],
    [{ kind: 'push' }, { clockSkew: '61m' }, 'clockSkew'],
    [{ kind: 'push' }, { servingLag: '-1s' }, 'servingLag'],
    [{ kind: 'carrier-pigeon' }, {}, 'source.kind'],
    [{ kind: 'manifest' }, {}, 'source.url'],
    [{ kind: 'manifest', url: 'ftp://a.example/' }, {}, 'source.url'],
    [{ kind: 'manifest', url: 'https://me:secret@a.example/' }, {}, 'source.url'],
    [{ kind: 'manifest', url: 'javascript:alert(1)' }, {}, 'source.url'],
    [{ kind: 'model-hub', model: '' }, {}, 'source.model'],
    [{ kind: 'model-hub', model: 'm', author: 'a\ud800' }, {}, 'source.author'],
    [{ kind: 'model-hub', model: '\ud800' }, {}, 'source.model'],
  ])('with source %j and %j is refused by %s', async (source, settings, path) => {
    expectFields(
      await service.ask('PUT', labelPath('bad/settings'), { source, ...settings }),
      path,
    );
  });
});

describe('a method', () => {
  it.each([
    ['PATCH', labelPath('any'), 'PUT, GET, HEAD, DELETE'],
    ['OPTIONS', labelPath('any'), 'PUT, GET, HEAD, DELETE'],
    ['DELETE', '/api/v1/labels', 'GET, HEAD'],
    ['PUT', '/api/v1/traces', 'POST, GET, HEAD'],
    ['PUT', '/api/v1/diffs', 'POST, GET, HEAD'],
    ['POST', labelPath('any', '/at'), 'GET, HEAD'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['DELETE', '/metrics', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
    ['PUT', '/docs', 'GET, HEAD'],
  ])('%s at %s is told what can be done there', async (method, path, allow) => {
    const asked = await service.ask(method, path);
    expectProblem(asked, 405, 'method-not-allowed');
    expect(asked.headers.get('allow')).toBe(allow);
  });

  it('HEAD is GET without its body', async () => {
    const asked = await service.ask('HEAD', labelPath(PUSHED));
    expect(asked).toMatchObject({ status: 200, text: '' });
    expect((await service.ask('HEAD', labelPath('push/lable'))).status).toBe(404);
  });

  it.each([
    '/api/v1',
    '/api/v2/labels',
    '/v1/traces/',
    '/nowhere',
    '/docs/x',
    '/api/v1/labels/a/b/c/d',
  ])('at %s finds nothing', async (path) => expectProblem(await get(path), 404, 'not-found'));
});

describe('a request that can not be read', () => {
  it('is a problem like any other', async () => {
    const backslash = await raw('/api/v1/labels/a\\b');
    expectProblem(backslash, 400, 'bad-request');
    const host = await raw('/api/v1/labels', { headers: { host: 'a b' } });
    expectProblem(host, 400, 'bad-request');
  });
});

it('no filter keeps everybody waiting, whatever its wildcards', async () => {
  await service.ask('PUT', labelPath('a'.repeat(200)), { source: { kind: 'push' } });
  const begun = performance.now();
  for (const list of ['changes', 'traces']) {
    const asked = await get(`/api/v1/${list}?label=${'*a'.repeat(12)}b`);
    expect(asked.json).toEqual({ items: [], nextCursor: null });
  }
  expect(performance.now() - begun).toBeLessThan(500);
});
