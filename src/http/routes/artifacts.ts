/** Artifacts and blobs: what is known of them. */
import { z } from 'zod';
import { artifactId, blobId } from '../../contract/names.ts';
import { formatTime } from '../../contract/time.ts';
import type { Store, StoredAnswer } from '../../store/store.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { ProblemError } from '../problem.ts';

const artifact = z
  .strictObject({
    artifactId,
    files: z.array(z.strictObject({ path: z.string(), blobId, size: z.int().nullable() })),
    labels: z.array(z.string()).meta({ description: 'Labels it is or was under' }),
  })
  .meta({ id: 'Artifact' });

const blob = z
  .strictObject({ blobId, size: z.int().nullable(), artifacts: z.array(artifact) })
  .meta({ id: 'Blob' });

export function artifactRoutes(mount: Mount, store: Store): void {
  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/artifacts/{artifactId}',
      role: 'read',
      summary: 'An artifact: its files, and the labels it is or was under',
      params: { artifactId },
      answers: { 200: { description: 'The artifact', schema: artifact } },
    },
    async ({ params, c }) => {
      const found = await store.artifact(params.artifactId);
      if (!found)
        throw new ProblemError('not-found', `no artifact '${params.artifactId}' was seen`);
      return c.json(found);
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/blobs/{blobId}',
      role: 'read',
      summary: 'A blob: what is known of it, and the artifacts that hold it',
      params: { blobId },
      answers: { 200: { description: 'The blob', schema: blob } },
    },
    async ({ params, c }) => {
      const artifacts = await store.artifactsWith(params.blobId);
      if (artifacts.length === 0) {
        throw new ProblemError(
          'not-found',
          `no artifact seen so far holds the blob '${params.blobId}'`,
        );
      }
      const files = artifacts.flatMap(({ files: all }) => all);
      const stated = files.find((file) => file.blobId === params.blobId && file.size !== null);
      return c.json({ blobId: params.blobId, size: stated?.size ?? null, artifacts });
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/answers/{sha256}',
      role: 'read',
      summary: "A source's raw answer, word for word, where it was kept",
      params: { sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits') },
      answers: { 200: { description: 'The answer', schema: z.string(), type: 'text/plain' } },
    },
    async ({ params: { sha256 }, c }) => {
      const found = await store.answer(sha256);
      if (found?.body == null) {
        throw new ProblemError('not-found', `the answer '${sha256}' ${whyMissing(found)}`);
      }
      // Hostile text: never to be rendered.
      const headers = { 'content-disposition': 'attachment', 'x-content-type-options': 'nosniff' };
      return c.text(found.body, 200, headers);
    },
  );
}

function whyMissing(answer: StoredAnswer | null): string {
  if (!answer) return 'was not kept';
  const { bytes, droppedAt } = answer;
  if (droppedAt === null) return `was ${bytes} bytes, longer than is kept`;
  return `was ${bytes} bytes and was let go of at ${formatTime(droppedAt)} (UNDERLABEL_KEEP_ANSWERS); it revealed no change`;
}
