/** What is read of a label kept on Sui, and what each mishap there is called. */
import { bcs } from '@mysten/sui/bcs';
import { deriveDynamicFieldID } from '@mysten/sui/utils';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/sandbox/sui-ledger.ts';
import { openSource } from '../../src/sources/index.ts';
import { attributesId } from '../../src/walrus/chain/move-layout.ts';
import { fetcher, never } from '../fetch/opened.ts';
import { failureOf } from './opened.ts';
import { asU256, NOON, REGISTRY, type SuiStand, someBlobId, suiStand } from './sui-opened.ts';

const STRING = '0x1::string::String';
const BATCH = 'LedgerService/BatchGetObjects';

/** A Blob that lasts. */
function blob({ sui }: SuiStand, blobId: string, over: object = {}): string {
  return sui.register({ blobId, size: 7168, endEpoch: 99, ...over });
}

/** A dynamic field `latest: String`. @returns its id */
function latest({ sui }: SuiStand, parent: string, value: Json, type = `Field<${STRING},u256>`) {
  const name = bcs.string().serialize('latest').toBytes();
  const objectId = deriveDynamicFieldID(parent, STRING, name);
  const json = { id: objectId, name: 'latest', value };
  const content = new Uint8Array(64);
  const owner = { object: parent };
  return sui.put({ objectId, owner, type: `0x2::dynamic_field::${type}`, content, json });
}

const LATEST = { type: STRING, value: 'latest' };

describe('a blob on Sui', () => {
  it.each([false, true])('is one file, with its size (in a SharedBlob: %s)', async (shared) => {
    const stand = await suiStand();
    const blobId = someBlobId();
    const object = blob(stand, blobId, { shared });
    const source = stand.source({ object, network: 'standin' });
    expect(source.host).toBe(new URL(stand.sui.url).host);
    const { files, seenSince, raw } = await source.read(never());
    expect(files).toEqual([{ path: 'blob', blobId, size: 7168 }]);
    expect(seenSince).toBeNull();
    const said = JSON.parse(raw!.body!);
    const type = shared ? stand.sui.sharedBlobType : stand.sui.blobType;
    expect(said).toMatchObject({ network: 'standin', objectId: object, type });
    expect(Object.keys(said)).toEqual(expect.arrayContaining(['version', 'digest', 'json', 'bcs']));
  });

  it('has the path that the label gives it', async () => {
    const stand = await suiStand();
    const source = stand.source({ object: blob(stand, someBlobId()), path: 'models/a.onnx' });
    expect((await source.read(never())).files).toMatchObject([{ path: 'models/a.onnx' }]);
  });

  it('is the same files while only its storage changes, in other words', async () => {
    const stand = await suiStand();
    const object = blob(stand, someBlobId());
    const source = stand.source({ object });
    const first = await source.read(never());
    stand.sui.extend(object, 120);
    const second = await source.read(never());
    expect(second.files).toEqual(first.files);
    expect(second.raw!.sha256).not.toBe(first.raw!.sha256);
  });

  it.each(['deleted', 'burned', 'never there'])('that is %s is absent', async (how) => {
    const stand = await suiStand();
    const object = blob(stand, someBlobId(), { deletable: true });
    const source = stand.source({ object: how === 'never there' ? '0x7' : object });
    if (how !== 'never there') expect((await source.read(never())).files).toHaveLength(1);
    if (how === 'deleted') stand.sui.delete(object);
    if (how === 'burned') stand.sui.burn(object);
    const { files, raw } = await source.read(never());
    expect(files).toBeNull();
    expect(JSON.parse(raw!.body!)).toMatchObject({ network: 'standin', missing: true });
  });

  it('that is wrapped is absent, and back once it is unwrapped', async () => {
    const stand = await suiStand();
    const { objectId: object } = stand.registry({ latest: someBlobId() });
    const source = stand.source({ object, type: REGISTRY, field: 'latest' });
    const first = await source.read(never());
    stand.sui.remove(object);
    expect((await source.read(never())).files).toBeNull();
    const again = JSON.parse(first.raw!.body!).json;
    stand.sui.put({ objectId: object, type: REGISTRY, content: new Uint8Array(32), json: again });
    expect((await source.read(never())).files).toEqual(first.files);
  });

  it.each([
    ['of another kind', (_: SuiStand) => REGISTRY],
    ['of another Walrus', () => `0x${'5'.repeat(64)}::blob::Blob`],
    ['of another module', ({ sui }: SuiStand) => `${sui.packageId}::blab::Blob`],
    ['in a pool', ({ sui }: SuiStand) => `${sui.packageId}::blob::PooledBlob`],
    ['of a type with an argument', ({ sui }: SuiStand) => `${sui.blobType}<u8>`],
  ])('%s is a wrong type, whatever its content', async (_name, type) => {
    const stand = await suiStand();
    const object = blob(stand, someBlobId());
    stand.sui.update(object, { type: type(stand) });
    const error = await failureOf(stand.source({ object }).read(never()));
    expect(error.code).toBe('wrong-type');
    expect(error.message).toContain(object);
    expect(error.message).toContain('says nothing about the label');
    expect(JSON.parse(error.raw!.body!)).toMatchObject({ objectId: object });
  });

  it('whose content can not be one is a bad answer', async () => {
    const stand = await suiStand();
    const object = blob(stand, someBlobId());
    stand.sui.update(object, { content: new Uint8Array(40) });
    expect((await failureOf(stand.source({ object }).read(never()))).code).toBe('bad-answer');
  });
});

describe('an attribute of a blob', () => {
  it.each([false, true])('names another one (in a SharedBlob: %s)', async (shared) => {
    const stand = await suiStand();
    const [one, two] = [someBlobId(), someBlobId()];
    const object = blob(stand, someBlobId(), { shared, attributes: { next: one } });
    const source = stand.source({ object, attribute: 'next' });
    const first = await source.read(never());
    expect(first.files).toEqual([{ path: 'blob', blobId: one, size: null }]);
    const before = stand.sui.requests[BATCH]!;
    expect((await source.read(never())).files).toEqual(first.files);
    expect(stand.sui.requests[BATCH]).toBe(before + 1);
    // The blob's own object stays as it was.
    stand.sui.setAttributes(object, { next: two, more: 'x' });
    expect((await source.read(never())).files).toMatchObject([{ blobId: two }]);
  });

  it('that is not there, or no attributes at all, are absent', async () => {
    const stand = await suiStand();
    const object = blob(stand, someBlobId());
    const source = stand.source({ object, attribute: 'next' });
    expect((await source.read(never())).files).toBeNull();
    stand.sui.setAttributes(object, { other: someBlobId() });
    expect((await source.read(never())).files).toBeNull();
    for (const attribute of ['__proto__', 'toString', 'constructor']) {
      expect((await stand.source({ object, attribute }).read(never())).files).toBeNull();
    }
    stand.sui.burn(object);
    expect((await source.read(never())).files).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['a text', 'v2'],
    ['padding', `${'A'.repeat(43)}=`],
    ['the decimal form', asU256(someBlobId())],
    ['space around it', ` ${someBlobId()}`],
  ])('that holds %s is no Blob ID', async (_name, next) => {
    const stand = await suiStand();
    const object = blob(stand, someBlobId(), { attributes: { next } });
    const error = await failureOf(stand.source({ object, attribute: 'next' }).read(never()));
    expect(error.code).toBe('foreign-id');
    expect(error.message).toContain('attribute "next"');
  });

  it('whose field is something else is a bad answer', async () => {
    const stand = await suiStand();
    const object = blob(stand, someBlobId(), { attributes: { next: someBlobId() } });
    stand.sui.update(attributesId(object), { type: '0x2::dynamic_field::Field<u8,u8>' });
    const error = await failureOf(stand.source({ object, attribute: 'next' }).read(never()));
    expect(error.code).toBe('bad-answer');
  });
});

describe('a field of an object', () => {
  it('holds a Blob ID, and then another', async () => {
    const stand = await suiStand();
    const [one, two] = [someBlobId(), someBlobId()];
    const { objectId: object } = stand.registry({ models: { latest: asU256(one) } });
    const source = stand.source({ object, type: REGISTRY, field: 'models.latest' });
    const { files, raw } = await source.read(never());
    expect(files).toEqual([{ path: 'blob', blobId: one, size: null }]);
    expect(JSON.parse(raw!.body!)).toMatchObject({ json: { models: { latest: asU256(one) } } });
    stand.sui.update(object, { json: { models: { latest: asU256(two) } } });
    expect((await source.read(never())).files).toMatchObject([{ blobId: two }]);
    stand.sui.update(object, { json: { models: { latest: asU256(one) } } });
    expect((await source.read(never())).files).toEqual(files);
    stand.sui.remove(object);
    expect((await source.read(never())).files).toBeNull();
  });

  it('is not understood anew while version and digest are the same', async () => {
    const stand = await suiStand();
    const { objectId: object } = stand.registry({ latest: [someBlobId()] });
    const source = stand.source({ object, type: REGISTRY, field: 'latest' });
    const first = await source.read(never());
    const second = await source.read(never());
    expect(second.files).toBe(first.files);
    expect(second.raw).toBe(first.raw);
  });

  it.each([
    ['short', '0x2::registry::Registry<0x1::string::String>'],
    ['long', `0x${'2'.padStart(64, '0')}::registry::Registry< 0x01::string::String >`],
  ])('is read where the type is the same, written %s', async (_name, type) => {
    const stand = await suiStand();
    const { objectId: object } = stand.sui.put({
      type: `0x2::registry::Registry<${STRING}>`,
      content: new Uint8Array(32),
      json: { latest: someBlobId() },
    });
    const source = stand.source({ object, type, field: 'latest' });
    expect((await source.read(never())).files).toHaveLength(1);
  });

  it.each([
    ['another package', REGISTRY.replace('7', '8')],
    ['another name', `${REGISTRY}2`],
    ['a type argument', `${REGISTRY}<u8>`],
    ['a Walrus blob', null],
  ])('is not read where the object is of %s', async (_name, type) => {
    const stand = await suiStand();
    const { objectId: object } = stand.sui.put({
      type: type ?? stand.sui.blobType,
      content: new Uint8Array(32),
      json: { latest: someBlobId() },
    });
    const source = stand.source({ object, type: REGISTRY, field: 'latest' });
    const error = await failureOf(source.read(never()));
    expect(error.code).toBe('wrong-type');
    expect(error.message).toContain(REGISTRY);
  });

  it.each<[string, Json, string]>([
    ['is not there', { latest: null }, 'unknown-shape'],
    ['is of a parent that is not there', {}, 'unknown-shape'],
    ['is not rendered', null, 'unknown-shape'],
    ['is of no known form', { models: { latest: { id: '0x1', n: 7 } } }, 'unknown-shape'],
    ['is an Option of nothing', { models: { latest: null } }, 'unknown-shape'],
    ['is empty', { models: { latest: [] } }, 'no-files'],
    ['holds an id that is foreign', { models: { latest: 'latest' } }, 'foreign-id'],
    [
      'holds an id that is not canonical',
      { models: { latest: `${'A'.repeat(42)}B` } },
      'foreign-id',
    ],
    ['leads outside', { models: { latest: { '../a': someBlobId() } } }, 'bad-manifest'],
    [
      'has a path twice',
      {
        models: {
          latest: [
            { key: 'a', value: someBlobId() },
            { key: 'a', value: someBlobId() },
          ],
        },
      },
      'bad-manifest',
    ],
    [
      'has a size that is none',
      { models: { latest: [{ path: 'a', blob_id: someBlobId(), size: '-1' }] } },
      'bad-manifest',
    ],
    [
      'holds more files than an artifact has',
      { models: { latest: Array<Json>(10_001).fill(someBlobId()) } },
      'bad-manifest',
    ],
    [
      'nests too deep',
      {
        models: {
          latest: '['
            .repeat(200)
            .split('')
            .reduce<Json>((inner) => [inner], 'x'),
        },
      },
      'too-large',
    ],
  ])('that %s says nothing about the label', async (_name, json, code) => {
    const stand = await suiStand();
    const { objectId: object } = stand.registry(json);
    const source = stand.source({ object, type: REGISTRY, field: 'models.latest' });
    const error = await failureOf(source.read(never()));
    expect(error.code).toBe(code);
    expect(error.message).toContain('says nothing about the label');
    expect(error.raw!.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a dynamic field', () => {
  it('is absent, there, and changed while its object is not', async () => {
    const stand = await suiStand();
    const [one, two] = [someBlobId(), someBlobId()];
    const { objectId: object } = stand.registry({});
    const source = stand.source({ object, type: REGISTRY, dynamicField: LATEST });
    expect((await source.read(never())).files).toBeNull();
    const field = latest(stand, object, asU256(one));
    expect((await source.read(never())).files).toMatchObject([{ blobId: one }]);
    latest(stand, object, asU256(two));
    const before = stand.sui.requests[BATCH]!;
    expect((await source.read(never())).files).toMatchObject([{ blobId: two }]);
    expect(stand.sui.requests[BATCH]).toBe(before + 1);
    stand.sui.remove(field.objectId);
    expect((await source.read(never())).files).toBeNull();
  });

  it('may have the Blob IDs in a field of its value', async () => {
    const stand = await suiStand();
    const { objectId: object } = stand.registry({});
    const blobId = someBlobId();
    latest(stand, object, { weights: { id: blobId } }, `Field<${STRING},${REGISTRY}>`);
    const source = stand.source({ object, dynamicField: LATEST, field: 'weights.id' });
    expect((await source.read(never())).files).toMatchObject([{ blobId }]);
  });

  it('is absent with its object, whatever is left of it', async () => {
    const stand = await suiStand();
    const { objectId: object } = stand.registry({});
    latest(stand, object, asU256(someBlobId()));
    const source = stand.source({ object, dynamicField: LATEST });
    expect((await source.read(never())).files).toHaveLength(1);
    stand.sui.remove(object);
    expect((await source.read(never())).files).toBeNull();
  });

  it('may be one of a Table in the object, also after that is another Table', async () => {
    const stand = await suiStand();
    const [one, two] = [someBlobId(), someBlobId()];
    const tables = ['a', 'b'].map((digit) => `0x${digit.repeat(64)}`) as [string, string];
    const { objectId: object } = stand.registry({ versions: { id: tables[0], size: '1' } });
    latest(stand, tables[0], asU256(one));
    latest(stand, tables[1], asU256(two));
    const dynamicField = { ...LATEST, in: 'versions' };
    const source = stand.source({ object, type: REGISTRY, dynamicField });
    expect((await source.read(never())).files).toMatchObject([{ blobId: one }]);
    const before = stand.sui.requests[BATCH]!;
    expect((await source.read(never())).files).toMatchObject([{ blobId: one }]);
    expect(stand.sui.requests[BATCH]).toBe(before + 1);
    stand.sui.update(object, { json: { versions: { id: tables[1], size: '1' } } });
    expect((await source.read(never())).files).toMatchObject([{ blobId: two }]);
    stand.sui.update(object, { json: { versions: '7' } });
    expect((await failureOf(source.read(never()))).code).toBe('unknown-shape');
  });

  it('that is something else by its type is a bad answer', async () => {
    const stand = await suiStand();
    const { objectId: object } = stand.registry({});
    for (const type of ['Field<0x1::ascii::String,u256>', 'Feld<0x1::string::String,u256>']) {
      latest(stand, object, asU256(someBlobId()), type);
      const error = await failureOf(stand.source({ object, dynamicField: LATEST }).read(never()));
      expect(error.code).toBe('bad-answer');
    }
  });

  it.each([
    ['bool', 'true', bcs.bool().serialize(true)],
    ['u8', '7', bcs.u8().serialize(7)],
    ['u32', '4000000000', bcs.u32().serialize(4_000_000_000)],
    ['u64', `${2n ** 64n - 1n}`, bcs.u64().serialize(2n ** 64n - 1n)],
    ['u256', `${2n ** 256n - 1n}`, bcs.u256().serialize(2n ** 256n - 1n)],
    ['address', '0x2', bcs.Address.serialize('0x2')],
    ['0x2::object::ID', '0x2', bcs.Address.serialize('0x2')],
    ['0x1::ascii::String', 'latest', bcs.string().serialize('latest')],
    [STRING, 'é=0x', bcs.string().serialize('é=0x')],
    ['vector<u8>', 'metadata', bcs.byteVector().serialize(Buffer.from('metadata'))],
    ['vector<u8>', '0x00fF', bcs.byteVector().serialize([0, 255])],
  ])('has a name of type %s: %s', async (type, value, encoded) => {
    const stand = await suiStand();
    const blobId = someBlobId();
    const { objectId: object } = stand.registry({});
    const objectId = deriveDynamicFieldID(object, type, encoded.toBytes());
    stand.sui.put({
      objectId,
      type: `0x2::dynamic_field::Field<${type},u256>`,
      content: new Uint8Array(64),
      json: { value: asU256(blobId) },
    });
    const source = stand.source({ object, dynamicField: { type, value } });
    expect((await source.read(never())).files).toMatchObject([{ blobId }]);
  });
});

describe('a full node that lags behind', () => {
  it('gives a lower version, which is no change back', async () => {
    const stand = await suiStand();
    const [one, two] = [someBlobId(), someBlobId()];
    const { objectId: object } = stand.registry({ latest: one });
    const source = stand.source({ object, type: REGISTRY, field: 'latest' });
    await source.read(never());
    const ahead = stand.sui.update(object, { json: { latest: two } });
    expect((await source.read(never())).files).toMatchObject([{ blobId: two }]);
    const back = lagging(stand, { version: `${BigInt(ahead.version) - 1n}`, digest: 'old' });
    const error = await failureOf(source.read(never()));
    expect(error.code).toBe('stale');
    expect(error.message).toContain(ahead.version);
    back();
    expect((await source.read(never())).files).toMatchObject([{ blobId: two }]);
  });

  it('counts for the dynamic field by itself', async () => {
    const stand = await suiStand();
    const { objectId: object } = stand.registry({});
    const field = latest(stand, object, asU256(someBlobId()));
    const source = stand.source({ object, dynamicField: LATEST });
    await source.read(never());
    lagging(stand, { version: `${BigInt(field.version) - 1n}` }, field.objectId);
    const error = await failureOf(source.read(never()));
    expect([error.code, error.message.includes(field.objectId)]).toEqual(['stale', true]);
  });

  it('gives one version twice with different content, which nobody can', async () => {
    const stand = await suiStand();
    const { objectId: object } = stand.registry({ latest: someBlobId() });
    const source = stand.source({ object, type: REGISTRY, field: 'latest' });
    await source.read(never());
    lagging(stand, { digest: 'other' });
    expect((await failureOf(source.read(never()))).code).toBe('stale');
  });

  it('gives what another one said is gone; said twice, it was the other that lagged', async () => {
    const stand = await suiStand();
    const { objectId: object } = stand.registry({ latest: someBlobId() });
    const source = stand.source({ object, type: REGISTRY, field: 'latest' });
    const first = await source.read(never());
    const kept = stand.reader.readObjects;
    stand.reader.readObjects = async (ids) =>
      ids.map((objectId) => ({ state: 'missing', objectId, asOf: null }));
    expect((await source.read(never())).files).toBeNull();
    stand.reader.readObjects = kept;
    expect((await failureOf(source.read(never()))).code).toBe('stale');
    expect((await source.read(never())).files).toEqual(first.files);
  });

  it('is found among however many attributes', async () => {
    const { sui, source: open } = await suiStand();
    const blobId = someBlobId();
    const attributes = { notes: 'n'.repeat(20_000), model: blobId };
    const object = sui.register({ blobId: someBlobId(), size: 1, endEpoch: 99, attributes });
    const { files } = await open({ object, attribute: 'model' }).read(never());
    expect(files).toMatchObject([{ blobId }]);
  });

  it('is waited for where it is a moment behind the reading before', async () => {
    const { sui, source: open, registry } = await suiStand();
    const { objectId } = registry({ blob_id: someBlobId() });
    const source = open({ object: objectId, type: REGISTRY, field: 'blob_id' });
    // The readings end at noon by our clock, and what it says is of 250 ms before it states.
    let stated = NOON;
    sui.answers.asOf = () => stated;
    await source.read(never());
    stated = NOON + 200;
    sui.answers.before = (call) => {
      if (call.endsWith('BatchGetObjects')) stated += 100;
    };
    const { seenSince } = await source.read(never());
    expect(seenSince).toBeGreaterThanOrEqual(NOON + 10);
  });

  it('says so by its newest checkpoint: the answer was seen then, and not before the last one', async () => {
    const stand = await suiStand();
    const { objectId: object } = stand.registry({ latest: someBlobId() });
    const source = stand.source({ object, type: REGISTRY, field: 'latest' });
    const { answers } = stand.sui;
    answers.asOf = () => NOON;
    expect((await source.read(never())).seenSince).toBe(NOON - 250);
    answers.asOf = () => NOON + 5000;
    expect((await source.read(never())).seenSince).toBe(NOON + 4750);
    answers.asOf = () => NOON + 4999;
    stand.sui.remove(object);
    // Else a node that lags behind the object's creation would make it vanish.
    expect((await failureOf(source.read(never()))).code).toBe('stale');
    answers.asOf = () => NOON + 5001;
    expect((await source.read(never())).files).toBeNull();
  });

  /** Answers otherwise from now on. @returns ends that */
  function lagging(stand: SuiStand, over: { version?: string; digest?: string }, only?: string) {
    const { readObjects } = stand.reader;
    stand.reader.readObjects = async (ids, signal) => {
      const answers = await readObjects(ids, signal);
      return answers.map((answer) =>
        only === undefined || answer.objectId === only ? { ...answer, ...over } : answer,
      );
    };
    return () => {
      stand.reader.readObjects = readObjects;
    };
  }
});

describe('a full node that can not be read', () => {
  it.each([
    ['is down', { status: 'UNAVAILABLE' }, 'unreachable'],
    ['has no time', { status: 'DEADLINE_EXCEEDED' }, 'timeout'],
    [
      'wants to be asked less',
      { status: 'RESOURCE_EXHAUSTED', retryAfterMs: 7000 },
      'rate-limited',
    ],
    ['wants a key', { status: 'PERMISSION_DENIED' }, 'unauthorized'],
    ['fails inside', { status: 'INTERNAL' }, 'bad-answer'],
    ['does not know the call', { status: 'UNIMPLEMENTED' }, 'bad-answer'],
    ['finds nothing at all', { status: 'NOT_FOUND' }, 'bad-answer'],
  ] as const)('because it %s never means absent', async (_name, refusal, code) => {
    const stand = await suiStand();
    const source = stand.source({ object: blob(stand, someBlobId()) });
    stand.sui.answers.refusal = refusal;
    const error = await failureOf(source.read(never()));
    expect(error.code).toBe(code);
    expect(error.message).toContain('says nothing about the label');
    expect(error.retryAfterSeconds).toBe(code === 'rate-limited' ? 7 : null);
    expect(error.raw).toBeNull();
  });

  it.each([
    ['404', 404, 'bad-answer'],
    ['429', 429, 'rate-limited'],
    ['502', 502, 'unreachable'],
    ['200 with a page', 200, 'bad-answer'],
  ])('because a proxy answers %s never means absent', async (_name, status, code) => {
    const stand = await suiStand();
    const source = stand.source({ object: blob(stand, someBlobId()) });
    const headers = { 'content-type': 'text/html' };
    stand.sui.answers.instead = { status, headers, body: '<h1>No</h1>' };
    expect((await failureOf(source.read(never()))).code).toBe(code);
  });

  it('because it is not there, is silent or breaks off never means absent', async () => {
    const stand = await suiStand({ timeoutMs: 200 });
    const source = stand.source({ object: blob(stand, someBlobId()) });
    stand.sui.answers.truncateAt = 20;
    expect((await failureOf(source.read(never()))).code).toBe('bad-answer');
    Object.assign(stand.sui.answers, { truncateAt: null, silent: true });
    expect((await failureOf(source.read(never()))).code).toBe('timeout');
    await stand.sui.close();
    expect((await failureOf(source.read(never()))).code).toBe('unreachable');
  });

  it('gives the reason of an abort back', async () => {
    const stand = await suiStand();
    const source = stand.source({ object: blob(stand, someBlobId()) });
    const reason = new Error('enough');
    await expect(source.read(AbortSignal.abort(reason))).rejects.toBe(reason);
    stand.sui.answers.silent = true;
    const controller = new AbortController();
    stand.sui.answers.before = () => controller.abort(reason);
    await expect(source.read(controller.signal)).rejects.toBe(reason);
  });
});

describe('the chain', () => {
  it('that is not configured can not be read', async () => {
    const means = { fetcher: fetcher(), allowFiles: null };
    const source = openSource({ kind: 'sui-object', object: '0x7' }, means)!;
    const error = await failureOf(source.read(never()));
    expect(error.code).toBe('no-network');
    expect(error.message).toContain('UNDERLABEL_WALRUS');
  });

  it('that is not the label’s is not asked', async () => {
    const stand = await suiStand();
    const object = blob(stand, someBlobId());
    const error = await failureOf(stand.source({ object, network: 'mainnet' }).read(never()));
    expect(error.code).toBe('wrong-chain');
    expect(error.message).toMatch(/mainnet.*standin/);
    expect(stand.sui.requests[BATCH]).toBeUndefined();
  });

  it('is asked three times for 120 labels read at once, and twice for 50 with dynamic fields', async () => {
    const stand = await suiStand({ gatherMs: 50 });
    // Read once an epoch for all.
    await stand.reader.blobTypes(never());
    const before = stand.sui.requests[BATCH]!;
    const ids = Array.from({ length: 120 }, () => someBlobId());
    const sources = ids.map((blobId) => stand.source({ object: blob(stand, blobId) }));
    const answers = await Promise.all(sources.map((source) => source.read(never())));
    expect(answers.map(({ files }) => files![0]!.blobId)).toEqual(ids);
    expect(stand.sui.requests[BATCH]! - before).toBe(3);
    const { objectId: object } = stand.registry({});
    const fields = ids.slice(0, 50).map((_, n) => ({ type: 'u64', value: `${n}` }));
    const labels = fields.map((dynamicField) => stand.source({ object, dynamicField }));
    const absent = await Promise.all(labels.map((source) => source.read(never())));
    expect(absent.map(({ files }) => files)).toEqual(Array(50).fill(null));
    expect(stand.sui.requests[BATCH]! - before).toBe(5);
  });
});
