import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AggregatorAnswers, refusing } from '../../src/sandbox/aggregator-answers.ts';
import { blobIdOf } from '../../src/walrus/encoder/encode.ts';
import { never } from '../fetch/opened.ts';
import { rawServer } from '../fetch/raw-server.ts';
import { aggregator, bytesOf, folderOfTest, idOf, opened } from './opened-verifier.ts';

const BYTES = bytesOf('blob', 100_000);
const ID = await idOf(BYTES);
const plain = { signal: never() };

async function having(answers: Partial<AggregatorAnswers> = {}, bytes = BYTES) {
  const started = await aggregator();
  started.storeAs(ID, bytes);
  Object.assign(started.answers, answers);
  return started;
}

describe('an aggregator under suspicion', () => {
  it('is asked also where another one has served the right bytes', async () => {
    const [honest, liar, other] = [
      await having(),
      await having({}, bytesOf('x', 9)),
      await having(),
    ];
    const { verifier } = await opened([honest, liar, other]);
    const attempts = await verifier.verify(ID, { ...plain, alsoAsk: [liar.url] });
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['verified', 'mismatch']);
    expect(other.requests).toEqual([]);
  });
});

describe('an attempt', () => {
  it('took a whole number of milliseconds', async () => {
    const { verifier } = await opened([await having()]);
    const [attempt] = await verifier.verify(ID, plain);
    expect(Number.isInteger(attempt!.tookMs)).toBe(true);
  });
});

describe('a run that is given up', () => {
  it('in the middle of fetching leaves no file and no connection', async () => {
    const controller = new AbortController();
    const server = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf');
    });
    const { verifier, left } = await opened([server]);
    const hungUp = server.nextClose();
    const verifying = verifier.verify(ID, { signal: controller.signal });
    await expect.poll(async () => (await left()).length).toBe(2);
    const reason = new Error('not wanted');
    controller.abort(reason);
    await expect(verifying).rejects.toBe(reason);
    await hungUp;
    expect((await left()).filter((name) => name.includes('/'))).toEqual([]);
  });

  it('in the middle of encoding leaves no file', async () => {
    const controller = new AbortController();
    const reason = new Error('not wanted');
    const { verifier, left } = await opened([await having()], {
      encoder: {
        blobIdOf: (source, options) => {
          queueMicrotask(() => controller.abort(reason));
          return blobIdOf(source, { ...options, nShards: 1000 });
        },
      },
    });
    await expect(verifier.verify(ID, { signal: controller.signal })).rejects.toBe(reason);
    expect((await left()).filter((name) => name.includes('/'))).toEqual([]);
  });

  it('while it waits to ask again ends at once', async () => {
    const controller = new AbortController();
    const from = await having({ instead: refusing(503, 'X') });
    const { verifier } = await opened([from], {
      patience: { pauseMs: 60_000, timeoutMs: 600_000 },
    });
    const verifying = verifier.verify(ID, { signal: controller.signal });
    await expect.poll(() => from.requests.length).toBe(1);
    const reason = new Error('not wanted');
    controller.abort(reason);
    await expect(verifying).rejects.toBe(reason);
  });

  it('with all others as the verifier closes', async () => {
    const from = await having({ delayHeadMs: 60_000 });
    const { verifier, left } = await opened([from], { atOnce: 1 });
    const verifying = [1, 2, 3].map(() => verifier.verify(ID, plain));
    const ended = Promise.allSettled(verifying);
    await expect.poll(() => from.requests.length).toBe(1);
    await verifier.close();
    for (const run of await ended) {
      expect(run).toMatchObject({
        status: 'rejected',
        reason: { message: 'the verifier was closed' },
      });
    }
    expect(await left()).toEqual([]);
    await expect(verifier.verify(ID, plain)).rejects.toThrow('closed');
  });
});

describe('many runs', () => {
  it('wait for each other, in the order they came; who leaves is passed over', async () => {
    const from = await having();
    const blobs = await Promise.all([0, 1, 2, 3, 4, 5].map((n) => from.store(bytesOf(`${n}`, 10))));
    let [running, most] = [0, 0];
    const both = Promise.withResolvers<void>();
    const { verifier } = await opened([from], {
      atOnce: 2,
      encoder: {
        blobIdOf: async (...given) => {
          running += 1;
          most = Math.max(most, running);
          // The first one waits for company: else it might be done before the second one begins.
          if (running === 2) both.resolve();
          await both.promise;
          return blobIdOf(...given).finally(() => {
            running -= 1;
          });
        },
      },
    });
    const leaving = new AbortController();
    const runs = blobs.map((blobId, n) =>
      verifier.verify(blobId, { signal: n === 3 ? leaving.signal : never() }),
    );
    leaving.abort(new Error('not wanted'));
    await expect(runs[3]).rejects.toThrow('not wanted');
    const ended = await Promise.allSettled(runs);
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(most).toBe(2);
    const asked = from.requests.map(({ blobId }) => blobs.indexOf(blobId));
    expect(asked.toSorted()).toEqual([0, 1, 2, 4, 5]);
    expect(Math.max(...asked.slice(0, 2))).toBe(1);
  });

  it('go on after one whose file could not be looked at', async () => {
    const { verifier, left } = await opened([await having()], { atOnce: 1 });
    const failing = { ...plain, withFile: () => Promise.reject(new Error('no time')) };
    await expect(verifier.verify(ID, failing)).rejects.toThrow('no time');
    expect((await left()).filter((name) => name.includes('/'))).toEqual([]);
    expect(await verifier.verify(ID, plain)).toMatchObject([{ outcome: 'verified' }]);
  });
});

describe('the spool folder', () => {
  it('that can not be written makes a blob unavailable, and no other aggregator is asked', async () => {
    const file = join(await folderOfTest(), 'a-file');
    await writeFile(file, '');
    const { verifier } = await opened([await having(), await having()], { spoolFolder: file });
    const attempts = await verifier.verify(ID, plain);
    expect(attempts).toMatchObject([{ outcome: 'unavailable', code: 'spool', bytes: null }]);
    expect(attempts[0]!.message).toContain('ENOTDIR');
  });

  it('whose disk is nearly full takes nothing more', async () => {
    for (const statedLength of [null, 'none'] as const) {
      const from = await having({ statedLength });
      const { verifier, left } = await opened([from], { keepFreeBytes: 2 ** 60 });
      const attempts = await verifier.verify(ID, plain);
      expect(attempts).toMatchObject([{ outcome: 'unavailable', code: 'spool' }]);
      expect(attempts[0]!.message).toMatch(/\d+ bytes are free/);
      expect((await left()).filter((name) => name.includes('/'))).toEqual([]);
    }
  });

  it('is rid of what killed processes left there, and of nothing else', async () => {
    const spoolFolder = await folderOfTest();
    const uuid = '00000000-0000-4000-8000-000000000000';
    const living = await opened([await having()], { spoolFolder });
    await living.verifier.verify(ID, plain);
    const [own] = await readdir(spoolFolder);
    // No process has a number like this; process 1 lives.
    const others = [
      `fetched-4194999-${uuid}`,
      `fetched-1-${uuid}`,
      `fetched-${process.pid}-${uuid}`,
      'else',
    ];
    for (const name of others) {
      await mkdir(join(spoolFolder, name));
      await writeFile(join(spoolFolder, name, 'blob'), 'x');
    }
    const now = () => Date.now();
    const next = await opened([await having()], { spoolFolder, now });
    await next.verifier.verify(ID, plain);
    await next.verifier.close();
    expect((await readdir(spoolFolder)).toSorted()).toEqual(
      ['else', `fetched-1-${uuid}`, own].toSorted(),
    );
    const muchLater = () => Date.now() + 2 * 24 * 60 * 60 * 1000;
    const later = await opened([await having()], { spoolFolder, now: muchLater });
    await later.verifier.verify(ID, plain);
    await later.verifier.close();
    expect((await readdir(spoolFolder)).toSorted()).toEqual(['else', own].toSorted());
    expect(await living.verifier.verify(ID, plain)).toMatchObject([{ outcome: 'verified' }]);
  });
});

describe('the beginning of a blob', () => {
  const first = (bytes: number) => Buffer.from(BYTES.subarray(0, bytes));

  it.each<[string, Partial<AggregatorAnswers>, number | null]>([
    ['as a part', {}, BYTES.length],
    ['cut off the whole', { ignoreRange: true }, BYTES.length],
    ['cut off the whole, of unknown length', { ignoreRange: true, statedLength: 'none' }, null],
  ])('is read %s', async (_how, answers, size) => {
    const from = await having(answers);
    const { verifier } = await opened([from], { maxBytes: 10 });
    const prefix = await verifier.readBlobPrefix(ID, 5000, never());
    expect(prefix).toEqual({ bytes: first(5000), size, aggregator: from.url });
    expect(from.requests).toEqual([{ blobId: ID, range: 'bytes=0-4999' }]);
  });

  it.each([{}, { ignoreRange: true }, { ignoreRange: true, statedLength: 'none' as const }])(
    'is all of it where it is shorter: %j',
    async (answers) => {
      for (const bytes of [BYTES, new Uint8Array(0)]) {
        const { verifier } = await opened([await having(answers, bytes)]);
        const prefix = await verifier.readBlobPrefix(ID, 200_000, never());
        expect(prefix).toMatchObject({ bytes: Buffer.from(bytes), size: bytes.length });
      }
    },
  );

  it('comes from the first aggregator that serves it as it should be', async () => {
    const bad = [
      await having({ instead: refusing(404, 'X') }),
      await having({ rangeShift: 1 }),
      await having({ rangeMost: 10 }),
      await having({ truncateAt: 10 }),
      await having({ gzip: true }),
    ];
    const good = await having();
    const { verifier } = await opened([...bad, good]);
    const prefix = await verifier.readBlobPrefix(ID, 5000, never());
    expect(prefix).toEqual({ bytes: first(5000), size: BYTES.length, aggregator: good.url });
    const none = await opened(bad);
    await expect(none.verifier.readBlobPrefix(ID, 5000, never())).rejects.toMatchObject({
      name: 'Unavailable',
      code: 'bad-encoding',
    });
    const unconfigured = await opened([]);
    await expect(unconfigured.verifier.readBlobPrefix(ID, 5, never())).rejects.toMatchObject({
      code: 'no-aggregator',
    });
  });

  it('can be given up', async () => {
    const controller = new AbortController();
    const from = await having({ delayHeadMs: 60_000 });
    const { verifier } = await opened([from]);
    const reading = verifier.readBlobPrefix(ID, 5000, controller.signal);
    await expect.poll(() => from.requests.length).toBe(1);
    const reason = new Error('not wanted');
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});
