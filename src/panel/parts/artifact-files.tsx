/** Files of an artifact, and each fact about their blobs in a column of its own. */
import type { ManifestFile } from '../../lineage/manifest.ts';
import { type BlobView, toldAt } from '../blob-view.ts';
import { bytesText } from '../counted.ts';
import { cutLine } from '../cut-line.ts';
import { type PageContext, pathTo } from '../page.ts';
import { sourceOf } from './blob-facts.tsx';
import { Copy } from './copy.tsx';
import { Basis, insideText } from './inspection.tsx';
import { Chain, Retrievable, Verification } from './standing.tsx';
import { Ago } from './time.tsx';

interface Props {
  rows: { file: ManifestFile; view: BlobView }[];
  caption: string;
  page: PageContext;
}

export function ArtifactFiles({ rows, caption, page }: Props) {
  return (
    <table class="cards">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">File</th>
          <th scope="col">Bytes</th>
          <th scope="col">Retrievable</th>
          <th scope="col">Chain</th>
          <th scope="col">Inside</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <FileRow {...row} page={page} />
        ))}
      </tbody>
    </table>
  );
}

function FileRow({ file, view, page }: Props['rows'][number] & { page: PageContext }) {
  const { path, blobId, size } = file;
  const { standing, chain, inspection } = view;
  const { state, because, retrievable, last } = standing;
  return (
    <tr class={state === 'mismatch' ? 'troubled' : undefined}>
      <th scope="row">
        {cutLine(path)}
        <div class="small">
          <a class="id" href={pathTo('blobs', blobId)}>
            {blobId}
          </a>{' '}
          <Copy text={blobId} what="the Blob ID" />
        </div>
        <div class="small soft">
          {bytesText(size)}
          {size !== null && ', as its source says'}
        </div>
      </th>
      <td data-name="Bytes">
        <Verification state={state} />
        {because && (
          <div class="small">
            <Ago at={because.recordedAt} page={page} /> from {sourceOf(because.aggregator)}
            {because.code && ` (${because.code})`}
          </div>
        )}
      </td>
      <td data-name="Retrievable">
        <Retrievable state={retrievable} />
        {last && (
          <div class="small">
            <Ago at={last.recordedAt} page={page} />
          </div>
        )}
      </td>
      <td data-name="Chain">
        <Chain fact={chain} now={toldAt(view, page.now)} />
        {chain && (
          <div class="small">
            <Ago at={chain.confirmedAt} page={page} />
          </div>
        )}
      </td>
      <td data-name="Inside">
        {inspection === null || inspection === 'later' ? (
          <span class="soft">{inspection === null ? 'not looked into' : 'looked into later'}</span>
        ) : (
          <>
            <div class="small">{insideText(inspection.inspection)}</div>
            <Basis basis={inspection.basis} />
          </>
        )}
      </td>
    </tr>
  );
}
