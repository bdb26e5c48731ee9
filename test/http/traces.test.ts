/** Traces, end to end: stored once, kept to the letter, told with what produced them. */
import { describe, expect, it } from 'vitest';
import { artifactIdOf } from '../../src/lineage/manifest.ts';
import { type Reply, serve } from '../fetch/loopback-server.ts';
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
const send = (...traces: object[]) => service.ask('POST', '/api/v1/traces', { traces });
const trace = (label: string, id: string, from: number, over: object = {}) => ({
  id,
  label,
  startedAt: at(from),
  endedAt: at(from),
  ...over,
});

/** A pushed label that held each artifact at its second. */
async function history(label: string, ...readings: [artifact: string | null, second: number][]) {
  const body = { source: { kind: 'push' }, clockSkew: '0s' };
  await service.ask('PUT', labelPath(label), body);
  for (const reading of readings) await seen(label, ...reading);
}

function seen(label: string, artifact: string | null, second: number) {
  const times = { requestedAt: at(second), receivedAt: at(second) };
  const said = artifact === null ? { absent: true } : { files: filesNamed(artifact) };
  const path = labelPath(label, '/observations?backfill=true');
  return service.ask('POST', path, { ...times, ...said });
}

const attributionOf = async (id: string, query = '') =>
  (await get(`/api/v1/traces/${encodeURIComponent(id)}${query}`)).json.attribution;

describe('traces that are sent', () => {
  it('are answered one by one: accepted, duplicate, rejected', async () => {
    const [first, second] = [trace('sent', 'sent-1', 0), trace('sent', 'sent-2', 0)];
    expect((await send(first, second)).json).toEqual({
      accepted: 2,
      duplicates: 0,
      ids: ['sent-1', 'sent-2'],
      rejected: [],
    });
    const other = { ...second, decision: 'HOLD' };
    const { json } = await send(trace('sent', 'sent-3', 0), first, other, {});
    expect(json).toMatchObject({
      accepted: 1,
      duplicates: 1,
      ids: ['sent-3', 'sent-1'],
      rejected: [
        { index: 2, path: 'id' },
        { index: 3, path: 'label' },
      ],
    });
  });

  it('without an id get one each, and are told it', async () => {
    const { id: _, ...anonymous } = trace('sent', '', 0);
    const { json } = await send(anonymous, anonymous);
    expect(json).toMatchObject({ accepted: 2, duplicates: 0 });
    expect(new Set(json.ids).size).toBe(2);
    for (const id of json.ids) expect((await get(`/api/v1/traces/${id}`)).status).toBe(200);
  });

  it('are the same after parsing, however they were written', async () => {
    const written = (input: string, start: string) =>
      `{"traces": [{"id": "rewritten", "label": "sent", "endedAt": "${at(0)}", "startedAt": "${start}", "input": ${input}}]}`;
    const post = (text: string) => service.ask('POST', '/api/v1/traces', text);
    await post(written('{"a": 1.0, "b": [1e2]}', at(0)));
    const again = await post(written('{"b":[100],"a":1}', '2026-11-17T11:00:00+01:00'));
    expect(again.json).toMatchObject({ duplicates: 1, rejected: [] });
    const other = await post(written('{"b":[100],"a":2}', at(0)));
    expect(other.json).toMatchObject({ duplicates: 0, rejected: [{ path: 'id' }] });
  });

  it('twice in one batch are stored once', async () => {
    const one = trace('sent', 'in-one-batch', 0);
    expect((await send(one, one, { ...one, turn: 1 })).json).toMatchObject({
      accepted: 1,
      duplicates: 1,
      rejected: [{ index: 2, path: 'id' }],
    });
  });

  it('ten thousand at a time are answered in order', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) =>
      i % 100 === 7 ? { label: 'many' } : trace('many', `many-${i}`, i, { input: { i } }),
    );
    const { json } = await send(...many);
    expect(json).toMatchObject({ accepted: 9900, duplicates: 0 });
    expect(json.rejected).toHaveLength(100);
    expect(json.rejected[1]).toMatchObject({ index: 107, path: 'startedAt' });
    expect(json.ids.at(-1)).toBe('many-9999');
  });
});

describe('a trace', () => {
  it('keeps its input, output and attributes as they were received', async () => {
    const input =
      '{"z": 1.0, "a": [1e400, 12345678901234567890, -0],\n "a": "\\ud800", "é": "\\u00e9"}';
    const attributes = '{ "__proto__": {"polluted": true}, "constructor": 1, "n": 1.50 }';
    const text = `{"traces": [{"id": "letter", "label": "kept", "startedAt": "${at(0)}",
      "endedAt": "${at(1)}", "input": ${input}, "output": null, "attributes": ${attributes}}]}`;
    await service.ask('POST', '/api/v1/traces', text);
    const asked = await get('/api/v1/traces/letter');
    expect(asked.text).toContain(`"input":${input}`);
    expect(asked.text).toContain(`"output":null`);
    expect(asked.text).toContain(`"attributes":${attributes}`);
    expect(asked.json).toMatchObject({ inputExact: true, outputSha256: expect.any(String) });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect((await get('/api/v1/traces?label=kept')).text).toContain(`"input":${input}`);
  });

  it('without input or output has none: null would be a value', async () => {
    await send(trace('kept', 'bare', 0), trace('kept', 'nulls', 0, { input: null, output: null }));
    const bare = (await get('/api/v1/traces/bare')).json;
    expect(bare).toMatchObject({ inputSha256: null, outputSha256: null, attributes: null });
    expect(bare).not.toHaveProperty('input');
    expect(bare).not.toHaveProperty('output');
    const nulls = (await get('/api/v1/traces/nulls')).json;
    expect(nulls).toMatchObject({ input: null, output: null });
    expect(nulls.inputSha256).toBe(nulls.outputSha256);
  });

  it('has the same input as another, however the two were written', async () => {
    await send(
      trace('kept', 'same-1', 0, { input: { a: 1, b: 'é' } }),
      trace('kept', 'same-2', 0, { input: { b: 'é', a: 1 } }),
    );
    const hashOf = async (id: string) => (await get(`/api/v1/traces/${id}`)).json.inputSha256;
    expect(await hashOf('same-1')).toBe(await hashOf('same-2'));
  });

  it.each([
    'a/b?c#d%e',
    '🦊 fox',
    "'; DROP TABLE traces; --",
    '<script>alert(1)</script>',
    '__proto__',
    'constructor',
    'a'.repeat(200),
    '%2F',
    'a\\b',
    '...',
  ])('is found by the id %s', async (id) => {
    expect((await send(trace('named', id, 0))).json.ids).toEqual([id]);
    const asked = await get(`/api/v1/traces/${encodeURIComponent(id)}`);
    expect(asked).toMatchObject({ status: 200, json: { id } });
  });

  it('may say what it likes in its words', async () => {
    const words = { decision: '__proto__', context: 'a\u0000b\u202e\uffff', turn: 0 };
    await send(trace('named', 'words', 0, words));
    expect((await get('/api/v1/traces/words')).json).toMatchObject(words);
    const found = (await get('/api/v1/traces?decision=__proto__')).json.items;
    expect(found).toMatchObject([{ id: 'words' }]);
  });

  it('that nobody sent is not there', async () => {
    const asked = await get('/api/v1/traces/never-sent');
    expect(asked).toMatchObject({
      status: 404,
      json: { type: 'urn:underlabel:problem:not-found' },
    });
  });
});

describe('its attribution', () => {
  it('grows certain with the next reading, and was what it was as of any time before', async () => {
    await history('growing', ['a', 0]);
    await send(trace('growing', 'grows', 5));
    const provisional = await attributionOf('grows');
    expect(provisional).toMatchObject({
      certainty: 'provisional',
      artifactId: idOf('a'),
      candidates: [idOf('a')],
      window: null,
      grounds: { before: { requestedAt: at(0), receivedAt: at(0) }, after: null, maxGapMs: null },
    });
    const then = new Date().toISOString();
    expect(await attributionOf('grows', `?asOf=${then}`)).toEqual(provisional);
    await seen('growing', 'b', 10);
    expect(await attributionOf('grows')).toMatchObject({
      certainty: 'ambiguous',
      artifactId: null,
      candidates: [idOf('a'), idOf('b')],
      window: { after: at(0), before: at(10) },
    });
    await seen('growing', 'a', 7);
    expect(await attributionOf('grows')).toMatchObject({
      certainty: 'bracketed',
      artifactId: idOf('a'),
      grounds: { maxGapMs: 7000 },
    });
    expect(await attributionOf('grows', `?asOf=${then}`)).toEqual(provisional);
    const long = await attributionOf('grows', '?asOf=0000-01-01T00:00:00Z');
    expect(long).toMatchObject({ certainty: 'unobserved', candidates: [] });
    const ahead = await attributionOf('grows', '?asOf=9999-12-31T23:59:59Z');
    expect(ahead).toEqual(await attributionOf('grows'));
  });

  it('counts absence as a candidate', async () => {
    await history('gone', ['a', 0], [null, 10], [null, 20]);
    await send(trace('gone', 'gone-1', 5), trace('gone', 'gone-2', 15));
    expect(await attributionOf('gone-1')).toMatchObject({
      certainty: 'ambiguous',
      candidates: [idOf('a'), null],
    });
    expect(await attributionOf('gone-2')).toMatchObject({
      certainty: 'bracketed',
      artifactId: null,
      candidates: [null],
    });
  });

  it('follows the blob that the trace itself declares', async () => {
    await history('declared', ['a', 0], ['b', 10], ['b', 20]);
    await send(
      trace('declared', 'one-of-two', 5, { blobId: blobNamed('b') }),
      trace('declared', 'too-old', 15, { blobId: blobNamed('a') }),
      trace('declared', 'unheard-of', 15, { blobId: blobNamed('z') }),
    );
    expect(await attributionOf('one-of-two')).toMatchObject({
      certainty: 'declared',
      observed: 'ambiguous',
      artifactId: idOf('b'),
      conflict: false,
      declaredBlobId: blobNamed('b'),
    });
    expect(await attributionOf('too-old')).toMatchObject({
      certainty: 'declared',
      observed: 'bracketed',
      artifactId: idOf('a'),
      candidates: [idOf('b')],
      conflict: true,
    });
    expect(await attributionOf('unheard-of')).toMatchObject({ artifactId: null, conflict: true });
  });
});

describe('a trace that names a blob nobody has seen under its label', () => {
  it('has the label read at once, and is no conflict once the reading has seen it', async () => {
    const manifest = await serve(() => ({ body: { files: filesNamed('old') } }));
    const label = 'moving';
    const source = { kind: 'manifest', url: manifest.origin };
    await service.ask('PUT', labelPath(label), { source, every: '7d', clockSkew: '0s' });
    const first = (await service.ask('POST', labelPath(label, '/observations'))).json;
    // The next reading is asked only once the answer to the trace is here.
    let asked = () => {};
    const reached = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let answer: (reply: Reply) => void = () => {};
    manifest.handler = (_, response) => {
      answer = ({ body }) => response.end(JSON.stringify(body));
      asked();
      return undefined;
    };
    const before = manifest.requests.length;
    const now = new Date(Date.parse(first.receivedAt) + 1).toISOString();
    const named = { label, startedAt: now, endedAt: now, blobId: blobNamed('new') };
    await send({ ...named, id: 'ahead-of-us' }, { ...named, id: 'also-ahead' });
    expect(await attributionOf('ahead-of-us')).toMatchObject({
      certainty: 'declared',
      observed: 'provisional',
      artifactId: null,
      candidates: [idOf('old')],
      conflict: true,
    });
    await reached;
    await send({ ...named, id: 'once-more' });
    expect(manifest.requests).toHaveLength(before + 1);

    manifest.handler = () => ({ body: { files: filesNamed('new') } });
    answer({ body: { files: filesNamed('new') } });
    await service.ask('POST', labelPath(label, '/observations'));
    expect(await attributionOf('ahead-of-us')).toMatchObject({
      certainty: 'declared',
      observed: 'ambiguous',
      artifactId: idOf('new'),
      candidates: [idOf('old'), idOf('new')],
      conflict: false,
    });
    for (const conflict of ['true', 'false']) {
      const { json } = await get(`/api/v1/traces?label=${label}&conflict=${conflict}`);
      expect(json.items).toHaveLength(conflict === 'true' ? 0 : 3);
    }
  });

  it('does not have it read where it ended before the newest reading was asked', async () => {
    const manifest = await serve(() => ({ body: { files: filesNamed('old') } }));
    const label = 'settled';
    const source = { kind: 'manifest', url: manifest.origin };
    await service.ask('PUT', labelPath(label), { source, every: '7d', clockSkew: '0s' });
    await seen(label, 'old', 0);
    await service.ask('POST', labelPath(label, '/observations'));
    const before = manifest.requests.length;
    await send(trace(label, 'of-the-past', 5, { blobId: blobNamed('new') }));
    expect(await attributionOf('of-the-past')).toMatchObject({ conflict: true });
    await service.ask('POST', labelPath(label, '/observations'));
    expect(manifest.requests).toHaveLength(before + 1);
  });
});

describe('the list of traces', () => {
  const LABEL = 'listed/one';

  async function listed() {
    const own = await serviceUnderTest();
    await own.ask('PUT', labelPath(LABEL), { source: { kind: 'push' }, clockSkew: '0s' });
    for (const [artifact, second] of [
      ['a', 0],
      ['b', 100],
      ['b', 200],
      [null, 300],
    ] as const) {
      const said = artifact === null ? { absent: true } : { files: filesNamed(artifact) };
      const times = { requestedAt: at(second), receivedAt: at(second) };
      await own.ask('POST', labelPath(LABEL, '/observations?backfill=true'), { ...times, ...said });
    }
    const traces = [
      trace(LABEL, 'early', -10, { decision: 'HOLD' }),
      trace(LABEL, 'changing', 50, { decision: 'HOLD' }),
      trace(LABEL, 'changing-declared', 50, { blobId: blobNamed('b') }),
      trace(LABEL, 'settled', 150, { decision: 'CLEAR' }),
      trace(LABEL, 'conflicting', 150, { blobId: blobNamed('z') }),
      trace(LABEL, 'vanishing', 250),
      trace(LABEL, 'gone', 400),
      trace('other', 'elsewhere', 150),
    ];
    await own.ask('POST', '/api/v1/traces', { traces });
    const page = async (query: string) => (await own.ask('GET', `/api/v1/traces?${query}`)).json;
    return {
      page,
      ids: async (query: string) =>
        (await page(query)).items.map(({ id }: { id: string }) => id).sort(),
    };
  }

  it('is filtered by what is known of them, and each filter agrees with the attributions', async () => {
    const { ids, page } = await listed();
    const expected: Record<string, string[]> = {
      [`artifact=${idOf('b')}`]: ['changing-declared', 'settled'],
      [`artifact=${idOf('a')}`]: [],
      [`candidate=${idOf('a')}`]: ['changing', 'changing-declared'],
      'candidate=absent': ['gone', 'vanishing'],
      'certainty=declared': ['changing-declared', 'conflicting'],
      'certainty=ambiguous': ['changing', 'vanishing'],
      'certainty=proven': [],
      'certainty=provisional': ['gone'],
      'certainty=unobserved': ['early', 'elsewhere'],
      'observed=ambiguous': ['changing', 'changing-declared', 'vanishing'],
      'observed=bracketed': ['conflicting', 'settled'],
      'conflict=true': ['conflicting'],
      'decision=HOLD': ['changing', 'early'],
      'decision=hold': [],
      'label=other': ['elsewhere'],
      'label=listed/*&certainty=bracketed': ['settled'],
      'label=*one&decision=CLEAR': ['settled'],
      'label=l?sted*&conflict=true': ['conflicting'],
      'label=.*': [],
      [`from=${at(50)}&to=${at(150)}`]: ['changing', 'changing-declared'],
      [`from=${at(400)}`]: ['gone'],
      [`from=${at(400)}&to=${at(400)}`]: [],
      'certainty=bracketed&observed=ambiguous': [],
    };
    for (const [query, found] of Object.entries(expected)) {
      expect(await ids(query), query).toEqual(found);
    }
    const all = (await page('')).items as { attribution: Record<string, unknown> }[];
    for (const field of ['certainty', 'observed', 'conflict']) {
      for (const value of new Set(all.map((one) => String(one.attribution[field])))) {
        const { items } = await page(`${field}=${value}`);
        const wanted = all.filter((one) => String(one.attribution[field]) === value);
        expect(items, `${field}=${value}`).toEqual(wanted);
      }
    }
  });

  it.each(['', '&label=listed/*', '&observed=bracketed', '&decision=CLEAR'])(
    'in pages holds each trace once, newest first (%s)',
    async (query) => {
      const { page } = await listed();
      const whole = (await page(`limit=1000${query}`)).items;
      const found: { startedAt: string; id: string }[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const { items, nextCursor } = await page(`limit=2${query}${cursor && `&cursor=${cursor}`}`);
        found.push(...items);
        cursor = nextCursor;
      }
      expect(found).toEqual(whole);
      const keys = found.map(({ startedAt, id }) => `${startedAt} ${id}`);
      expect(keys).toEqual([...keys].sort().reverse());
    },
  );
});
