/** A blob: three facts about it kept apart, the artifacts that hold it, and every attempt to check it. */
import type { StoredAttempt, StoredChainFact } from '../../store/blob.ts';
import type { StoredArtifact } from '../../store/store.ts';
import type { Assets } from '../assets.ts';
import type { BlobView } from '../blob-view.ts';
import { bytesText, counted } from '../counted.ts';
import { cutLine } from '../cut-line.ts';
import type { GivenTime } from '../given-time.ts';
import { may, type PageContext } from '../page.ts';
import { Artifact, LabelName } from '../parts/artifact.tsx';
import { AsOfForm, AsOfNotice } from '../parts/as-of.tsx';
import { Attempts } from '../parts/attempts.tsx';
import { BlobFactList, sourceOf } from '../parts/blob-facts.tsx';
import { ChainFacts } from '../parts/chain-facts.tsx';
import { Copy } from '../parts/copy.tsx';
import { Empty } from '../parts/empty.tsx';
import { StillChecking } from '../parts/still-checking.tsx';
import { At } from '../parts/time.tsx';
import { Shell } from '../shell.tsx';

interface Props {
  page: PageContext;
  assets: Assets;
  path: string;
  asOf: GivenTime;
  view: BlobView;
  size: number | null;
  /** One more than `mostArtifacts` where there are more. */
  artifacts: StoredArtifact[];
  mostArtifacts: number;
  attempts: StoredAttempt[];
  firstPath: string | null;
  nextPath: string | null;
  /** One more than `mostFacts` where there are more. */
  chainFacts: StoredChainFact[];
  mostFacts: number;
  asked: number | null;
}

export function BlobPage(props: Props) {
  const { page, assets, path, asOf, view, size } = props;
  const { blobId } = view;
  return (
    <Shell page={page} assets={assets} title={`Blob ${blobId.slice(0, 12)}`}>
      <h1>Blob {blobId.slice(0, 12)}…</h1>
      <p>
        <code>{blobId}</code> <Copy text={blobId} what="the Blob ID" />{' '}
        <span class="soft nowrap">{bytesText(size)}</span>
      </p>
      <AsOfNotice
        page={page}
        path={path}
        asOf={asOf}
        leaves="What was found out later is left out of what is known of it; what holds it, its size and the lists below that are as of now."
      />
      {props.asked !== null && <StillChecking asked={props.asked} page={page} />}
      <Mismatches view={view} page={page} />
      <h2>What is known</h2>
      <p class="soft">
        Facts, each with its time and its source. None of them stands for another: what the chain
        certified says nothing of the bytes that somebody serves.
      </p>
      <BlobFactList view={view} page={page} />
      {may(page, 'admin') && (
        <form method="post" action={`${path}/verify`}>
          <button type="submit">Verify now</button>{' '}
          <span class="soft small">
            fetches the bytes, computes their Blob ID, and asks the chain
          </span>
        </form>
      )}
      <AsOfForm page={page} path={path} asOf={asOf} />
      <h2>Artifacts that hold it</h2>
      <Holding {...props} />
      <h2>Attempts to verify it</h2>
      <Attempts
        attempts={props.attempts}
        page={page}
        firstPath={props.firstPath}
        nextPath={props.nextPath}
      />
      <h2>What the chain said</h2>
      <ChainFacts facts={props.chainFacts} most={props.mostFacts} page={page} />
    </Shell>
  );
}

function Mismatches({ view, page }: { view: BlobView; page: PageContext }) {
  if (view.mismatches.length === 0) return null;
  return (
    <div class="notice alarm">
      <p>
        <strong>Mismatch: other bytes are served under this Blob ID.</strong> Whoever loads it from
        there gets something else, whatever others serve. It stays so until the same aggregator
        serves the right bytes.
      </p>
      <ul>
        {view.mismatches.map(({ aggregator, recordedAt, code, computedBlobId }) => (
          <li>
            {sourceOf(aggregator)} (<code>{code}</code>), <At at={recordedAt} page={page} />
            {computedBlobId && (
              <>
                ; what it serves is <code>{computedBlobId}</code>
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Holding({ artifacts, mostArtifacts, view }: Props) {
  if (artifacts.length === 0) {
    return (
      <Empty what="No artifact that was seen holds it.">
        <p>Somebody asked for it to be checked, and no label was read with it.</p>
      </Empty>
    );
  }
  return (
    <table class="cards">
      {artifacts.length > mostArtifacts && <caption>The first {mostArtifacts} of more</caption>}
      <thead>
        <tr>
          <th scope="col">Artifact</th>
          <th scope="col">As the file</th>
          <th scope="col">Labels it is or was under</th>
        </tr>
      </thead>
      <tbody>
        {artifacts.slice(0, mostArtifacts).map(({ artifactId, files, labels }) => {
          const paths = files.filter((file) => file.blobId === view.blobId);
          return (
            <tr>
              <th scope="row">
                <Artifact artifactId={artifactId} />
              </th>
              <td data-name="As the file">
                {paths.slice(0, 3).map(({ path }) => (
                  <div>{cutLine(path, paths.length === 1 ? 400 : 160)}</div>
                ))}
                {paths.length > 3 && `and ${counted(paths.length - 3, 'other path')}`}
              </td>
              <td data-name="Labels">
                {labels.slice(0, 5).map((name, i) => (
                  <>
                    {i > 0 && ', '}
                    <LabelName name={name} />
                  </>
                ))}
                {labels.length > 5 && ` and ${labels.length - 5} more`}
                {labels.length === 0 && <span class="soft">none any more</span>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
