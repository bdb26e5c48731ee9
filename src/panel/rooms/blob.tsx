/** `/blobs/:id`: whether it is verified, retrievable and certified, what holds it, and every attempt. */
import type { BlobId } from '../../lineage/manifest.ts';
import type { Store } from '../../store/store.ts';
import { blobIdProblem, canonicalBlobId } from '../../walrus/blob-id.ts';
import type { BlobDesk } from '../../watch/blob-desk.ts';
import { blobViews } from '../blob-view.ts';
import { givenTime } from '../given-time.ts';
import { pathTo, withQuery } from '../page.ts';
import { BlobPage } from '../pages/blob.tsx';
import { PageError, type Panel } from '../panel.tsx';
import { askedAt } from './artifact.tsx';
import { type VerifyMeans, verifyNow } from './blob-verify.ts';

export interface BlobMeans extends VerifyMeans {
  store: Store;
  desk: BlobDesk;
  now: () => number;
}

const MOST_ARTIFACTS = 30;
const ATTEMPTS_A_PAGE = 30;
const MOST_FACTS = 20;

export function blobRoutes({ page, form, assets }: Panel, means: BlobMeans): void {
  const { store, now } = means;

  page('/blobs/:id', async (c, context) => {
    const blobId = blobIdIn(c.req.param('id') ?? '');
    const asOf = givenTime(c.req.query('asOf'), context.zone, 'floor');
    const artifacts = await store.artifactsWith(blobId, MOST_ARTIFACTS + 1);
    const view = (await blobViews(means, [blobId], asOf.at)).get(blobId)!;
    const before = idIn(c.req.query('attempts'));
    const attempts = await store.verifications(blobId, { limit: ATTEMPTS_A_PAGE, before });
    const chainFacts = await store.chainFacts(blobId, { limit: MOST_FACTS + 1, before: null });
    if (artifacts.length === 0 && attempts.length === 0 && chainFacts.length === 0 && !before) {
      throw neverSeen(blobId);
    }
    const { size } = await store.blobDue(blobId);
    const path = pathTo('blobs', blobId);
    const given = { asOf: asOf.text || null };
    const last = attempts.length === ATTEMPTS_A_PAGE ? attempts.at(-1) : undefined;
    return c.html(
      <BlobPage
        page={context}
        assets={assets}
        path={path}
        asOf={asOf}
        view={view}
        size={size}
        artifacts={artifacts}
        mostArtifacts={MOST_ARTIFACTS}
        attempts={attempts}
        firstPath={before === null ? null : withQuery(path, given)}
        nextPath={last ? withQuery(path, { ...given, attempts: last.id }) : null}
        chainFacts={chainFacts}
        mostFacts={MOST_FACTS}
        asked={askedAt(c, now(), [view])}
      />,
      asOf.problem === null ? 200 : 400,
    );
  });

  form('/blobs/:id/verify', 'admin', async (c) => {
    const blobId = blobIdIn(c.req.param('id') ?? '');
    const asked = now();
    const done = await verifyNow(means, [blobId]);
    return c.redirect(withQuery(pathTo('blobs', blobId), { asked: done ? null : asked }), 303);
  });
}

function neverSeen(blobId: BlobId): PageError {
  const detail = `No artifact seen so far holds the blob '${blobId}', and nobody asked for it to be checked. To have it checked all the same: underlabel verify ${blobId}`;
  return new PageError(404, 'There is no such blob', detail);
}

function blobIdIn(given: string): BlobId {
  const problem = blobIdProblem(given);
  if (problem === null) return given;
  const canonical = canonicalBlobId(given);
  const todo = canonical ? ` It is at ${pathTo('blobs', canonical)}.` : '';
  throw new PageError(
    404,
    'There is no such blob',
    `'${given.slice(0, 200)}' is ${problem}.${todo}`,
  );
}

function idIn(given: string | undefined): number | null {
  return /^[1-9]\d{0,14}$/.test(given ?? '') ? Number(given) : null;
}
