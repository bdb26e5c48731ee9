/** Bodies parsed in a thread of their own: the same answers, and what becomes of them when it dies. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { ZodError } from 'zod';
import { fieldErrors } from '../../src/contract/path.ts';
import { BodyError } from '../../src/ingest/json-body.ts';
import { type ParsedBatch, parseBatch } from '../../src/ingest/native.ts';
import { OtlpError } from '../../src/ingest/otlp/otlp-error.ts';
import type { OtlpRequest } from '../../src/ingest/otlp/read-otlp.ts';
import { createTraceParser, type TraceParser } from '../../src/ingest/parser.ts';
import { parseSpans } from '../../src/ingest/spans/parsed-spans.ts';
import { asJson, asProtobuf } from './otlp/requests.ts';
import { DIALECTS } from './spans/dialects.ts';
import { attributesOf, spanWith } from './spans/span.ts';

const TIMES = '"startedAt":"2026-11-17T10:00:00Z","endedAt":"2026-11-17T10:00:01.0001Z"';
const MEBIBYTE = 1024 * 1024;
const MAX_BYTES = 16 * MEBIBYTE;
/** Spaces enough to send a body to the thread. */
const LARGE = ' '.repeat(64 * 1024);
const EMPTY: ParsedBatch = { traces: [], rejected: [] };

/** Of a parser that is asked with plain bodies. */
const parse = (parser: TraceParser, body: Uint8Array) =>
  parser.native({ body, gzip: false, maxBytes: MAX_BYTES });

const bytesOf = (text: string) => new TextEncoder().encode(text);
const batchOf = (...traces: string[]) => `{"traces":[${traces.join(',')}]${LARGE}}`;
const trace = (id: string, more = '') => `{"id":"${id}","label":"og/vol",${TIMES}${more}}`;

/** What becomes a problem answer. */
async function refusalOf(parse: () => Promise<ParsedBatch>) {
  const error = await parse().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  if (error instanceof ZodError) return { fields: fieldErrors(error) };
  if (error instanceof BodyError) return { code: error.code, message: error.message };
  throw new Error('it was not refused', { cause: error });
}

function parserUnderTest() {
  const parser = createTraceParser();
  onTestFinished(() => parser.close());
  return parser;
}

/** For tests that don't look at the thread itself: it takes its time to start. */
const shared = createTraceParser();
afterAll(() => shared.close());

/** The thread that the next large body starts. */
async function nextThread(): Promise<Worker> {
  const [worker] = await once(process, 'worker');
  return worker;
}

describe('a large body', () => {
  test('gives the batch that it gives when it is parsed in place', async () => {
    const text = batchOf(
      trace('full', ',"input":{"b":1,"a":"é"},"output":[1.0],"attributes":{ "n":1e2 }'),
      trace('bare'),
      trace('exact', ',"input":12345678901234567890,"output":"\\ud800"'),
      '{}',
      trace('other', `,"decision":"HOLD","context":"🦊","turn":3,"output":null`),
      trace('blob', `,"blobId":"${Buffer.alloc(32, 'a').toString('base64url')}"`),
      '7',
    );
    const batch = await parse(shared, bytesOf(text));
    expect(batch).toEqual(parseBatch(bytesOf(text)));
    expect(batch.traces.map(({ index }) => index)).toEqual([0, 1, 2, 4, 5]);
  });

  test.each([
    ['that is no JSON', `{"traces":[}${LARGE}`],
    ['with a bracket too many', `${batchOf()}]`],
    ['nested too deep', `${'['.repeat(201)}${LARGE}${']'.repeat(201)}`],
    ['that is no object', `[${LARGE}]`],
    ['without traces', `{${LARGE}}`],
    ['with an unknown field', `{"traces":[],"trace":[]${LARGE}}`],
  ])('%s is refused with the words it is refused with in place', async (_, text) => {
    const refused = await refusalOf(() => parse(shared, bytesOf(text)));
    expect(refused).toEqual(await refusalOf(async () => parseBatch(bytesOf(text))));
  });

  test('that is not UTF-8 is refused', async () => {
    const latin1 = Buffer.from(`{"traces":[],"é":1${LARGE}}`, 'latin1');
    const refused = parse(shared, latin1);
    await expect(refused).rejects.toMatchObject({ code: 'not-json' });
  });

  test('does not take along what else lies in its buffer', async () => {
    const text = batchOf(trace('view'));
    const whole = bytesOf(`before${text}after`);
    const { traces } = await parse(shared, whole.subarray(6, -5));
    expect(traces.map((each) => each.trace.id)).toEqual(['view']);
    expect(new TextDecoder().decode(whole)).toBe(`before${text}after`);
  });

  test('keeps nobody else waiting', async () => {
    const parsed = parse(parserUnderTest(), bytesOf(batchOf(trace('one'))));
    expect(await Promise.race([parsed, setImmediate('meanwhile')])).toBe('meanwhile');
    expect((await parsed).traces).toHaveLength(1);
  });

  test('gets its own answer among many', async () => {
    const parser = shared;
    const ids = Array.from({ length: 50 }, (_, i) => `t${i}`);
    const asked = ids.map((id, i) =>
      parse(parser, bytesOf(i % 5 === 0 ? `{${id}${LARGE}` : batchOf(trace(id)))),
    );
    const answers = await Promise.allSettled(asked);
    expect(
      answers.map((answer) =>
        answer.status === 'rejected' ? answer.reason.code : answer.value.traces[0]!.trace.id,
      ),
    ).toEqual(ids.map((id, i) => (i % 5 === 0 ? 'not-json' : id)));
  });

  test('is parsed in the thread however much waits for it already', async () => {
    const parser = shared;
    const answered: number[] = [];
    const send = (i: number) =>
      parse(parser, bytesOf(`{"traces":[]${' '.repeat(12 * MEBIBYTE)}}`)).then((batch) => {
        answered.push(i);
        return batch;
      });
    expect(await Promise.all([0, 1, 2, 3].map(send))).toEqual([EMPTY, EMPTY, EMPTY, EMPTY]);
    expect(answered).toEqual([0, 1, 2, 3]);
  });
});

describe('a large body of spans', () => {
  const PAD = { 'gen_ai.operation.name': 'chat', pad: 'x'.repeat(64 * 1024) };
  const spans = [
    ...Object.values(DIALECTS),
    spanWith({ ...PAD, 'underlabel.turn': -1, 'underlabel.label': 'og/vol' }),
    spanWith({ 'tool.name': 'x' }, { parentSpanId: 'b7ad6b7169203331', name: 'a tool' }),
    spanWith({ ...PAD, 'gen_ai.prompt.0.content': 'x\ufffd' }, { resource: attributesOf({}) }),
    spanWith(PAD, { spanId: '' }),
  ];
  const requests: [string, OtlpRequest][] = (
    [
      ['protobuf', 'application/x-protobuf', asProtobuf(spans)],
      ['JSON', 'application/json; charset=utf-8', asJson(spans)],
    ] as const
  ).flatMap(([name, contentType, body]) => [
    [name, { contentType, contentEncoding: undefined, body, maxBytes: MAX_BYTES }],
    [
      `${name}, gzip`,
      { contentType, contentEncoding: 'gzip', body: gzipSync(body), maxBytes: MAX_BYTES },
    ],
  ]);
  const copyOf = (request: OtlpRequest) => ({ ...request, body: new Uint8Array(request.body) });

  test.each(requests)('gives what it gives when it is parsed in place: %s', async (_, request) => {
    const { traces, context, rejected, notes } = await shared.otlp(copyOf(request));
    expect({ traces, context, rejected, notes }).toEqual(parseSpans(request));
    const counts = [traces.length, context.length, rejected.count, notes.length];
    expect(counts).toEqual([Object.keys(DIALECTS).length + 2, 1, 1, 1]);
    // One object for each origin there is, however many spans came from it.
    expect(new Set(traces.map(({ origin }) => origin)).size).toBe(
      new Set(traces.map(({ origin }) => JSON.stringify(origin))).size,
    );
  });

  test('is refused with the words it is refused with in place', async () => {
    const [, good] = requests[0]!;
    const bad: OtlpRequest[] = [
      { ...good, body: Buffer.concat([good.body, bytesOf('}')]) },
      { ...good, contentType: 'application/json' },
      { ...good, contentEncoding: 'gzip' },
      { ...good, maxBytes: 100 },
      { ...good, contentEncoding: 'gzip', body: gzipSync(Buffer.alloc(2 * MAX_BYTES)) },
    ];
    const codes = [];
    for (const request of bad) {
      const inPlace = await (async () => parseSpans(request))().catch((error: OtlpError) => error);
      const inThread = await shared.otlp(copyOf(request)).catch((error) => error);
      expect(inThread).toBeInstanceOf(OtlpError);
      expect([inThread.code, inThread.message]).toEqual([
        (inPlace as OtlpError).code,
        (inPlace as OtlpError).message,
      ]);
      codes.push(inThread.code);
    }
    expect(codes).toEqual(['not-protobuf', 'not-json', 'not-gzip', 'too-large', 'too-large']);
  });
});

test('gzip is unpacked in the thread, however small, and no further than it may be', async () => {
  const parser = parserUnderTest();
  const thread = nextThread();
  const read = (body: Uint8Array, maxBytes = MAX_BYTES) =>
    parser.native({ body, gzip: true, maxBytes });
  const { traces } = await read(gzipSync(batchOf(trace('zipped'))));
  expect(traces.map((each) => each.trace.id)).toEqual(['zipped']);
  expect(await thread).toBeDefined();
  const bomb = gzipSync(Buffer.alloc(MEBIBYTE));
  await expect(read(bomb, MEBIBYTE - 1)).rejects.toMatchObject({ code: 'too-large' });
  await expect(read(bytesOf('none'))).rejects.toMatchObject({ code: 'not-gzip' });
  await expect(read(gzipSync(batchOf()).subarray(0, -9))).rejects.toMatchObject({
    code: 'not-gzip',
  });
});

describe('the thread', () => {
  test('is started by the first large body, not before', async () => {
    let started = 0;
    const count = () => started++;
    process.on('worker', count);
    onTestFinished(() => void process.off('worker', count));
    const parser = parserUnderTest();
    expect(await parse(parser, bytesOf('{"traces":[]}'))).toEqual(EMPTY);
    await setImmediate();
    expect(started).toBe(0);
    for (let i = 0; i < 3; i++) expect(await parse(parser, bytesOf(batchOf()))).toEqual(EMPTY);
    expect(started).toBe(1);
  });

  test('that dies fails the bodies it had, and the next one gets a new thread', async () => {
    const parser = parserUnderTest();
    const thread = nextThread();
    const asked = ['a', 'b'].map((id) => parse(parser, bytesOf(batchOf(trace(id)))));
    const answers = Promise.allSettled(asked);
    await (await thread).terminate();
    for (const answer of await answers) {
      expect(answer).toMatchObject({ status: 'rejected' });
      expect((answer as PromiseRejectedResult).reason.message).toMatch(/none of them were stored/);
    }
    const { traces } = await parse(parser, bytesOf(batchOf(trace('next'))));
    expect(traces.map((each) => each.trace.id)).toEqual(['next']);
  });

  test('ends with its parser, and what waits is told so', async () => {
    const parser = createTraceParser();
    const thread = nextThread();
    const refused = expect(parse(parser, bytesOf(batchOf()))).rejects.toThrow(/send them again/);
    const ended = once(await thread, 'exit');
    await parser.close();
    await Promise.all([refused, ended]);
    await parser.close();
    expect(await parse(parser, bytesOf(batchOf()))).toEqual(EMPTY);
  });

  test('keeps no process alive once it is there, and works compiled', () => {
    const program = `
      import { createTraceParser } from './dist/ingest/parser.js';
      const body = new TextEncoder().encode('{"traces":[]' + ' '.repeat(65536) + '}');
      const parser = createTraceParser();
      console.log(await parser.native({ body, gzip: false, maxBytes: 1e6 }), body.byteLength);
    `;
    const { stdout, status } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { cwd: join(import.meta.dirname, '../..'), encoding: 'utf8', timeout: 25_000 },
    );
    // Moved, not copied: nothing is left of it here.
    expect({ status, stdout }).toEqual({ status: 0, stdout: '{ traces: [], rejected: [] } 0\n' });
  });
});
