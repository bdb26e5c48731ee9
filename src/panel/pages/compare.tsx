/** Two artifacts compared: files added, removed, changed and renamed, and what changed inside. */
import type { ArtifactDiff } from '../../contract/artifact-diff.ts';
import { shortIds } from '../../words/short-ids.ts';
import type { Assets } from '../assets.ts';
import { shownFiles } from '../compare-room.ts';
import { bytesText, counted, grouped } from '../counted.ts';
import { cutLine } from '../cut-line.ts';
import { type PageContext, pathTo, withQuery } from '../page.ts';
import { ArtifactBeside } from '../parts/artifact-beside.tsx';
import { ChangedFileSection } from '../parts/changed-file.tsx';
import { Shell } from '../shell.tsx';

interface Props {
  page: PageContext;
  assets: Assets;
  diff: ArtifactDiff;
  path: string;
  /** The changed file that is looked at; null: all. */
  chosen: number | null;
}

const MOST_PATHS = 20;

export function ComparePage({ page, assets, diff, path, chosen }: Props) {
  const [from, to] = [diff.before.artifactId, diff.after.artifactId];
  const sides = [from, to];
  const short = shortIds(sides);
  const shown = shownFiles(diff, chosen);
  const json = `/api/v1/artifacts/${encodeURIComponent(from)}/compare/${encodeURIComponent(to)}`;
  const unseen = shown.some(
    ({ file }) => file.before.format === null || file.after.format === null,
  );
  const isAlone = chosen !== null && diff.changed.items[chosen] !== undefined;
  return (
    <Shell page={page} assets={assets} title={`${short(from)} to ${short(to)}`}>
      <h1>What changed inside</h1>
      <p>{cutLine(diff.summary, 1000)}</p>
      <dl class="facts">
        <dt>Before</dt>
        <dd>
          <ArtifactBeside artifactId={from} among={sides} />{' '}
          <span class="soft">{filesText(diff.before)}</span>
        </dd>
        <dt>After</dt>
        <dd>
          <ArtifactBeside artifactId={to} among={sides} />{' '}
          <span class="soft">{filesText(diff.after)}</span>
        </dd>
        <dt>The same in both</dt>
        <dd>{counted(diff.unchanged, 'file')}</dd>
      </dl>
      <p class="row noprint">
        <a href={pathTo('compare', to, from)}>The other way round</a>
        <a href={withQuery('/traces', { q: `artifact:${from}` })}>Traces before</a>
        <a href={withQuery('/traces', { q: `artifact:${to}` })}>Traces after</a>
        <a href={json}>The whole report as JSON</a>
        {isAlone && <a href={path}>All files</a>}
      </p>
      {unseen && (
        <form method="post" action={`${path}/look`} class="notice">
          <p>
            Of some files nobody has looked into both sides yet. An aggregator can be asked now;
            what it serves is shown as unverified until the whole bytes were checked.
          </p>
          <button type="submit">Look inside now</button>{' '}
          <span class="soft small">takes up to 10 s</span>
        </form>
      )}
      {diff.notes.map((note) => (
        <div class="notice care">
          <p>{cutLine(note, 1000)}</p>
        </div>
      ))}
      {diff.changed.count > 0 && <h2>Changed ({grouped(diff.changed.count)})</h2>}
      {shown.map((one) => (
        <ChangedFileSection
          {...one}
          path={diff.changed.count > 1 ? path : null}
          isAlone={isAlone}
        />
      ))}
      {!isAlone && (
        <>
          <More count={diff.changed.count} listed={shown.length} json={json} what="changed file" />
          <OneSide what="added" files={diff.added} json={json} />
          <OneSide what="removed" files={diff.removed} json={json} />
          <Renamed files={diff.renamed} json={json} />
        </>
      )}
    </Shell>
  );
}

type Listed = ArtifactDiff['added'];

function OneSide({ what, files, json }: { what: string; files: Listed; json: string }) {
  if (files.count === 0) return null;
  const listed = files.items.slice(0, MOST_PATHS);
  return (
    <>
      <h2>
        {what === 'added' ? 'Added' : 'Removed'} ({grouped(files.count)})
      </h2>
      <ul>
        {listed.map(({ path, blobId, size, sameBlobAt }) => (
          <li>
            {cutLine(path)} <BlobLink blobId={blobId} /> <span class="soft">{bytesText(size)}</span>
            {sameBlobAt !== null && `, the same blob as ${cutLine(sameBlobAt)} on the other side`}
          </li>
        ))}
      </ul>
      <More count={files.count} listed={listed.length} json={json} what={`${what} file`} />
    </>
  );
}

function Renamed({ files, json }: { files: ArtifactDiff['renamed']; json: string }) {
  if (files.count === 0) return null;
  const listed = files.items.slice(0, MOST_PATHS);
  return (
    <>
      <h2>Renamed ({grouped(files.count)})</h2>
      <ul>
        {listed.map(({ from, to, blobId, size }) => (
          <li>
            {cutLine(from)} → {cutLine(to)} <BlobLink blobId={blobId} />{' '}
            <span class="soft">{bytesText(size)}, the same blob</span>
          </li>
        ))}
      </ul>
      <More count={files.count} listed={listed.length} json={json} what="renamed file" />
    </>
  );
}

function BlobLink({ blobId }: { blobId: string }) {
  return (
    <a class="id small" href={pathTo('blobs', blobId)}>
      {blobId}
    </a>
  );
}

function More({
  count,
  listed,
  json,
  what,
}: {
  count: number;
  listed: number;
  json: string;
  what: string;
}) {
  if (count <= listed) return null;
  return (
    <p>
      and {counted(count - listed, `other ${what}`)}; <a href={json}>the report as JSON</a> has more
    </p>
  );
}

/** Files of unknown size are never counted as empty ones. */
function filesText({ files, knownBytes, unknownSizes }: ArtifactDiff['before']): string {
  const sum =
    unknownSizes === 0
      ? bytesText(knownBytes)
      : unknownSizes === files
        ? 'sizes unknown'
        : `at least ${bytesText(knownBytes)} (${counted(unknownSizes, 'size')} unknown)`;
  return `${counted(files, 'file')}, ${sum}`;
}
