/** Blobs: what is known of each, and having it checked now. */
import { z } from 'zod';
import { attempt, blobFacts, chainFact, verificationRun } from '../../contract/blob.ts';
import { blobId } from '../../contract/names.ts';
import { duration } from '../../contract/time.ts';
import type { BlobId } from '../../lineage/manifest.ts';
import type { Store } from '../../store/store.ts';
import { type BlobDesk, NO_NETWORK_IS_SET } from '../../watch/blob-desk.ts';
import type { Clock } from '../../watch/clock.ts';
import { VerificationDropped } from '../../watch/verification-watch.ts';
import { within } from '../../watch/within.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { decodeCursor, listOf, pageOf, pageQuery } from '../page.ts';
import { attemptJson, blobFactsJson, chainFactJson } from '../present-blob.ts';
import { ProblemError } from '../problem.ts';
import { artifact, asOf } from './artifacts.ts';

interface Means {
  store: Store;
  desk: BlobDesk;
  clock: Pick<Clock, 'after'>;
}

const blob = z
  .strictObject({
    ...blobFacts,
    size: z.int().nullable(),
    artifacts: z.array(artifact).meta({ description: 'Those that hold it' }),
  })
  .meta({ id: 'Blob' });

const params = { blobId };
const key = z.strictObject({ id: z.int() });
/** Past it, an answer tells what the chain said before; what it says now is recorded all the same. */
const CHAIN_WAIT_MS = 5000;

export function blobRoutes(mount: Mount, { store, desk, clock }: Means): void {
  const factsOf = async (id: BlobId, asOf: number | null) => {
    const facts = (await store.blobFacts([id], asOf)).get(id)!;
    return blobFactsJson(id, facts, desk.chainProblem(id));
  };

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/blobs/{blobId}',
      role: 'read',
      summary: 'A blob: whether it is verified, retrievable and certified, and what holds it',
      params,
      query: { asOf },
      answers: { 200: { description: 'The blob', schema: blob } },
    },
    async ({ params: { blobId: id }, query, c }) => {
      const artifacts = await store.artifactsWith(id);
      const facts = await factsOf(id, query.asOf ?? null);
      const isKnown = facts.retrievable.at !== null || facts.chain.fact !== null;
      if (artifacts.length === 0 && !isKnown) {
        const message = `no artifact seen so far holds the blob '${id}', and nobody asked for it to be checked`;
        throw new ProblemError('not-found', message);
      }
      const { size } = await store.blobDue(id);
      return c.json({ ...facts, size, artifacts });
    },
  );

  endpoint(
    mount,
    {
      method: 'post',
      path: '/api/v1/blobs/{blobId}/verifications',
      role: 'admin',
      summary:
        'Fetch the bytes now, compute their Blob ID, and ask the chain; joins a run under way',
      params,
      query: {
        wait: duration('0s', '10m').default(60_000).meta({
          description: 'How long to wait for the end of it; after that it goes on by itself',
        }),
      },
      answers: {
        201: { description: 'How it went', schema: verificationRun },
        202: { description: 'It is under way', schema: verificationRun },
      },
    },
    async ({ params: { blobId: id }, query: { wait }, c }) => {
      const running = desk.verifyNow(id);
      if (!running) {
        throw new ProblemError('nothing-to-read', NO_NETWORK_IS_SET);
      }
      const asking = desk.askChainNow(id);
      const run = await within(wait, clock, running).catch((error: unknown) => {
        if (!(error instanceof VerificationDropped)) throw error;
        throw new ProblemError('stopping', error.message, { cause: error });
      });
      // The bytes are one question and the chain another: that one is waited for a little.
      await within(Math.min(wait, CHAIN_WAIT_MS), clock, asking);
      const { verification, chain } = await factsOf(id, null);
      const stands = { blobId: id, verification, chain };
      if (!run) return c.json({ ...stands, state: 'running', outcome: null, attempts: [] }, 202);
      const attempts = run.attempts.map(attemptJson);
      return c.json({ ...stands, state: 'done', outcome: run.outcome, attempts }, 201);
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/blobs/{blobId}/verifications',
      role: 'read',
      summary: 'Every attempt to verify a blob, newest first',
      params,
      query: pageQuery,
      answers: { 200: { description: 'A page of attempts', schema: listOf(attempt) } },
    },
    async ({ params: { blobId: id }, query: { limit, cursor }, c }) => {
      const before = decodeCursor(cursor, key)?.id ?? null;
      const found = await store.verifications(id, { limit, before });
      return c.json(pageOf(found, limit, idOf, attemptJson));
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/blobs/{blobId}/chain-facts',
      role: 'read',
      summary: 'What the chain said of a blob, each time it said something new, newest first',
      params,
      query: pageQuery,
      answers: { 200: { description: 'A page of facts', schema: listOf(chainFact) } },
    },
    async ({ params: { blobId: id }, query: { limit, cursor }, c }) => {
      const before = decodeCursor(cursor, key)?.id ?? null;
      const found = await store.chainFacts(id, { limit, before });
      return c.json(pageOf(found, limit, idOf, chainFactJson));
    },
  );
}

const idOf = ({ id }: { id: number }) => ({ id });
