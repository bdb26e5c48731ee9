/** What is known of a blob: a fact a line, each with when it was found out and where from. */
import type { PropsWithChildren } from 'hono/jsx';
import { type BlobView, toldAt } from '../blob-view.ts';
import { bytesText } from '../counted.ts';
import { cutLine } from '../cut-line.ts';
import type { PageContext } from '../page.ts';
import { howLong } from '../when.ts';
import { Basis, insideText } from './inspection.tsx';
import { Chain, Retrievable, Verification } from './standing.tsx';
import { At } from './time.tsx';

export function BlobFactList({ view, page }: { view: BlobView; page: PageContext }) {
  return (
    <dl class="facts">
      <Fact name="Verified">
        <Verified view={view} page={page} />
      </Fact>
      <Fact name="Retrievable">
        <Retrieved view={view} page={page} />
      </Fact>
      <Fact name="Certified">
        <Certified view={view} page={page} />
      </Fact>
      <Fact name="Inside">
        <Inside view={view} page={page} />
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: PropsWithChildren<{ name: string }>) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

interface Props {
  view: BlobView;
  page: PageContext;
}

function Verified({ view: { standing }, page }: Props) {
  const { state, because, verified } = standing;
  return (
    <>
      <Verification state={state} />{' '}
      {because === null ? (
        <span class="soft">nobody tried to fetch and check the bytes</span>
      ) : (
        <>
          <At at={because.recordedAt} page={page} />, from {sourceOf(because.aggregator)}
          {because.bytes !== null && `, ${bytesText(because.bytes)}`} in {howLong(because.tookMs)}
        </>
      )}
      {because?.code && (
        <div class="small">
          <code>{because.code}</code> {cutLine(because.message ?? '', 400)}
        </div>
      )}
      {because?.computedBlobId && state === 'mismatch' && (
        <div class="small">
          What was served has the Blob ID <code>{because.computedBlobId}</code>
        </div>
      )}
      {verified && state !== 'verified' && (
        <div class="small">
          The right bytes came <At at={verified.recordedAt} page={page} />, from{' '}
          {sourceOf(verified.aggregator)}: that stays so, and excuses nobody who serves others.
        </div>
      )}
      {verified?.sha256 && (
        <div class="small soft">
          SHA-256 of the verified bytes <code>{verified.sha256}</code>
        </div>
      )}
    </>
  );
}

function Retrieved({ view: { standing }, page }: Props) {
  const { retrievable, last } = standing;
  return (
    <>
      <Retrievable state={retrievable} />{' '}
      {last === null ? (
        <span class="soft">no aggregator was asked</span>
      ) : (
        <>
          as the newest run found it, <At at={last.recordedAt} page={page} />
        </>
      )}
    </>
  );
}

function Certified({ view, page }: Props) {
  const { chain, problem } = view;
  const at = toldAt(view, page.now);
  return (
    <>
      <Chain fact={chain} now={at} />{' '}
      {chain && (
        <>
          said by Sui and the storage nodes ({cutLine(chain.network, 60)}) first{' '}
          <At at={chain.readAt} page={page} />, last <At at={chain.confirmedAt} page={page} />
          {chain.endsAt !== null && (
            <div class="small">
              Storage {chain.endsAt > at ? 'ends' : 'ended'} {chain.endsAtEstimated ? 'about ' : ''}
              <At at={chain.endsAt} page={page} />
              {chain.endEpoch !== null && ` (epoch ${chain.endEpoch})`}
            </div>
          )}
          {chain.endsAt === null && chain.status === 'certified' && (
            <div class="small">Nobody says until when it is stored.</div>
          )}
          {chain.deletable && <div class="small">Its owner may delete it at any time.</div>}
        </>
      )}
      {problem && (
        <div class="small soft">
          Nothing newer is known (<code>{problem.code}</code>): {cutLine(problem.message, 400)}
        </div>
      )}
    </>
  );
}

function Inside({ view: { inspection }, page }: Props) {
  if (inspection === null) return <span class="soft">nobody looked into it</span>;
  if (inspection === 'later')
    return <span class="soft">what is known of its inside was found out later</span>;
  return (
    <>
      {insideText(inspection.inspection)} <Basis basis={inspection.basis} />{' '}
      <At at={inspection.recordedAt} page={page} />
    </>
  );
}

/** Of an aggregator, its origin: never more of its address than that. */
export function sourceOf(aggregator: string | null): string {
  return aggregator === null ? 'nobody: none was asked' : cutLine(aggregator, 120);
}
