/**
 * Stand-in Walrus storage nodes, all on one port: node N answers under `/nodes/N`. They tell a
 * blob's status; they hold no slivers, so blobs are read from the stand-in aggregator instead.
 */
import { Hono } from 'hono';
import type { BlobId } from '../lineage/manifest.ts';
import { isBlobId } from '../walrus/blob-id.ts';
import type { NodeStatus } from './walrus-blobs.ts';

/** How the nodes answer. Change it at any time; the next answer follows it. */
export interface NodeAnswers {
  /** So many of them, the first ones, answer with this status and no more. */
  failing: { nodes: number; status: number } | null;
  /** So many of them, the first ones, never answer. */
  silent: number;
  /** A blob that isn't there is 404 (true), or said to be nonexistent (false), as today's nodes do. */
  unknownIs404: boolean;
  /** A status that stands in place of the true one, for the nodes that give it. */
  instead: ((node: number, blobId: BlobId) => unknown) | null;
}

export function storageNodes(
  statusOf: (blobId: BlobId) => NodeStatus,
  answers: NodeAnswers,
  counted: (request: string) => void,
): Hono {
  const nodes = new Hono();
  nodes.get('/nodes/:node/v1/blobs/:id/status', async (context) => {
    counted('storage-node/status');
    const node = Number(context.req.param('node'));
    const blobId = context.req.param('id');
    if (node < answers.silent) await gone(context.req.raw.signal);
    if (answers.failing && node < answers.failing.nodes) {
      const { status } = answers.failing;
      return error(status, 'the stand-in storage node fails as it was told to');
    }
    if (!isBlobId(blobId)) return error(400, `not a blob ID: ${blobId}`);
    const data = answers.instead?.(node, blobId) ?? statusOf(blobId);
    if (data === 'nonexistent' && answers.unknownIs404) return error(404, 'unknown blob');
    return context.json({ success: { code: 200, data } });
  });
  return nodes;
}

/** Ends when whoever asked has given up. */
export function gone(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}

function error(code: number, message: string): Response {
  return Response.json(
    { error: { status: 'ERROR', code, message, details: [] } },
    { status: code },
  );
}
