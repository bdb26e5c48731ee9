/** Request bodies: what is no JSON, too large, too deep or of another kind is refused, and told why. */
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectProblem } from './problems.ts';
import { type RawRequest, rawRequest } from './raw-request.ts';
import { labelPath, sharedService } from './service-under-test.ts';

const MAX_BYTES = 64 * 1024;
const service = sharedService({ maxBodyBytes: MAX_BYTES });
const LABEL = 'a';
const START = '2026-11-17T10:00:00Z';
const json = { 'content-type': 'application/json' };

beforeAll(async () => {
  await service.ask('PUT', labelPath(LABEL), { source: { kind: 'push' } });
});

describe('a body', () => {
  const post = (request: RawRequest) =>
    rawRequest(service.url, '/api/v1/traces', { method: 'POST', headers: json, ...request });
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  it.each([
    '{',
    '{"traces": [}',
    "{'traces': []}",
    '\u0000',
    '[1,]',
    '{"traces": [NaN]}',
    '"\ud800',
  ])('%o is not JSON', async (body) => expectProblem(await post({ body }), 400, 'not-json'));

  it('that is not UTF-8 is refused', async () => {
    const latin1 = Buffer.from('{"traces": [], "é": 1}', 'latin1');
    expectProblem(await post({ body: latin1 }), 400, 'not-json');
  });

  it.each(['null', '[]', '"text"', '1', '{}', '{"traces": {}}', '{"traces": null}'])(
    '%s is not the envelope',
    async (body) => {
      const asked = await post({ body });
      expectProblem(asked, 400, 'bad-request');
      expect(asked.json.errors).toHaveLength(1);
    },
  );

  it.each([
    ['{"traces": [}', 'not-json'],
    ['{"traces": {}}', 'bad-request'],
    [deep(201), 'too-deep'],
  ])(
    'large enough for a thread of its own is refused as a small one is: %s',
    async (body, code) => {
      const [small, large] = [
        await post({ body }),
        await post({ body: body + ' '.repeat(50_000) }),
      ];
      expectProblem(large, 400, code);
      if (code !== 'not-json') expect(large.json).toEqual(small.json);
    },
  );

  it('is needed where one is taken, and refused where none is', async () => {
    expectProblem(await post({}), 400, 'bad-request');
    expectProblem(await service.ask('DELETE', labelPath(LABEL), {}), 400, 'bad-request');
    expect((await service.ask('GET', labelPath(LABEL))).json.removedAt).toBeNull();
  });

  it('may nest 200 deep and no deeper, brackets in strings not counted', async () => {
    const nested = (levels: number) =>
      `{"traces":[{"label":"deep","startedAt":"${START}","endedAt":"${START}","input":${deep(levels)}}]}`;
    expect((await post({ body: nested(197) })).json).toMatchObject({ accepted: 1 });
    expectProblem(await post({ body: nested(198) }), 400, 'too-deep');
    const text = JSON.stringify({
      label: LABEL,
      startedAt: START,
      endedAt: START,
      input: `\\"${'['.repeat(300)}`,
    });
    expect((await post({ body: `{"traces":[${text}]}` })).json).toMatchObject({ accepted: 1 });
  });

  it('that is nothing but brackets is refused in no time', async () => {
    const begun = performance.now();
    for (let i = 0; i < 10; i++) {
      expectProblem(await post({ body: deep(MAX_BYTES / 2) }), 400, 'too-deep');
      expectProblem(await post({ body: '['.repeat(MAX_BYTES) }), 400, 'too-deep');
    }
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it('may be as large as it may be, and no larger', async () => {
    const padded = (bytes: number) => `{"traces":[]${' '.repeat(bytes - 13)}}`;
    expect((await post({ body: padded(MAX_BYTES) })).status).toBe(200);
    expectProblem(await post({ body: padded(MAX_BYTES + 1) }), 413, 'too-large');
  });

  it('too large by what it says of itself is refused before it is sent', async () => {
    const headers = { ...json, 'content-length': String(10 ** 15), expect: '100-continue' };
    expectProblem(await post({ headers, body: [] }), 413, 'too-large');
  });

  it('too large in chunks is answered with 413 though the sender goes on', async () => {
    const part = Buffer.alloc(64 * 1024, ' ');
    for (let i = 0; i < 5; i++) {
      const asked = await post({ body: Array.from({ length: 40 }, () => part) });
      expectProblem(asked, 413, 'too-large');
    }
  });

  it('too large once unpacked is refused', async () => {
    const headers = { ...json, 'content-encoding': 'gzip' };
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, ' '));
    expect(bomb.length).toBeLessThan(MAX_BYTES);
    expectProblem(await post({ headers, body: bomb }), 413, 'too-large');
    const fits = gzipSync('{"traces": []}');
    expect((await post({ headers, body: fits })).status).toBe(200);
  });

  it('that says it is gzip and is not, or breaks off, is refused', async () => {
    const headers = { ...json, 'content-encoding': 'gzip' };
    expectProblem(await post({ headers, body: '{"traces": []}' }), 400, 'not-json');
    const whole = gzipSync('{"traces": []}');
    expectProblem(await post({ headers, body: whole.subarray(0, 12) }), 400, 'not-json');
  });

  it.each([
    [{}],
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'application/x-www-form-urlencoded' }],
    [{ 'content-type': 'application/jsonp' }],
    [{ ...json, 'content-encoding': 'br' }],
    [{ ...json, 'content-encoding': 'gzip, gzip' }],
  ] as Record<string, string>[][])('with the headers %o is of another kind', async (headers) => {
    const asked = await post({ headers: headers!, body: '{"traces": []}' });
    expectProblem(asked, 415, 'unsupported-media-type');
  });

  it('is JSON with parameters too', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect((await post({ headers, body: '{"traces": []}' })).status).toBe(200);
  });
});
