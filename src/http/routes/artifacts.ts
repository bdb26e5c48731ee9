/** Artifacts and blobs: what is known of them. */
import { z } from 'zod';
import { blobFacts, verificationState } from '../../contract/blob.ts';
import { artifactId, blobId } from '../../contract/names.ts';
import { formatTime, startTime } from '../../contract/time.ts';
import type { Store, StoredAnswer } from '../../store/store.ts';
import { worstOf } from '../../walrus/standing.ts';
import type { BlobDesk } from '../../watch/blob-desk.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { blobFactsJson } from '../present-blob.ts';
import { ProblemError } from '../problem.ts';

const files = {
  artifactId,
  files: z.array(z.strictObject({ path: z.string(), blobId, size: z.int().nullable() })),
  labels: z.array(z.string()).meta({ description: 'Labels it is or was under' }),
};
export const artifact = z.strictObject(files).meta({ id: 'Artifact' });

export const asOf = startTime.optional().meta({
  description:
    "Leaves out what was found out about blobs after it. What holds them, their sizes and the chain's `problem` are as of now",
});

const artifactFacts = z
  .strictObject({
    ...files,
    verification: verificationState.meta({
      description: 'The worst of its blobs: verified only where every one of them is',
    }),
    blobs: z.array(z.strictObject(blobFacts)).meta({ description: 'Each once, in order of path' }),
  })
  .meta({ id: 'ArtifactFacts' });

export function artifactRoutes(mount: Mount, store: Store, desk: BlobDesk): void {
  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/artifacts/{artifactId}',
      role: 'read',
      summary:
        'An artifact: its files, what is known of their blobs, and the labels it is or was under',
      params: { artifactId },
      query: { asOf },
      answers: { 200: { description: 'The artifact', schema: artifactFacts } },
    },
    async ({ params, query, c }) => {
      const found = await store.artifact(params.artifactId);
      if (!found)
        throw new ProblemError('not-found', `no artifact '${params.artifactId}' was seen`);
      const ids = [...new Set(found.files.map((file) => file.blobId))];
      const facts = await store.blobFacts(ids, query.asOf ?? null);
      const blobs = ids.map((id) => blobFactsJson(id, facts.get(id)!, desk.chainProblem(id)));
      const verification = worstOf(blobs.map((each) => each.verification.state));
      return c.json({ ...found, verification, blobs });
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
