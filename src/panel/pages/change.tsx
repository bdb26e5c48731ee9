/** One change: what it was, between which readings it lies, and what differs. */
import type { StoredArtifact, StoredChange } from '../../store/store.ts';
import type { Assets } from '../assets.ts';
import { counted } from '../counted.ts';
import { cutLine } from '../cut-line.ts';
import { type PageContext, pathTo } from '../page.ts';
import { FileNames, LabelName } from '../parts/artifact.tsx';
import { WholeAmong } from '../parts/artifact-beside.tsx';
import {
  ambiguousPath,
  ChangeKindWord,
  effectPath,
  insidePath,
  RetiredWord,
  timelinePath,
} from '../parts/change.tsx';
import { ChangeTold, type Told } from '../parts/change-told.tsx';
import { At } from '../parts/time.tsx';
import { WindowText } from '../parts/window.tsx';
import { Shell } from '../shell.tsx';
import { howLong } from '../when.ts';
import { Side } from './changes.tsx';

interface Props extends Told {
  page: PageContext;
  assets: Assets;
  change: StoredChange;
  from: StoredArtifact | null;
  to: StoredArtifact | null;
  /** What differs, in a sentence; null where one side is nothing. */
  summary: string | null;
}

export function ChangePage({ page, assets, change, from, to, summary, ...told }: Props) {
  const { label, kind, retiredAt, before, detectedAt } = change;
  const [inside, ambiguous] = [insidePath(change), ambiguousPath(change)];
  const effect = effectPath(change);
  const sides = [change.from, change.to];
  return (
    <Shell page={page} assets={assets} title={`Change of ${label}`} room="changes">
      <p class="crumbs">
        <a href="/changes">Changes</a> · <LabelName name={label} />
      </p>
      <h1>
        {label} <ChangeKindWord kind={kind} />
      </h1>
      {retiredAt !== null && (
        <div class="notice care">
          <p>
            <RetiredWord /> Readings that were imported <At at={retiredAt} page={page} /> show that
            there was no such change. What was told of it before is told; the label’s timeline no
            longer has it.
          </p>
        </div>
      )}
      <dl class="facts">
        <dt>From</dt>
        <dd>
          <Side artifactId={change.from} isBefore kind={kind} />
          <WholeAmong artifactId={change.from} among={sides} /> <Files artifact={from} />
        </dd>
        <dt>To</dt>
        <dd>
          <Side artifactId={change.to} kind={kind} />
          <WholeAmong artifactId={change.to} among={sides} /> <Files artifact={to} />
        </dd>
        <dt>Happened</dt>
        <dd>
          <WindowText window={change} page={page} />
          <div class="small soft">
            Somewhere in this window: no reading says when exactly. Traces that ran in it may be of
            either.
          </div>
        </dd>
        <dt>Detected</dt>
        <dd>
          <At at={detectedAt} page={page} />
          {detectedAt >= before && (
            <span class="soft">
              {' '}
              (recorded {howLong(detectedAt - before)} after the answer that shows it)
            </span>
          )}
        </dd>
        <dt>Told</dt>
        <dd>
          <ChangeTold page={page} {...told} />
        </dd>
        {summary !== null && (
          <>
            <dt>What differs</dt>
            <dd>{cutLine(summary, 1000)}</dd>
          </>
        )}
      </dl>
      <p class="row">
        {inside && <a href={inside}>What changed inside</a>}
        <a href={timelinePath(change)}>The label’s timeline then</a>
        {ambiguous && <a href={ambiguous}>Traces that may be of either</a>}
        {effect && <a href={effect}>What it did to decisions</a>}
        <a href={pathTo('labels', label)}>The label</a>
      </p>
    </Shell>
  );
}

function Files({ artifact }: { artifact: StoredArtifact | null }) {
  if (artifact === null) return null;
  const { files } = artifact;
  return (
    <>
      <FileNames paths={files.slice(0, 4).map(({ path }) => path.slice(0, 160))} />{' '}
      <span class="soft small">({counted(files.length, 'file')})</span>
    </>
  );
}
