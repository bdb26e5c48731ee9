/** An artifact: its files, each fact about their blobs by itself, the labels it was under, and what to compare it with. */
import type { ManifestFile } from '../../lineage/manifest.ts';
import type { BlobState } from '../../store/blob.ts';
import type { ArtifactBeside, ArtifactTenure, StoredArtifact } from '../../store/store.ts';
import { shortId } from '../artifact-colour.ts';
import type { Assets } from '../assets.ts';
import type { BlobView } from '../blob-view.ts';
import { counted, grouped } from '../counted.ts';
import type { GivenTime } from '../given-time.ts';
import { may, type PageContext, withQuery } from '../page.ts';
import { ArtifactFiles } from '../parts/artifact-files.tsx';
import { ArtifactTenures } from '../parts/artifact-tenures.tsx';
import { AsOfForm, AsOfNotice } from '../parts/as-of.tsx';
import { CompareForm } from '../parts/compare-form.tsx';
import { Copy } from '../parts/copy.tsx';
import { Pager } from '../parts/pager.tsx';
import { Verification } from '../parts/standing.tsx';
import { StillChecking } from '../parts/still-checking.tsx';
import { Swatch } from '../parts/swatch.tsx';
import { Shell } from '../shell.tsx';

/** Blobs that one press of a button has checked. */
export const MOST_AT_ONCE = 16;

interface Props {
  page: PageContext;
  assets: Assets;
  artifact: StoredArtifact;
  path: string;
  asOf: GivenTime;
  /** How many it has, each once. */
  blobs: number;
  /** The worst first; null: not counted. */
  states: { state: BlobState; count: number }[] | null;
  rows: { file: ManifestFile; view: BlobView }[];
  /** How many files stand before them. */
  first: number;
  previousPath: string | null;
  nextPath: string | null;
  tenures: ArtifactTenure[];
  mostTenures: number;
  /** One more than `mostBeside` where there are more. */
  beside: ArtifactBeside[];
  mostBeside: number;
  asked: number | null;
}

export function ArtifactPage(props: Props) {
  const { page, assets, artifact, path, asOf, tenures, mostTenures, beside, rows } = props;
  const { artifactId, files } = artifact;
  return (
    <Shell page={page} assets={assets} title={`Artifact ${shortId(artifactId)}`}>
      <h1>
        <Swatch artifactId={artifactId} /> Artifact {shortId(artifactId)}
      </h1>
      <p>
        <code>{artifactId}</code> <Copy text={artifactId} what="the artifact's id" />
      </p>
      <p class="row">
        <a href={withQuery('/traces', { q: `artifact:${artifactId}` })}>Traces it produced</a>
        <a href="#labels">Labels it was under</a>
        <a href="#files">{counted(files.length, 'file')}</a>
        <a href="#compare">Compare</a>
      </p>
      <AsOfNotice
        page={page}
        path={path}
        asOf={asOf}
        leaves="What was found out about its blobs later is left out; its files, their sizes and its labels are as of now."
      />
      {props.asked !== null && <StillChecking asked={props.asked} page={page} />}
      <Standing {...props} />
      <AsOfForm page={page} path={path} asOf={asOf} />
      <h2 id="labels">Labels it was under</h2>
      <ArtifactTenures tenures={tenures} most={mostTenures} page={page} />
      <h2 id="files">Files</h2>
      <ArtifactFiles
        rows={rows}
        page={page}
        caption={`${grouped(props.first + 1)} to ${grouped(props.first + rows.length)} of ${counted(files.length, 'file')}${props.states && files.length > 1 ? ', those that need somebody first' : ''}. Verified, retrievable and certified are three facts: none stands for another.`}
      />
      <Pager
        first={props.previousPath}
        firstWords="Previous files"
        next={props.nextPath}
        older="More files"
      />
      <h2 id="compare">Compare with another artifact</h2>
      <CompareForm artifactId={artifactId} beside={beside} most={props.mostBeside} page={page} />
    </Shell>
  );
}

function Standing({ page, path, blobs, states }: Props) {
  return (
    <>
      <div class="row">
        {states === null ? (
          <span class="soft">
            How all {grouped(blobs)} blobs stood then is not counted: look at each file below.
          </span>
        ) : (
          states.map(({ state, count }) => (
            <span>
              <Verification state={state} /> {counted(count, 'blob')}
            </span>
          ))
        )}
      </div>
      {states?.some(({ state }) => state === 'mismatch') && (
        <div class="notice alarm">
          <p>
            <strong>
              Mismatch: an aggregator serves other bytes under a Blob ID of this artifact.
            </strong>{' '}
            Whoever loads it from there runs something else. The file below says where; load it from
            another aggregator, and check what was loaded (<code>underlabel blob-id FILE</code>).
          </p>
        </div>
      )}
      {may(page, 'admin') && blobs <= MOST_AT_ONCE && (
        <form method="post" action={`${path}/verify`}>
          <button type="submit">Verify now</button>{' '}
          <span class="soft small">
            fetches the bytes of {counted(blobs, 'blob')}, computes the Blob ID, and asks the chain
          </span>
        </form>
      )}
    </>
  );
}
