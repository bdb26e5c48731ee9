import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AggregatorAnswers, refusing } from '../../src/sandbox/aggregator-answers.ts';
import { blobIdOf, EncodeError } from '../../src/walrus/encoder/encode.ts';
import type { VerificationCode } from '../../src/walrus/verification.ts';
import { serve } from '../fetch/loopback-server.ts';
import { never } from '../fetch/opened.ts';
import { pouring, rawServer } from '../fetch/raw-server.ts';
import { aggregator, bytesOf, idOf, opened, sha256Of } from './opened-verifier.ts';

const BYTES = bytesOf('blob', 200_000);
const OTHER = bytesOf('other', 200_000);
const ID = await idOf(BYTES);
const OTHER_ID = await idOf(OTHER);

/** An aggregator that has the blob, and answers as it is told to. */
async function having(answers: Partial<AggregatorAnswers> = {}, bytes = BYTES) {
  const started = await aggregator();
  started.storeAs(ID, bytes);
  Object.assign(started.answers, answers);
  return started;
}

const plain = { signal: never() };
const VERIFIED = { outcome: 'verified', code: null, message: null, computedBlobId: ID };

describe('a blob is verified', () => {
  it('where its bytes have its ID; they are there to be looked at, privately, and gone afterwards', async () => {
    const from = await having();
    const { verifier, left } = await opened([from]);
    const seen: unknown[] = [];
    const attempts = await verifier.verify(ID, {
      ...plain,
      expectedBytes: BYTES.length,
      withFile: async (file, bytes) => {
        const modes = [(await stat(file)).mode & 0o777, (await stat(dirname(file))).mode & 0o777];
        seen.push(modes, bytes, new Uint8Array(await readFile(file)));
      },
    });
    expect(attempts).toEqual([
      {
        ...{ ...VERIFIED, blobId: ID, aggregator: from.url, startedAt: 1000, bytes: BYTES.length },
        ...{ tookMs: expect.any(Number), sha256: sha256Of(BYTES), retryAfterSeconds: null },
      },
    ]);
    expect(seen).toEqual([[0o600, 0o700], BYTES.length, BYTES]);
    expect((await left()).filter((name) => name.includes('/'))).toEqual([]);
    await verifier.close();
    expect(await left()).toEqual([]);
  });

  it.each([0, 1])('also with %i bytes', async (length) => {
    const from = await aggregator();
    const blobId = await from.store(bytesOf('few', length));
    const { verifier } = await opened([from]);
    expect(await verifier.verify(blobId, plain)).toMatchObject([
      { outcome: 'verified', bytes: length },
    ]);
  });

  it('under a base address with a path and a slash at its end', async () => {
    const server = await serve((request) =>
      request.url === `/walrus/aggregator/v1/blobs/${ID}` ? { body: BYTES } : { status: 404 },
    );
    const { verifier } = await opened([`${server.origin}/walrus/aggregator//`]);
    expect(await verifier.verify(ID, plain)).toMatchObject([
      { ...VERIFIED, aggregator: server.origin },
    ]);
  });

  it('also where it is not as long as somebody said', async () => {
    const { verifier } = await opened([await having()]);
    const attempts = await verifier.verify(ID, { ...plain, expectedBytes: 7 });
    expect(attempts).toMatchObject([VERIFIED]);
  });

  it.each<[string, Partial<AggregatorAnswers>, (string | null)[]]>([
    ['breaks off once', { truncateAt: 70_000, truncateTimes: 1 }, [null, 'bytes=70000-']],
    ['breaks off again and again', { truncateAt: 70_000 }, [null, 'bytes=70000-', 'bytes=140000-']],
    ['breaks off before the first byte', { truncateAt: 0, truncateTimes: 1 }, [null, null]],
    [
      'breaks off without having said a length',
      { truncateAt: 70_000, truncateTimes: 1, statedLength: 'none' },
      [null, 'bytes=70000-'],
    ],
    [
      'answers shorter parts',
      { truncateAt: 50_000, truncateTimes: 1, rangeMost: 80_000 },
      [null, 'bytes=50000-', 'bytes=130000-'],
    ],
    [
      'answers the whole to a question for the rest',
      { truncateAt: 70_000, truncateTimes: 1, ignoreRange: true },
      [null, 'bytes=70000-'],
    ],
    [
      'answers another part than was asked for',
      { truncateAt: 70_000, truncateTimes: 1, rangeShift: 1 },
      [null, 'bytes=70000-', null],
    ],
    [
      'answers a part of another whole',
      { truncateAt: 70_000, truncateTimes: 1, rangeTotal: 300_000 },
      [null, 'bytes=70000-', null],
    ],
  ])('where the aggregator %s', async (_how, answers, ranges) => {
    const from = await having(answers);
    const { verifier } = await opened([from]);
    const attempts = await verifier.verify(ID, plain);
    expect(attempts).toMatchObject([{ ...VERIFIED, bytes: BYTES.length, sha256: sha256Of(BYTES) }]);
    expect(from.requests.map(({ range }) => range)).toEqual(ranges);
  });

  it('where the end was all that was missing', async () => {
    const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
    const server = await rawServer((socket, request) => {
      const range = `HTTP/1.1 416 x\r\ncontent-range: bytes */5\r\ncontent-length: 0\r\n\r\n`;
      if (request.includes('range: bytes=5-')) socket.write(range);
      else socket.end(`${head}5\r\nhello\r\n`);
    });
    const blobId = await idOf(new TextEncoder().encode('hello'));
    const { verifier } = await opened([server]);
    expect(await verifier.verify(blobId, plain)).toMatchObject([{ outcome: 'verified', bytes: 5 }]);
    expect(server.requests).toHaveLength(2);
  });

  it.each<[string, Parameters<typeof refusing>]>([
    ['404, from a cache that had not heard of it', [404, 'BLOB_NOT_FOUND']],
    ['503', [503, 'BLOB_UNAVAILABLE', 'wait', { 'Retry-After': '0' }]],
    ['500', [500, 'INTERNAL']],
  ])('where the first answer is %s', async (_what, told) => {
    const from = await having({ instead: refusing(...told), insteadTimes: 1 });
    const { verifier } = await opened([from]);
    expect(await verifier.verify(ID, plain)).toMatchObject([VERIFIED]);
    expect(from.requests).toHaveLength(2);
  });
});

describe('a mismatch is told', () => {
  it.each<[string, Uint8Array, number | null, VerificationCode]>([
    ['other bytes', OTHER, BYTES.length, 'other-bytes'],
    ['other bytes, of an unknown length', OTHER, null, 'other-bytes'],
    ['one byte less', BYTES.slice(1), BYTES.length, 'wrong-length'],
    ['one byte more', bytesOf('blob', BYTES.length + 1), BYTES.length, 'wrong-length'],
    ['none at all', new Uint8Array(0), BYTES.length, 'wrong-length'],
  ])('where %s are served', async (_what, bytes, expectedBytes, code) => {
    const from = await having({}, bytes);
    const { verifier } = await opened([from]);
    const [attempt] = await verifier.verify(ID, {
      ...{ ...plain, expectedBytes },
      withFile: () => Promise.reject(new Error('nobody may look at these')),
    });
    const computedBlobId = await idOf(bytes);
    const known = { bytes: bytes.length, sha256: sha256Of(bytes), computedBlobId };
    expect(attempt).toMatchObject({ outcome: 'mismatch', code, ...known, retryAfterSeconds: null });
    expect(attempt!.message).toContain(computedBlobId);
  });

  it('where Content-Length cuts it short', async () => {
    const { verifier } = await opened([await having({ statedLength: 1000 })]);
    const attempts = await verifier.verify(ID, { ...plain, expectedBytes: BYTES.length });
    expect(attempts).toMatchObject([{ outcome: 'mismatch', code: 'wrong-length', bytes: 1000 }]);
  });

  it('and the next aggregator is asked all the same, so that both show', async () => {
    const [liar, honest, unasked] = [await having({}, OTHER), await having(), await having()];
    const { verifier } = await opened([liar, honest, unasked]);
    const attempts = await verifier.verify(ID, plain);
    expect(attempts).toMatchObject([
      { outcome: 'mismatch', code: 'other-bytes', aggregator: liar.url, computedBlobId: OTHER_ID },
      { ...VERIFIED, aggregator: honest.url },
    ]);
    expect(unasked.requests).toEqual([]);
  });

  it('and the same wrong bytes are encoded once', async () => {
    let encoded = 0;
    const encoder = {
      blobIdOf: (...given: Parameters<typeof blobIdOf>) => {
        encoded += 1;
        return blobIdOf(...given);
      },
    };
    const liars = [await having({}, OTHER), await having({}, OTHER)];
    const { verifier } = await opened(liars, { encoder });
    const attempts = await verifier.verify(ID, plain);
    expect(attempts.map(({ computedBlobId }) => computedBlobId)).toEqual([OTHER_ID, OTHER_ID]);
    expect(encoded).toBe(1);
  });

  it('only of bytes that came in one piece', async () => {
    // Two machines behind one name, one of which lies: joined, their bytes are nobody's.
    const from = await having({ truncateAt: 70_000, truncateTimes: 1 }, OTHER);
    const { verifier } = await opened([from], {
      encoder: {
        blobIdOf: (source, options) => {
          from.storeAs(ID, BYTES);
          return blobIdOf(source, options);
        },
      },
    });
    expect(await verifier.verify(ID, plain)).toMatchObject([VERIFIED]);
    expect(from.requests.map(({ range }) => range)).toEqual([null, 'bytes=70000-', null]);
  });

  it('not where the answer may have broken off without a word', async () => {
    const server = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nhalf'));
    const { verifier } = await opened([server]);
    const attempts = await verifier.verify(ID, plain);
    expect(attempts).toMatchObject([
      { outcome: 'unavailable', code: 'truncated', computedBlobId: null },
    ]);
  });
});

describe('a blob is unavailable', () => {
  it.each<[string, Parameters<typeof refusing>, VerificationCode, number | null, number]>([
    ['404', [404, 'BLOB_NOT_FOUND'], 'not-found', null, 2],
    ['403', [403, 'FORBIDDEN'], 'forbidden', null, 1],
    [
      '429 with Retry-After',
      [429, 'TOO_MANY', 'slower', { 'Retry-After': '30' }],
      'rate-limited',
      30,
      1,
    ],
    ['451', [451, 'BLOCKED'], 'blocked', null, 1],
    ['500', [500, 'INTERNAL'], 'server-error', null, 5],
    ['503', [503, 'BLOB_UNAVAILABLE'], 'server-error', null, 5],
    [
      '503 with a long Retry-After',
      [503, 'X', 'later', { 'Retry-After': '60' }],
      'server-error',
      60,
      1,
    ],
    ['400', [400, 'BAD_QUERY'], 'http-status', null, 1],
  ])('where the answer is always %s', async (_what, told, code, retryAfterSeconds, asked) => {
    const from = await having({ instead: refusing(...told) });
    const { verifier } = await opened([from]);
    const attempts = await verifier.verify(ID, plain);
    const nothing = { bytes: null, sha256: null, computedBlobId: null };
    expect(attempts).toMatchObject([
      { outcome: 'unavailable', code, aggregator: from.url, retryAfterSeconds, ...nothing },
    ]);
    expect(attempts[0]!.message).toContain('It says: "');
    expect(from.requests).toHaveLength(asked);
  });

  it('where it redirects, and nobody follows', async () => {
    const elsewhere = await having();
    const headers = { location: `${elsewhere.url}/v1/blobs/${ID}` };
    const { verifier } = await opened([
      await having({ instead: { status: 302, headers, body: '' } }),
    ]);
    const [attempt] = await verifier.verify(ID, plain);
    expect(attempt).toMatchObject({ outcome: 'unavailable', code: 'redirect' });
    expect(elsewhere.requests).toEqual([]);
  });

  it.each<[string, Partial<AggregatorAnswers>, VerificationCode, number]>([
    ['packs them', { gzip: true }, 'bad-encoding', 1],
    ['breaks off each time before it begins', { truncateAt: 0 }, 'reset', 5],
    [
      'breaks off each time, and never answers the rest',
      { truncateAt: 70_000, ignoreRange: true },
      'truncated',
      5,
    ],
    [
      'breaks off each time, and answers another part',
      { truncateAt: 70_000, rangeShift: 1 },
      'truncated',
      3,
    ],
    ['says a length that never comes', { statedLength: 300_000 }, 'timeout', 3],
    ['trickles', { trickle: { bytes: 1, everyMs: 10 } }, 'timeout', 5],
    ['does not begin', { delayHeadMs: 60_000 }, 'timeout', 1],
  ])('where the aggregator %s', async (_how, answers, code, most) => {
    const from = await having(answers);
    const patience = { headMs: 100, idleMs: 100, leastBytes: 1000 };
    const { verifier, left } = await opened([from], { patience });
    const [attempt] = await verifier.verify(ID, plain);
    expect(attempt).toMatchObject({ outcome: 'unavailable', code, sha256: null });
    expect(from.requests.length).toBeLessThanOrEqual(most);
    expect((await left()).filter((name) => name.includes('/'))).toEqual([]);
  });

  it.each([
    ['announced', 'HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n'],
    ['without end', 'HTTP/1.1 200 OK\r\n\r\n'],
  ])(
    'where ten gigabytes come, %s, and no other aggregator is asked for them',
    async (_how, head) => {
      const server = await rawServer(pouring(head, Buffer.alloc(2 ** 20)));
      const other = await having();
      const { verifier } = await opened([server, other]);
      const hungUp = server.nextClose();
      const attempts = await verifier.verify(ID, plain);
      expect(attempts).toMatchObject([{ outcome: 'unavailable', code: 'too-large' }]);
      expect(attempts[0]!.message).toContain('1000000 bytes');
      await hungUp;
      expect(other.requests).toEqual([]);
      const least = await verifier.verify(ID, { ...plain, maxBytes: 10 });
      expect(least[0]!.message).toContain('10 bytes');
    },
  );

  it('where too much comes of a blob that should be small, the next one is asked', async () => {
    const liar = await having({ endless: true });
    const { verifier } = await opened([liar, await having()]);
    const attempts = await verifier.verify(ID, { ...plain, expectedBytes: BYTES.length });
    expect(attempts).toMatchObject([{ code: 'too-large', aggregator: liar.url }, VERIFIED]);
  });

  it('where no aggregator is configured', async () => {
    const { verifier } = await opened([]);
    const attempts = await verifier.verify(ID, plain);
    expect(attempts).toMatchObject([
      { outcome: 'unavailable', code: 'no-aggregator', aggregator: null },
    ]);
  });

  it('where the aggregator may not be asked, or is not there', async () => {
    const fetching = { allowHosts: [] };
    const { verifier } = await opened(['https://10.0.0.1', 'http://127.0.0.1:1'], { fetching });
    const attempts = await verifier.verify(ID, plain);
    expect(attempts).toMatchObject([{ code: 'refused-address' }, { code: 'refused-address' }]);
    const gone = await opened(['http://127.0.0.1:1']);
    expect(await gone.verifier.verify(ID, plain)).toMatchObject([{ code: 'connect' }]);
  });

  it('where they can not be encoded; the next one is asked', async () => {
    const encoder = {
      blobIdOf: ({ file }: { file: string }) =>
        Promise.reject(new EncodeError('encoder', `${file} has no Blob ID here: out of memory.`)),
    };
    const { verifier, folder } = await opened([await having(), await having()], { encoder });
    const attempts = await verifier.verify(ID, plain);
    const failed = { outcome: 'unavailable', code: 'encoder', sha256: sha256Of(BYTES) };
    expect(attempts).toMatchObject([failed, failed]);
    expect(attempts[0]!.message).toContain('out of memory');
    expect(attempts[0]!.message).not.toContain(folder);
  });

  it('after one aggregator after the other was asked, in their order', async () => {
    const all = [
      await having({ instead: refusing(451, 'BLOCKED') }),
      await having({ instead: refusing(404, 'BLOB_NOT_FOUND') }),
      await having({ instead: refusing(429, 'TOO_MANY') }),
    ];
    const { verifier } = await opened(all);
    const attempts = await verifier.verify(ID, plain);
    expect(attempts.map(({ aggregator: origin }) => origin)).toEqual(all.map(({ url }) => url));
    expect(attempts.map(({ code }) => code)).toEqual(['blocked', 'not-found', 'rate-limited']);
  });

  it('and what the aggregator says of it is cut short and made plain', async () => {
    const said = `\u001b[31m\u202e\n${'x'.repeat(5000)}`;
    const from = await having({ instead: refusing(404, 'X', said.slice(0, 2000)) });
    const { verifier } = await opened([from]);
    const [attempt] = await verifier.verify(ID, plain);
    expect(attempt!.message!.length).toBeLessThan(600);
    expect(attempt!.message).toMatch(/^[\x20-\x7e\ufffd…]+$/);
  });

  it.each(['not json', '[]', '{"error":null}', '{"error":{"message":{}}}', '['.repeat(4000)])(
    'whatever is said beside it: %s',
    async (body) => {
      const { verifier } = await opened([
        await having({ instead: { status: 451, headers: {}, body } }),
      ]);
      const [attempt] = await verifier.verify(ID, plain);
      expect(attempt!.code).toBe('blocked');
      expect(attempt!.message).not.toContain('It says');
    },
  );
});

describe('an aggregator', () => {
  it.each([
    '',
    'aggregator.example',
    'ftp://a.example',
    'https://user:secret@a.example',
    'https://a.example/?key=secret',
  ])('can not be at %j', async (address) => {
    const refusal = await opened([address]).catch((error: Error) => error.message);
    expect(refusal).toMatch(/aggregator/);
    expect(refusal).not.toContain('secret');
  });
});
