import { createHash } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAggregator } from '../../src/sandbox/aggregator.ts';
import { refusing } from '../../src/sandbox/aggregator-answers.ts';

const BLOB = createHash('sha256').update('blob').digest('base64url');
const OTHER = createHash('sha256').update('other').digest('base64url');
const BYTES = new Uint8Array(300_000).map((_, at) => at % 251);

async function serving() {
  const aggregator = await startAggregator({ nShards: 10 });
  onTestFinished(() => aggregator.close());
  aggregator.storeAs(BLOB, BYTES);
  aggregator.storeAs(OTHER, BYTES);
  const ask = (blobId = BLOB, headers: Record<string, string> = {}) =>
    fetch(`${aggregator.url}/v1/blobs/${blobId}`, {
      headers: { 'accept-encoding': 'identity', ...headers },
    });
  return { aggregator, ask };
}

describe('the stand-in aggregator', () => {
  it('serves a large blob with its length, and notes who asked for what', async () => {
    const { aggregator, ask } = await serving();
    const answer = await ask();
    expect(answer.headers.get('content-length')).toBe('300000');
    expect(answer.headers.get('etag')).toBe(BLOB);
    expect(await answer.bytes()).toEqual(BYTES);
    const part = await ask(BLOB, { Range: 'bytes=299990-' });
    expect(await part.bytes()).toEqual(BYTES.subarray(299_990));
    expect(aggregator.requests).toEqual([
      { blobId: BLOB, range: null },
      { blobId: BLOB, range: 'bytes=299990-' },
    ]);
  });

  it('keeps bytes under the Blob ID of its own network', async () => {
    const { aggregator, ask } = await serving();
    const blobId = await aggregator.store(Uint8Array.of(1, 2, 3));
    expect(await (await ask(blobId)).bytes()).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('fails so many times, then serves', async () => {
    const { aggregator, ask } = await serving();
    const instead = refusing(503, 'BLOB_UNAVAILABLE', 'too few nodes', { 'Retry-After': '1' });
    Object.assign(aggregator.answers, { instead, insteadTimes: 2 });
    const [first, second, third] = [await ask(), await ask(), await ask()];
    expect([first.status, second.status, third.status]).toEqual([503, 503, 200]);
    expect(first.headers.get('retry-after')).toBe('1');
    expect(await first.json()).toMatchObject({
      error: { code: 503, status: 'UNAVAILABLE', message: 'too few nodes' },
    });
  });

  it('fails for one blob alone', async () => {
    const { aggregator, ask } = await serving();
    aggregator.answerFor(BLOB, { instead: refusing(451, 'BLOCKED') });
    expect([(await ask()).status, (await ask(OTHER)).status]).toEqual([451, 200]);
    aggregator.answerFor(BLOB, null);
    expect((await ask()).status).toBe(200);
  });

  it('breaks off so many times, after so many bytes', async () => {
    const { aggregator, ask } = await serving();
    Object.assign(aggregator.answers, { truncateAt: 100_000, truncateTimes: 1 });
    const reader = (await ask()).body!.getReader();
    let bytes = 0;
    const reading = async () => {
      for (;;) bytes += (await reader.read()).value!.length;
    };
    await expect(reading()).rejects.toThrow('terminated');
    expect(bytes).toBe(100_000);
    expect(await (await ask()).bytes()).toEqual(BYTES);
  });

  it('lies about ranges in every way it is told to', async () => {
    const { aggregator, ask } = await serving();
    const asked = async () => {
      const answer = await ask(BLOB, { Range: 'bytes=100-' });
      return [answer.status, answer.headers.get('content-range'), (await answer.bytes()).length];
    };
    const before = { ...aggregator.answers };
    const told = (answers: Partial<typeof before>) =>
      Object.assign(aggregator.answers, before, answers);
    expect(await asked()).toEqual([206, 'bytes 100-299999/300000', 299_900]);
    told({ ignoreRange: true });
    expect(await asked()).toEqual([200, null, 300_000]);
    told({ rangeShift: 7 });
    expect(await asked()).toEqual([206, 'bytes 107-299999/300000', 299_893]);
    told({ rangeTotal: 400_000 });
    expect(await asked()).toEqual([206, 'bytes 100-299999/400000', 299_900]);
    told({ rangeMost: 10 });
    expect(await asked()).toEqual([206, 'bytes 100-109/300000', 10]);
  });

  it('says no length, another one, packs, waits, trickles, and never ends', async () => {
    const { aggregator, ask } = await serving();
    const before = { ...aggregator.answers };
    const told = (answers: Partial<typeof before>) =>
      Object.assign(aggregator.answers, before, answers);
    told({ statedLength: 'none' });
    const chunked = await ask();
    expect(chunked.headers.get('transfer-encoding')).toBe('chunked');
    expect(await chunked.bytes()).toEqual(BYTES);
    told({ statedLength: 10 });
    expect((await ask()).headers.get('content-length')).toBe('10');
    told({ gzip: true });
    const packed = await ask();
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(await packed.bytes()).toEqual(BYTES); // the web's fetch unpacks by itself
    told({ delayHeadMs: 5, trickle: { bytes: 100_000, everyMs: 1 } });
    expect(await (await ask()).bytes()).toEqual(BYTES);
    told({ endless: true });
    const reader = (await ask()).body!.getReader();
    for (let bytes = 0; bytes < 1_000_000; ) bytes += (await reader.read()).value!.length;
    await reader.cancel();
  });
});
