import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFetcher } from '../../src/fetch/fetcher.ts';
import { listen } from '../../src/sandbox/listen.ts';
import type { Sui, SuiAnswers } from '../../src/sandbox/sui.ts';
import { createChain } from '../../src/walrus/chain/chain.ts';
import { ChainError } from '../../src/walrus/chain/chain-error.ts';
import { PUBLIC_FULL_NODES } from '../../src/walrus/chain/public-full-nodes.ts';
import {
  type ChainUnderTest,
  chainOn,
  requestsDuring,
  someBlobId,
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
  Object.assign(sui.answers, {
    ...{ refusal: null, instead: null, truncateAt: null, silent: false, endless: false },
    before: null,
  });
  chain = chainOn(sui);
});

function registered() {
  const blobId = someBlobId();
  return { blobId, objectId: sui.register({ blobId, size: 1, endEpoch: 20 }) };
}

/** How asking about a blob fails. */
async function failure(tested: ChainUnderTest, signal = unhurried()): Promise<ChainError> {
  const asked = registered();
  const error = await tested.facts([asked], signal).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ChainError);
  return error as ChainError;
}

const page = (status: number, headers: Record<string, string> = {}) => ({
  instead: {
    status,
    headers: { 'content-type': 'text/html', ...headers },
    body: '<!doctype html>',
  },
});

describe('a full node that can’t be used', () => {
  const cases: [string, Partial<SuiAnswers>, string][] = [
    ['is unavailable', { refusal: { status: 'UNAVAILABLE' } }, 'unreachable'],
    ['is past its own deadline', { refusal: { status: 'DEADLINE_EXCEEDED' } }, 'timeout'],
    ['asks for less', { refusal: { status: 'RESOURCE_EXHAUSTED' } }, 'rate-limited'],
    ['is not for us', { refusal: { status: 'PERMISSION_DENIED' } }, 'unauthorized'],
    ['does not know the call', { refusal: { status: 'UNIMPLEMENTED' } }, 'bad-answer'],
    [
      'breaks inside',
      { refusal: { status: 'INTERNAL', message: 'x\n'.repeat(999) } },
      'bad-answer',
    ],
    ['is behind a proxy that answers 502', page(502), 'unreachable'],
    ['is behind a proxy that answers 429', page(429), 'rate-limited'],
    ['is behind a sign-in wall', page(401), 'unauthorized'],
    ['is no full node: 404', page(404), 'bad-answer'],
    ['is a web page', page(200), 'bad-answer'],
    ['redirects', page(302, { location: 'https://example.org/' }), 'unreachable'],
    [
      'says it is gRPC-web and is not',
      {
        instead: {
          status: 200,
          headers: { 'content-type': 'application/grpc-web+proto' },
          body: '<!doctype html>',
        },
      },
      'bad-answer',
    ],
    [
      'sends nothing',
      {
        instead: {
          status: 200,
          headers: { 'content-type': 'application/grpc-web+proto' },
          body: '',
        },
      },
      'bad-answer',
    ],
    ['cuts its frame', { truncateAt: 40 }, 'bad-answer'],
    ['cuts the head of its frame', { truncateAt: 3 }, 'bad-answer'],
    ['never answers', { silent: true }, 'timeout'],
    ['never ends', { endless: true }, 'too-large'],
  ];

  it.each(cases)('%s', async (_, answers, code) => {
    Object.assign(sui.answers, answers);
    const tested = chainOn(sui, { timeoutMs: 300, maxAnswerBytes: 2 ** 20 });
    const error = await failure(tested);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(
      /, so what the chain says of blobs isn't known; the watch goes on\. /,
    );
    expect(error.message.length).toBeLessThan(500);
    expect(error.message).not.toMatch(/\n/);
  });

  it('is no full node of this network, and says of which objects it knows nothing', async () => {
    const other = await startTestSui();
    const tested = chainOn(sui, {}, { grpcUrl: other.url });
    const error = await failure(tested);
    await other.close();
    expect(error.code).toBe('wrong-network');
    expect(error.message).toContain(sui.packageConfig.systemObjectId);
  });

  it('is not there', async () => {
    const gone = await listen(new Hono());
    await gone.close();
    const error = await failure(chainOn(sui, {}, { grpcUrl: gone.url }));
    expect(error.code).toBe('unreachable');
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('shows no key of its URL in the message', async () => {
    const gone = await listen(new Hono());
    await gone.close();
    const grpcUrl = `${gone.url}/v2/5ecret?key=5ecret`;
    expect((await failure(chainOn(sui, {}, { grpcUrl }))).message).not.toContain('5ecret');
    const { fetch, close } = createFetcher({ allowHosts: [], credentials: {} });
    const refused = await failure(chainOn(sui, {}, { grpcUrl, fetch }));
    await close();
    expect(refused.code).toBe('refused-address');
    expect(refused.message).not.toContain('5ecret');
  });

  it('is used again as soon as it works', async () => {
    sui.answers.refusal = { status: 'UNAVAILABLE' };
    const asked = registered();
    await expect(chain.facts([asked], unhurried())).rejects.toMatchObject({ code: 'unreachable' });
    sui.answers.refusal = null;
    expect(await chain.fact(asked)).toMatchObject({ status: 'certified' });
  });

  it('fails at the blobs although the epoch is known: nothing could be had', async () => {
    const asked = registered();
    await chain.fact(asked);
    sui.answers.refusal = { status: 'UNAVAILABLE' };
    await expect(chain.facts([asked], unhurried())).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('a full node that asks for less', () => {
  it('is left alone for as long as its RetryInfo says', async () => {
    sui.answers.refusal = { status: 'RESOURCE_EXHAUSTED', retryAfterMs: 90_500 };
    expect(await failure(chain)).toMatchObject({ code: 'rate-limited', retryAfterSeconds: 91 });
    sui.answers.refusal = null;
    chain.time += 90_000;
    const during = await requestsDuring(sui, async () => {
      expect(await failure(chain)).toMatchObject({ code: 'rate-limited', retryAfterSeconds: 1 });
    });
    expect(during).toEqual({});
    chain.time += 1000;
    expect(await chain.fact(registered())).toMatchObject({ status: 'certified' });
  });

  it('is left alone for as long as its Retry-After says', async () => {
    Object.assign(sui.answers, page(429, { 'retry-after': '120' }));
    expect(await failure(chain)).toMatchObject({ code: 'rate-limited', retryAfterSeconds: 120 });
    Object.assign(sui.answers, { instead: null });
    chain.time += 119_000;
    expect((await failure(chain)).code).toBe('rate-limited');
    chain.time += 1000;
    expect(await chain.fact(registered())).toMatchObject({ status: 'certified' });
  });

  it('is left alone for twice as long each time, where it says nothing', async () => {
    sui.answers.refusal = { status: 'RESOURCE_EXHAUSTED' };
    for (const restMs of [1000, 2000, 4000, 8000]) {
      expect((await failure(chain)).retryAfterSeconds).toBeNull();
      chain.time += restMs - 1;
      expect(await requestsDuring(sui, () => failure(chain))).toEqual({});
      chain.time += 1;
    }
  });
});

describe('asking', () => {
  it('keeps to so many requests a second, however many ask', async () => {
    const tested = chainOn(sui, { requestsPerSecond: 50, requestsAtOnce: 8, gatherMs: 0 });
    const ids = Array.from({ length: 50 * 9 + 1 }, () => registered().objectId);
    const began = performance.now();
    const read = await tested.readObjects(ids, unhurried());
    // Ten requests: nine waits of 20 ms between them, less what timers round away.
    expect(performance.now() - began).toBeGreaterThan(9 * 20 - 10);
    expect(read.every(({ state }) => state === 'found')).toBe(true);
  });

  it('ends at the caller’s abort, with the caller’s reason', async () => {
    sui.answers.silent = true;
    const stop = new AbortController();
    const reason = new Error('the service is stopping');
    const asking = chain.facts([registered()], stop.signal);
    stop.abort(reason);
    await expect(asking).rejects.toBe(reason);
    await expect(chain.facts([registered()], stop.signal)).rejects.toBe(reason);
  });

  it('goes through the guarded fetch, for the full node and for the storage nodes', async () => {
    const { fetch, close } = createFetcher({ allowHosts: ['127.0.0.1'], credentials: {} });
    const tested = chainOn(sui, {}, { fetch });
    const blobId = someBlobId();
    const objectId = sui.register({ blobId, size: 1, endEpoch: 20 });
    expect(await tested.factOf(blobId, null)).toMatchObject({ status: 'certified', objectId });
    await close();
  });

  it('does not let the chain name addresses that may not be fetched', async () => {
    // The full node may be asked, by its name; the storage nodes are on 127.0.0.1.
    const grpcUrl = sui.url.replace('127.0.0.1', 'localhost');
    const { fetch, close } = createFetcher({ allowHosts: ['localhost'], credentials: {} });
    const blobId = someBlobId();
    sui.register({ blobId, size: 1, endEpoch: 20 });
    const asked = await requestsDuring(sui, async () => {
      const tested = chainOn(sui, {}, { fetch, grpcUrl });
      const { failures } = await tested.facts([{ blobId, objectId: null }], unhurried());
      expect(failures).toMatchObject([{ code: 'unreachable' }]);
    });
    expect(asked['storage-node/status']).toBeUndefined();
    await close();
  });

  it('has the public full nodes of mainnet and testnet, and wants one for any other network', () => {
    const { fetch } = globalThis;
    expect(createChain({ network: 'mainnet', fetch }).network).toBe('mainnet');
    expect(new URL(PUBLIC_FULL_NODES.testnet).protocol).toBe('https:');
    const network = { name: 'own', packageConfig: sui.packageConfig };
    expect(() => createChain({ network, fetch })).toThrow(/give the URL/);
  });
});
