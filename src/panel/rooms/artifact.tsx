/** `/artifacts/:id`: its files, how they stand, and where it was. */
import type { Context } from 'hono';
import { artifactId as artifactIdInput } from '../../contract/names.ts';
import type { BlobId } from '../../lineage/manifest.ts';
import type { BlobState } from '../../store/blob.ts';
import type { Store, StoredArtifact } from '../../store/store.ts';
import { standingOf } from '../../walrus/standing.ts';
import type { BlobDesk } from '../../watch/blob-desk.ts';
import { type BlobView, blobViews } from '../blob-view.ts';
import { givenTime } from '../given-time.ts';
import { pathTo, withQuery } from '../page.ts';
import { ArtifactPage, MOST_AT_ONCE } from '../pages/artifact.tsx';
import { PageError, type Panel } from '../panel.tsx';
import { type VerifyMeans, verifyNow } from './blob-verify.ts';

export interface ArtifactMeans extends VerifyMeans {
  store: Store;
  desk: BlobDesk;
  now: () => number;
}

/** A row says a lot, and a page stays small. */
const FILES_A_PAGE = 30;
const MOST_TENURES = 50;
const MOST_BESIDE = 50;
/** How each stood then is reckoned anew; past it only for those on the page. */
const MOST_AS_OF = 1000;

export function artifactRoutes({ page, form, assets }: Panel, means: ArtifactMeans): void {
  const { store, now } = means;

  page('/artifacts/:id', async (c, context) => {
    const artifact = await knownArtifact(store, c.req.param('id') ?? '');
    const { artifactId } = artifact;
    const asOf = givenTime(c.req.query('asOf'), context.zone, 'floor');
    const ids = [...new Set(artifact.files.map((file) => file.blobId))];
    const states = await statesOf(store, artifact, ids, asOf.at);
    const ordered = states ? worstFirst(artifact.files, states) : artifact.files;
    const pages = Math.max(1, Math.ceil(ordered.length / FILES_A_PAGE));
    const at = Math.min(pageNumber(c), pages);
    const files = ordered.slice((at - 1) * FILES_A_PAGE, at * FILES_A_PAGE);
    const views = await blobViews(
      means,
      files.map((file) => file.blobId),
      asOf.at,
    );
    const path = pathTo('artifacts', artifactId);
    const pathOf = (number: number) =>
      withQuery(path, { asOf: asOf.text || null, files: number === 1 ? null : number });
    return c.html(
      <ArtifactPage
        page={context}
        assets={assets}
        artifact={artifact}
        path={path}
        asOf={asOf}
        blobs={ids.length}
        states={states && countsOf(states)}
        rows={files.map((file) => ({ file, view: views.get(file.blobId)! }))}
        first={(at - 1) * FILES_A_PAGE}
        previousPath={at > 1 ? pathOf(at - 1) : null}
        nextPath={at < pages ? pathOf(at + 1) : null}
        tenures={await store.tenuresOf(artifactId, MOST_TENURES + 1)}
        mostTenures={MOST_TENURES}
        mostBeside={MOST_BESIDE}
        beside={await store.artifactsBeside(artifactId, MOST_BESIDE + 1)}
        asked={askedAt(c, now(), [...views.values()])}
      />,
      asOf.problem === null ? 200 : 400,
    );
  });

  form('/artifacts/:id/verify', 'admin', async (c) => {
    const { artifactId, files } = await knownArtifact(store, c.req.param('id') ?? '');
    const ids = [...new Set(files.map((file) => file.blobId))];
    if (ids.length > MOST_AT_ONCE) {
      const detail = `This artifact has ${ids.length} blobs, and a page has at most ${MOST_AT_ONCE} checked at once. Check single ones on their pages, or all: underlabel verify ${artifactId}`;
      throw new PageError(409, 'That is too much for a page', detail);
    }
    const asked = now();
    const done = await verifyNow(means, ids);
    const path = pathTo('artifacts', artifactId);
    return c.redirect(withQuery(path, { asked: done ? null : asked }), 303);
  });
}

/** @throws PageError 404 */
export async function knownArtifact(
  store: Pick<Store, 'artifact'>,
  id: string,
): Promise<StoredArtifact> {
  const title = 'There is no such artifact';
  const where = 'The pages of labels, changes and traces link to the artifacts that were seen.';
  if (!artifactIdInput.safeParse(id).success) {
    const detail = `'${id.slice(0, 200)}' is no artifact id: that is 'sha256:' and 64 lower-case hex digits. ${where}`;
    throw new PageError(404, title, detail);
  }
  const found = await store.artifact(id);
  if (found) return found;
  throw new PageError(404, title, `No reading saw '${id}'. ${where}`);
}

/** When a check was asked for that is not over yet, as far as these say; null where that is long ago. */
export function askedAt(c: Context, now: number, views: readonly BlobView[]): number | null {
  const asked = Number(c.req.query('asked') ?? Number.NaN);
  const isRecent = Number.isSafeInteger(asked) && asked <= now && now - asked < 3_600_000;
  if (!isRecent) return null;
  const isOver = views.every(({ standing: { last } }) => last !== null && last.recordedAt >= asked);
  return isOver ? null : asked;
}

function pageNumber(c: Context): number {
  const given = c.req.query('files') ?? '';
  return /^[1-9]\d{0,5}$/.test(given) ? Number(given) : 1;
}

/** Null: too many to be reckoned as of a time. */
async function statesOf(
  store: Pick<Store, 'blobStatesOf' | 'blobFacts'>,
  { artifactId }: StoredArtifact,
  ids: readonly BlobId[],
  asOf: number | null,
): Promise<Map<BlobId, BlobState> | null> {
  if (asOf === null) return store.blobStatesOf(artifactId);
  if (ids.length > MOST_AS_OF) return null;
  const facts = await store.blobFacts(ids, asOf);
  return new Map([...facts].map(([id, { attempts }]) => [id, standingOf(attempts).state]));
}

const WORST: readonly BlobState[] = ['mismatch', 'unavailable', 'unchecked', 'verified'];

/** Those that need somebody are not to be looked for; else in order of path. */
function worstFirst(
  files: StoredArtifact['files'],
  states: ReadonlyMap<BlobId, BlobState>,
): StoredArtifact['files'] {
  const stateOf = (blobId: BlobId) => states.get(blobId) ?? 'unchecked';
  return WORST.flatMap((state) => files.filter(({ blobId }) => stateOf(blobId) === state));
}

function countsOf(states: ReadonlyMap<BlobId, BlobState>): { state: BlobState; count: number }[] {
  const all = [...states.values()];
  return WORST.flatMap((state) => {
    const count = all.filter((one) => one === state).length;
    return count > 0 ? [{ state, count }] : [];
  });
}
