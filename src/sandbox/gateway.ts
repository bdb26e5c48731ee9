/**
 * A stand-in inference gateway. It asks the hub what is under the model's name, fetches those bytes
 * by their Blob ID, runs them, and says in a header which blob it ran.
 */
import { Hono } from 'hono';
import { z } from 'zod';
import type { BlobId } from '../lineage/manifest.ts';
import { type Listening, listen } from './listen.ts';
import { parseWeights, score, transfer, WEIGHTS_FILE, type Weights } from './model.ts';

export const BLOB_HEADER = 'x-model-blob-id';

export interface Gateway extends Listening {
  /** While true, it goes on with what it resolved last, as a server with a warm cache does. */
  lagging: boolean;
}

const question = z.strictObject({ model: z.string(), input: transfer });
const latest = z.object({ files: z.array(z.object({ path: z.string(), blobId: z.string() })) });

export async function startGateway(options: {
  hubUrl: string;
  aggregatorUrl: string;
}): Promise<Gateway> {
  const weightsByBlob = new Map<BlobId, Promise<Weights>>();
  const blobByModel = new Map<string, BlobId>();
  const app = new Hono();

  app.post('/v1/infer', async (context) => {
    const asked = question.safeParse(await context.req.json().catch(() => null));
    if (!asked.success) return context.json({ error: z.prettifyError(asked.error) }, 400);
    const { model, input } = asked.data;
    try {
      const blobId = await resolve(model);
      const weights = await load(blobId);
      return context.json(score(weights, input), 200, { [BLOB_HEADER]: blobId });
    } catch (error) {
      return context.json({ error: `The model can't be run: ${(error as Error).message}` }, 502);
    }
  });

  async function resolve(model: string): Promise<BlobId> {
    const held = blobByModel.get(model);
    if (gateway.lagging && held) return held;
    const url = `${options.hubUrl}/internal/models/${encodeURIComponent(model)}/latest`;
    const { files } = latest.parse(await (await fetched(url)).json());
    const weights = files.find((file) => file.path === WEIGHTS_FILE);
    if (!weights) throw new Error(`${model} has no ${WEIGHTS_FILE}`);
    blobByModel.set(model, weights.blobId);
    return weights.blobId;
  }

  function load(blobId: BlobId): Promise<Weights> {
    const loading = weightsByBlob.get(blobId) ?? download(blobId);
    weightsByBlob.set(blobId, loading);
    loading.catch(() => weightsByBlob.delete(blobId));
    return loading;
  }

  async function download(blobId: BlobId): Promise<Weights> {
    return parseWeights(
      await (await fetched(`${options.aggregatorUrl}/v1/blobs/${blobId}`)).bytes(),
    );
  }

  const gateway: Gateway = { ...(await listen(app)), lagging: false };
  return gateway;
}

async function fetched(url: string): Promise<Response> {
  const response = await fetch(url);
  if (response.ok) return response;
  await response.body?.cancel();
  throw new Error(`${url} answered ${response.status}`);
}
