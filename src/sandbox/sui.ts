/**
 * A stand-in Sui with Walrus on it, on one loopback port: gRPC-web as full nodes speak it, the
 * contract's objects, blobs and any other objects a test puts there, and the storage nodes that the
 * contract names. `SuiGrpcClient` and `WalrusClient` accept it as it is:
 * `new WalrusClient({packageConfig, suiClient, storageNodeUrlScheme: 'http'})`.
 */
import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import type { BlobId } from '../lineage/manifest.ts';
import { GrpcRefusal, refusal, retryInfo, type StatusName } from './grpc-web.ts';
import { type Listening, listen } from './listen.ts';
import { gone, type NodeAnswers, storageNodes } from './storage-nodes.ts';
import { type NewSuiObject, SuiLedger, type SuiObject, type SuiObjectRef } from './sui-ledger.ts';
import { suiCalls, unimplemented } from './sui-services.ts';
import { type Registration, WalrusBlobs } from './walrus-blobs.ts';
import { deployWalrus, type Epochs } from './walrus-contract.ts';

/** How the full node answers. Change it at any time; the next answer follows it. */
export interface SuiAnswers {
  /** Every call is refused so. */
  refusal: { status: StatusName; message?: string; retryAfterMs?: number } | null;
  /** Answered in place of gRPC-web: what a proxy says. */
  instead: {
    status: number;
    headers: Record<string, string>;
    body: string | Uint8Array<ArrayBuffer>;
  } | null;
  /** The answer's body ends after so many bytes. */
  truncateAt: number | null;
  /** Calls are taken and never answered. */
  silent: boolean;
  /** The answer's body never ends. */
  endless: boolean;
  /** Time (ms) of the newest checkpoint, as full nodes state it in a header; null: not stated. */
  asOf: (() => number) | null;
  /** Runs before each call is answered: what it changes is in the answer. */
  before: ((call: string) => void) | null;
}

export interface Sui extends Listening {
  answers: SuiAnswers;
  nodes: NodeAnswers;
  /** What WalrusClient takes. */
  packageConfig: { systemObjectId: string; stakingPoolId: string };
  packageId: string;
  blobType: string;
  sharedBlobType: string;
  /** How often each call came: `LedgerService/BatchGetObjects` …, `storage-node/status`. */
  requests: Record<string, number>;

  /** @returns the object's id */
  register(blob: Registration): string;
  certify(objectId: string): void;
  extend(objectId: string, endEpoch: number): void;
  /** null takes them away altogether. */
  setAttributes(objectId: string, attributes: Record<string, string> | null): void;
  delete(objectId: string): void;
  /** The object alone is gone; the storage nodes keep the blob. */
  burn(objectId: string): void;
  invalidate(blobId: BlobId): void;

  /** Any other object. Putting one where there is one replaces it. */
  put(object: NewSuiObject): SuiObjectRef;
  update(
    objectId: string,
    changes: Partial<Pick<SuiObject, 'type' | 'content' | 'json' | 'owner'>>,
  ): SuiObjectRef;
  remove(objectId: string): void;
  /** As it is now; undefined where there is none. */
  get(objectId: string): SuiObject | undefined;

  epochs: Readonly<Epochs>;
  /** @param startedAt ms; by default when it was due; null while the change is going on */
  advanceEpoch(startedAt?: number | null): void;
}

export interface SuiOptions {
  /** Shards of the Walrus network; 1000 by default, as on mainnet. */
  nShards?: number;
  epoch?: number;
  epochDurationMs?: number;
  epochStartedAt?: number | null;
  /** Names the chain: two stand-ins of one name say the same chain id. */
  network?: string;
}

/** With fewer the real client breaks: it asks them in tenths. */
const NODES = 11;
const FORTNIGHT_MS = 14 * 86_400_000;

export async function startSui(options: SuiOptions = {}): Promise<Sui> {
  const {
    nShards = 1000,
    epoch = 10,
    epochDurationMs = FORTNIGHT_MS,
    network = 'standin',
  } = options;
  const ledger = new SuiLedger();
  const packageId = ledger.newId();
  const requests: Record<string, number> = {};
  const counted = (request: string) => {
    requests[request] = (requests[request] ?? 0) + 1;
  };
  const answers: SuiAnswers = {
    refusal: null,
    instead: null,
    truncateAt: null,
    silent: false,
    endless: false,
    asOf: Date.now,
    before: null,
  };
  const nodes: NodeAnswers = { failing: null, silent: 0, unknownIs404: false, instead: null };
  let epochs: Epochs = {
    epoch,
    durationMs: epochDurationMs,
    startedAt: options.epochStartedAt === undefined ? Date.now() : options.epochStartedAt,
  };
  const blobs = new WalrusBlobs(ledger, packageId, () => epochs.epoch);

  const chainId = createHash('sha256').update(network).digest('hex').slice(0, 8);
  const app = fullNode(suiCalls(ledger, chainId), answers, counted);
  app.route(
    '/',
    storageNodes((blobId) => blobs.statusOf(blobId), nodes, counted),
  );
  const listening = await listen(app);

  const host = new URL(listening.url).host;
  const contract = deployWalrus(ledger, packageId, {
    nShards,
    epochs,
    nodes: Array.from({ length: NODES }, (_, node) => ({
      nodeId: ledger.newId(),
      address: `${host}/nodes/${node}`,
      shards: Array.from({ length: nShards }, (_, shard) => shard).filter(
        (at) => at % NODES === node,
      ),
    })),
  });
  const { systemObjectId, stakingPoolId } = contract;

  return {
    ...listening,
    answers,
    nodes,
    packageConfig: { systemObjectId, stakingPoolId },
    packageId,
    blobType: blobs.blobType,
    sharedBlobType: blobs.sharedBlobType,
    requests,
    register: (blob) => blobs.register(blob),
    certify: (objectId) => blobs.certify(objectId),
    extend: (objectId, endEpoch) => blobs.extend(objectId, endEpoch),
    setAttributes: (objectId, attributes) => blobs.setAttributes(objectId, attributes),
    delete: (objectId) => blobs.delete(objectId),
    burn: (objectId) => blobs.burn(objectId),
    invalidate: (blobId) => blobs.invalidate(blobId),
    put: (object) => ledger.put(object),
    update: (objectId, changes) => ledger.update(objectId, changes),
    remove: (objectId) => ledger.remove(objectId),
    get: (objectId) => ledger.get(objectId),
    get epochs() {
      return epochs;
    },
    advanceEpoch(startedAt) {
      const due = epochs.startedAt === null ? null : epochs.startedAt + epochs.durationMs;
      epochs = {
        ...epochs,
        epoch: epochs.epoch + 1,
        startedAt: startedAt === undefined ? due : startedAt,
      };
      contract.setEpochs(epochs);
    },
  };
}

const GRPC_WEB = { 'content-type': 'application/grpc-web+proto' };

function endless(): ReadableStream<Uint8Array> {
  const chunk = new Uint8Array(64 * 1024);
  return new ReadableStream({ pull: (controller) => controller.enqueue(chunk) });
}

function fullNode(
  calls: ReturnType<typeof suiCalls>,
  answers: SuiAnswers,
  counted: (call: string) => void,
): Hono {
  const node = new Hono();
  node.post('/:service{sui\\.rpc\\.[a-z0-9.]+[A-Za-z]+}/:method', async (context) => {
    const { service, method } = context.req.param();
    const name = `${service.split('.').at(-1)}/${method}`;
    counted(name);
    answers.before?.(name);
    if (answers.silent) await gone(context.req.raw.signal);
    if (answers.endless) return new Response(endless(), { headers: GRPC_WEB });
    if (answers.instead) {
      const { status, headers, body } = answers.instead;
      return new Response(body, { status, headers });
    }
    if (answers.refusal) {
      const { status, message = 'the stand-in refuses as it was told to' } = answers.refusal;
      const { retryAfterMs } = answers.refusal;
      const trailers = retryAfterMs === undefined ? {} : retryInfo(status, retryAfterMs);
      return refusal(new GrpcRefusal(status, message, trailers));
    }
    const call = calls.get(name);
    const answer = call ? await call(context) : unimplemented(name);
    if (answers.asOf) answer.headers.set('x-sui-timestamp-ms', `${answers.asOf()}`);
    if (answers.truncateAt === null) return answer;
    const cut = new Uint8Array(await answer.arrayBuffer()).subarray(0, answers.truncateAt);
    return new Response(cut, { headers: answer.headers });
  });
  return node;
}
