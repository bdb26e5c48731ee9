/** What every source keeps to, whatever it reads. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SourceSpec } from '../../src/contract/label.ts';
import { artifactIdOf } from '../../src/lineage/manifest.ts';
import type { Json } from '../../src/sandbox/sui-ledger.ts';
import { openSource } from '../../src/sources/index.ts';
import type { Source } from '../../src/sources/source.ts';
import { type Handler, type Loopback, routes, serve } from '../fetch/loopback-server.ts';
import { fetcher, never } from '../fetch/opened.ts';
import { failureOf, source } from './opened.ts';
import { asU256, REGISTRY, suiStand } from './sui-opened.ts';

const A = 'jKzAHsOHS1zA193_9N-n5H_IjupBjKce08qMLLseRe8';
const B = 'T27q-dRR1hKStiWLLCu_bCJe0R2_KBqg_xf5t0xXX4c';
const NOON = Date.UTC(2026, 10, 17, 12);

/** A source that asks by HTTP. */
interface HttpKind {
  spec(origin: string): SourceSpec;
  /** Bodies by path, in the order they are asked for. */
  artifact: Record<string, unknown>;
  /** The same artifact in other words. */
  reworded: Record<string, unknown>;
  absent: { status: number; body: unknown };
}

const MODEL = '/api/v0/models/eth';

const HTTP_KINDS: Record<string, HttpKind> = {
  'model-hub': {
    spec: (baseUrl) => ({ kind: 'model-hub', model: 'eth', version: 'latest', baseUrl }),
    artifact: {
      [MODEL]: { name: 'eth', versions: ['1.00'] },
      [`${MODEL}/versions/1.00/files`]: [
        { name: 'a.onnx', size: 1, ipfsCid: A },
        { name: 'b.json', size: 2, ipfsCid: B },
      ],
    },
    reworded: {
      [MODEL]: { description: 'new', releases: [{ versionString: '1.00' }] },
      [`${MODEL}/versions/1.00/files`]: {
        files: [
          { filename: 'b.json', blobId: B },
          { path: 'a.onnx', cid: A, size: 3 },
        ],
      },
    },
    absent: { status: 404, body: { detail: 'Model not found' } },
  },
  manifest: {
    spec: (origin) => ({ kind: 'manifest', url: `${origin}/manifest.json` }),
    artifact: {
      '/manifest.json': {
        files: [
          { path: 'a.onnx', blobId: A, size: 1 },
          { path: 'b.json', blobId: B, size: 2 },
        ],
      },
    },
    reworded: {
      '/manifest.json': {
        note: 'more',
        files: [
          { path: 'b.json', blobId: B, size: null, mode: 420 },
          { path: 'a.onnx', blobId: A },
        ],
      },
    },
    absent: { status: 200, body: { absent: true } },
  },
};

/** What a source may be told to answer; `nothing` says nothing about the label. */
type Said = 'artifact' | 'reworded' | 'absent' | 'nothing';

interface Opened extends Pick<Source, 'read'> {
  /** What it answers from now on. */
  says(what: Said): void;
  /** Runs before the next answer. */
  before(task: () => void): void;
}

async function openedHttp(kind: HttpKind): Promise<Opened> {
  const answers: Record<Said, Handler> = {
    artifact: routes(kind.artifact),
    reworded: routes(kind.reworded),
    absent: () => kind.absent,
    nothing: () => ({ status: 503 }),
  };
  const server = await serve(answers.artifact);
  return {
    read: source(kind.spec(server.origin)).read,
    says(what) {
      server.handler = answers[what];
    },
    before(task) {
      const answer = server.handler;
      server.handler = (...asked) => {
        task();
        return answer(...asked);
      };
    },
  };
}

async function openedSui(): Promise<Opened> {
  const stand = await suiStand();
  const { sui } = stand;
  const file = (path: string, blobId: string, size: number) => ({
    ...{ path, blob_id: asU256(blobId), size: `${size}` },
  });
  const json = { models: [file('a.onnx', A, 1), file('b.json', B, 2)] };
  const { objectId: object } = stand.registry(json);
  const { read } = stand.source({ object, type: REGISTRY, field: 'models' });
  const put = (what: Json) =>
    sui.put({ objectId: object, type: REGISTRY, content: new Uint8Array(32), json: what });
  const say: Record<Said, () => void> = {
    artifact: () => put(json),
    reworded: () => put({ models: [file('b.json', B, 7), file('a.onnx', A, 1)], note: 'more' }),
    absent: () => sui.remove(object),
    nothing: () => {
      sui.answers.refusal = { status: 'UNAVAILABLE' };
    },
  };
  return {
    read,
    says(what) {
      sui.answers.refusal = null;
      say[what]();
    },
    before(task) {
      sui.answers.before = task;
    },
  };
}

const OPENED: [name: string, open: () => Promise<Opened>][] = [
  ...Object.entries(HTTP_KINDS).map(([name, kind]): [string, () => Promise<Opened>] => [
    name,
    () => openedHttp(kind),
  ]),
  ['sui-object', openedSui],
];

describe.each(OPENED)('a %s source', (_name, open) => {
  it('gives the files under the label, and its own words as evidence', async () => {
    const { read } = await open();
    const { files, raw, seenSince } = await read(never());
    expect(files?.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      { path: 'a.onnx', blobId: A, size: 1 },
      { path: 'b.json', blobId: B, size: 2 },
    ]);
    const body = raw!.body!;
    const sha256 = createHash('sha256').update(body).digest('hex');
    expect(raw).toEqual({ sha256, bytes: Buffer.byteLength(body), body });
    expect(body).toContain('a.onnx');
    expect(seenSince).toBeNull();
  });

  it('sees one artifact however its answer is worded', async () => {
    const { read, says } = await open();
    const first = await read(never());
    says('reworded');
    const second = await read(never());
    expect(artifactIdOf(second.files!)).toBe(artifactIdOf(first.files!));
    expect(second.raw!.sha256).not.toBe(first.raw!.sha256);
  });

  it('says absent where its answer does, with evidence, and nothing where it does not', async () => {
    const { read, says } = await open();
    says('absent');
    const absent = await read(never());
    expect(absent.files).toBeNull();
    expect(absent.raw!.body).not.toBe('');
    says('nothing');
    const error = await failureOf(read(never()));
    expect(error.message).toContain('says nothing about the label');
    says('artifact');
    expect((await read(never())).files).toHaveLength(2);
  });

  it('gives the very same files while it says the same, and other ones once it does not', async () => {
    const { read, says } = await open();
    const first = await read(never());
    const second = await read(never());
    expect(second.files).toBe(first.files);
    expect(second.raw).toEqual(first.raw);
    says('reworded');
    const third = await read(never());
    expect(third.files).not.toBe(first.files);
    expect(third.raw).not.toEqual(first.raw);
    says('artifact');
    expect((await read(never())).files).toEqual(first.files);
  });

  it('leaves nothing behind of a reading that failed', async () => {
    const { read, says } = await open();
    const first = await read(never());
    says('nothing');
    await failureOf(read(never()));
    says('artifact');
    const second = await read(never());
    expect(second.files).toEqual(first.files);
    expect(second.files).not.toBe(first.files);
  });

  it('hands back the reason of an abort', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const { read, before } = await open();
    before(() => controller.abort(reason));
    await expect(read(controller.signal)).rejects.toBe(reason);
    await expect(read(AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe.each(Object.entries(HTTP_KINDS))('a %s source, by HTTP', (_name, kind) => {
  const opened = async (handler: Loopback['handler'], now = () => NOON) => {
    const server = await serve(handler);
    return { server, read: source(kind.spec(server.origin), { now }).read };
  };

  it('keeps the whole of its answers as evidence', async () => {
    const { read, server } = await opened(routes(kind.artifact));
    const answer = await read(never());
    const bodies = Object.values(kind.artifact)
      .map((body) => JSON.stringify(body))
      .join('');
    expect(answer.raw).toEqual({
      sha256: createHash('sha256').update(bodies).digest('hex'),
      bytes: bodies.length,
      body: bodies,
    });
    expect(server.requests).toHaveLength(Object.keys(kind.artifact).length);
  });

  it('says absent only where the source says so', async () => {
    const { read } = await opened(() => kind.absent);
    const answer = await read(never());
    expect(answer.files).toBeNull();
    expect(answer.raw?.body).toBe(JSON.stringify(kind.absent.body));
  });

  // The whole list of what says nothing is in hostile-answers.ts and hostile-bodies.ts.
  it.each([
    [{ status: 500, body: { absent: true } }, 'http-status'],
    [{ status: 404, body: '<h1>Not found</h1>' }, 'http-status'],
    [{ status: 404, body: '' }, 'http-status'],
    [{ status: 410, body: { detail: 'gone' } }, 'http-status'],
    [{ body: '<!doctype html><title>Model Hub</title>' }, 'not-json'],
    [{ body: { detail: 'Internal error' } }, 'unknown-shape'],
  ])('fails on an answer that says nothing, and keeps it as evidence (%#)', async (reply, code) => {
    const { read } = await opened(() => reply);
    const error = await failureOf(read(never()));
    expect(error.code).toBe(code);
    expect(error.message).toContain('says nothing about the label');
    const said = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    expect(error.raw).toMatchObject({ body: said, bytes: said.length });
  });

  it('never keeps an answer that holds the credential it was sent', async () => {
    const server = await serve((request) => ({ body: { echo: request.headers.authorization } }));
    const credentials = { [server.host]: { bearer: 'top-secret' } };
    const { read } = source(kind.spec(server.origin), { credentials });
    const error = await failureOf(read(never()));
    expect(error.code).toBe('unknown-shape');
    expect(error.raw).toBeNull();
    expect(`${error.message}${error.stack}`).not.toContain('top-secret');
  });

  it('accepts a byte order mark', async () => {
    const { read } = await opened((request) => {
      return { body: `\ufeff${JSON.stringify(kind.artifact[request.url!])}` };
    });
    expect((await read(never())).files).toHaveLength(2);
  });

  it('takes "not modified" for the same files', async () => {
    const { read, server } = await opened((request) => {
      if (request.headers['if-none-match']) return { status: 304 };
      return { body: kind.artifact[request.url!], headers: { etag: 'W/"one"' } };
    });
    const first = await read(never());
    const second = await read(never());
    expect(second).toEqual(first);
    const paths = Object.keys(kind.artifact).length;
    const asked = server.requests.map((request) => request.headers['if-none-match']);
    expect(asked.slice(paths)).toEqual(Array(paths).fill('W/"one"'));
  });

  it('asks for everything again after a reading that failed', async () => {
    const { read, server } = await opened((request) => ({
      body: kind.artifact[request.url!],
      headers: { etag: '"one"' },
    }));
    await read(never());
    const answers = server.handler;
    server.handler = () => ({ status: 503 });
    await failureOf(read(never()));
    server.handler = answers;
    const before = server.requests.length;
    expect((await read(never())).files).toHaveLength(2);
    const asked = server.requests.slice(before).map(({ headers }) => headers['if-none-match']);
    expect(asked).toEqual(Array(asked.length).fill(undefined));
  });

  it('understands one answer of several anew where only that one is another', async () => {
    const { read, server } = await opened((request) => {
      const tag = `"${server.requests.length > 0 && request.url === last ? turn : 0}"`;
      if (request.headers['if-none-match'] === tag) return { status: 304 };
      const text = JSON.stringify(kind.artifact[request.url!]);
      return {
        body: request.url === last ? text.padEnd(text.length + turn) : text,
        headers: { etag: tag },
      };
    });
    const last = Object.keys(kind.artifact).at(-1)!;
    let turn = 0;
    const bodies = Object.values(kind.artifact)
      .map((body) => JSON.stringify(body))
      .join('');
    for (turn = 0; turn < 3; turn++) {
      const { files, raw } = await read(never());
      expect(files).toHaveLength(2);
      expect(raw?.body).toBe(bodies.padEnd(bodies.length + turn));
    }
  });

  it('was seen since the oldest of its answers', async () => {
    let age = 40;
    const { read } = await opened((request) => {
      age -= 10;
      return { body: kind.artifact[request.url!], headers: { age: `${age}` } };
    });
    expect((await read(never())).seenSince).toBe(NOON - 31_000);
  });
});

describe('a push source', () => {
  it('has nothing to read', () => {
    const means = { fetcher: fetcher(), allowFiles: null };
    expect(openSource({ kind: 'push' }, means)).toBeNull();
  });
});
