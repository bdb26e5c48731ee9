import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sui } from '../../src/sandbox/sui.ts';
import type { Json } from '../../src/sandbox/sui-ledger.ts';
import {
  type ChainUnderTest,
  chainOn,
  requestsDuring,
  startTestSui,
  unhurried,
} from './chain-under-test.ts';

let sui: Sui;
let chain: ChainUnderTest;

beforeAll(async () => {
  sui = await startTestSui();
});
afterAll(() => sui.close());
beforeEach(() => {
  Object.assign(sui.answers, { refusal: null, instead: null, silent: false, asOf: Date.now });
  chain = chainOn(sui);
});

const TYPE = '0x5::label::Label';
const some = (json: Json = {}, bytes = 40) =>
  sui.put({ type: TYPE, content: new Uint8Array(bytes), json });

describe('reading objects', () => {
  it('gives version, digest, type, content and JSON, and another version after a change', async () => {
    const put = some({ files: [{ path: 'a', size: '18446744073709551615' }], n: 1.5 });
    const [before] = await chain.readObjects([put.objectId], unhurried());
    expect(before).toMatchObject({
      state: 'found',
      ...put,
      type: `0x${'5'.padStart(64, '0')}::label::Label`,
      json: { files: [{ path: 'a', size: '18446744073709551615' }], n: 1.5 },
    });
    expect(before?.state === 'found' && before.content).toEqual(new Uint8Array(40));
    const changed = sui.update(put.objectId, { json: null });
    const [after] = await chain.readObjects([put.objectId], unhurried());
    expect(after).toMatchObject({ state: 'found', ...changed });
    sui.remove(put.objectId);
    expect(await chain.readObjects([put.objectId], unhurried())).toMatchObject([
      { state: 'missing', objectId: put.objectId },
    ]);
  });

  it('gives one result for each id, in their order, also of one that is asked twice or is none', async () => {
    const [a, b] = [some(), some()];
    const nobody = `0x${'0'.repeat(63)}9`;
    const ids = [
      b.objectId,
      'label',
      nobody,
      a.objectId,
      '0x9',
      b.objectId.toUpperCase().replace('X', 'x'),
    ];
    const read = await chain.readObjects(ids, unhurried());
    expect(read.map(({ state }) => state)).toEqual([
      ...['found', 'failed', 'missing', 'found', 'missing', 'found'],
    ]);
    expect(read[1]).toMatchObject({ objectId: 'label', error: { code: 'bad-object-id' } });
    expect(read[4]).toMatchObject({ objectId: nobody });
    expect(read[5]).toEqual(read[0]);
  });

  it('shares requests between readers that come together, and asks once for what several want', async () => {
    const ids = Array.from({ length: 60 }, () => some().objectId);
    const requests = await requestsDuring(sui, async () => {
      const all = await Promise.all(
        Array.from({ length: 120 }, (_, at) => chain.readObjects([ids[at % 60]!], unhurried())),
      );
      expect(all.map(([one]) => one?.objectId)).toEqual([...ids, ...ids]);
    });
    expect(requests).toEqual({ 'LedgerService/BatchGetObjects': 2 });
  });

  it('fills its calls while earlier ones wait: 60 readers at 20 a second don’t take 60 calls', async () => {
    chain = chainOn(sui, { requestsPerSecond: 20, requestsAtOnce: 1, gatherMs: 0 });
    const ids = Array.from({ length: 60 }, () => some().objectId);
    const requests = await requestsDuring(sui, async () => {
      const reading = [];
      for (const id of ids) {
        reading.push(chain.readObjects([id], unhurried()));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all(reading);
    });
    expect(requests['LedgerService/BatchGetObjects']).toBeLessThan(20);
  });

  it('says as of when the full node answered, where that says so', async () => {
    const { objectId } = some();
    sui.answers.asOf = () => 1_800_000_000_123;
    expect(await chain.readObjects([objectId, '0x9'], unhurried())).toMatchObject([
      { state: 'found', asOf: 1_800_000_000_123 },
      { state: 'missing', asOf: 1_800_000_000_123 },
    ]);
    sui.answers.asOf = null;
    expect(await chain.readObjects([objectId], unhurried())).toMatchObject([{ asOf: null }]);
  });

  it('lets one reader leave without taking the answer from another', async () => {
    const { objectId } = some();
    const stop = new AbortController();
    const leaving = chain.readObjects([objectId], stop.signal);
    const staying = chain.readObjects([objectId], unhurried());
    stop.abort(new Error('enough'));
    await expect(leaving).rejects.toThrow('enough');
    expect(await staying).toMatchObject([{ state: 'found' }]);
  });

  it('hangs up once all readers have left', async () => {
    const { objectId } = some();
    sui.answers.silent = true;
    const asked = Promise.withResolvers<void>();
    sui.answers.before = () => asked.resolve();
    const stop = new AbortController();
    const reading = chain.readObjects([objectId], stop.signal);
    await asked.promise;
    sui.answers.before = null;
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    sui.answers.silent = false;
    expect(await chain.readObjects([objectId], unhurried())).toMatchObject([{ state: 'found' }]);
  });

  it('reads the others where one is too long', async () => {
    chain = chainOn(sui, { maxAnswerBytes: 64 * 1024 });
    const ids = Array.from({ length: 20 }, () => some().objectId);
    const long = some({}, 100_000).objectId;
    const read = await chain.readObjects([...ids, long], unhurried());
    expect(read.slice(0, 20).every(({ state }) => state === 'found')).toBe(true);
    expect(read[20]).toMatchObject({ state: 'failed', error: { code: 'too-large' } });
  });

  it('says of each object why, where the call fails', async () => {
    sui.answers.refusal = { status: 'UNAVAILABLE' };
    const read = await chain.readObjects([some().objectId, some().objectId], unhurried());
    expect(read).toMatchObject([
      { state: 'failed', error: { code: 'unreachable' } },
      { state: 'failed', error: { code: 'unreachable' } },
    ]);
  });

  it('answers, and goes on, where the JSON of an object nests without end', async () => {
    const { objectId } = some();
    sui.answers.instead = { status: 200, headers: GRPC_WEB, body: deepAnswer(objectId, 20_000) };
    const [deep] = await chain.readObjects([objectId], unhurried());
    expect(deep).toMatchObject({
      state: 'failed',
      error: { code: 'bad-answer', message: expect.stringContaining('call stack') },
    });
    sui.answers.instead.body = deepAnswer(objectId, 3);
    const [flat] = await chain.readObjects([objectId], unhurried());
    // It is that very object, only without version and content.
    expect(flat).toMatchObject({
      error: { message: expect.stringContaining('less than was asked') },
    });
  });
});

const GRPC_WEB = { 'content-type': 'application/grpc-web+proto' };

/** A BatchGetObjects answer with one object whose JSON is a list in a list in a list … */
function deepAnswer(objectId: string, depth: number): Uint8Array<ArrayBuffer> {
  const inwards = [Buffer.from([8, 0])]; // the innermost value is null
  let length = 2;
  const wrap = (field: number) => {
    const head = Buffer.from([(field << 3) | 2, ...varint(length)]);
    inwards.push(head);
    length += head.length;
  };
  // google.protobuf.Value.list_value is 6, ListValue.values is 1.
  for (let level = 0; level < depth; level++) [1, 6].forEach(wrap);
  const json = Buffer.concat(inwards.reverse());
  const object = Buffer.concat([field(2, Buffer.from(objectId)), field(100, json)]);
  const message = field(1, field(1, object));
  const framed = Buffer.alloc(5 + message.length);
  framed.writeUInt32BE(message.length, 1);
  message.copy(framed, 5);
  const trailer = Buffer.from('grpc-status: 0\r\n');
  const end = Buffer.from([0x80, 0, 0, 0, trailer.length]);
  return new Uint8Array(Buffer.concat([framed, end, trailer]));
}

function field(number: number, content: Buffer): Buffer {
  const tag = varint((number << 3) | 2);
  return Buffer.concat([Buffer.from([...tag, ...varint(content.length)]), content]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}
