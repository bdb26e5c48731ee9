/** A diff to be made: its sides chosen by clicking or typing, and why the last try came to nothing. */
import type { ArtifactShare } from '../../diff/errors.ts';
import { percent } from '../../diff/rendering/index.ts';
import type { LabelPicture } from '../../store/label-picture.ts';
import type { Assets } from '../assets.ts';
import { Fills } from '../charts/fills.tsx';
import { counted } from '../counted.ts';
import {
  choosing,
  type DiffProblems,
  type DiffSide,
  formPath,
  type TypedDiff,
} from '../diff-form.ts';
import type { Day } from '../last-days.ts';
import type { PageContext } from '../page.ts';
import { Artifact, LabelName } from '../parts/artifact.tsx';
import { DiffForm } from '../parts/diff-form.tsx';
import { type Kept, KeptDiffs } from '../parts/diff-kept.tsx';
import { SideChoice } from '../parts/side-choice.tsx';
import { Shell } from '../shell.tsx';

/** Why there is no report. */
export type Refusal =
  | { kind: 'told'; title: string; detail: string }
  | { kind: 'several-artifacts'; side: DiffSide; artifacts: readonly ArtifactShare[] };

interface Props extends Kept {
  page: PageContext;
  assets: Assets;
  typed: TypedDiff;
  problems: DiffProblems;
  refusal: Refusal | null;
  picture: LabelPicture;
  from: number;
  to: number;
  days: readonly Day[];
}

const MOST_NAMED = 20;

export function NewDiffPage(props: Props) {
  const { page, assets, typed, problems, refusal, kept, keptMore } = props;
  return (
    <Shell page={page} assets={assets} title={`Compare ${typed.label}`} room="diffs">
      <Fills />
      <p class="crumbs">
        <a href="/diffs">Diffs</a> · <LabelName name={typed.label} />
      </p>
      <h1>Compare traces of {typed.label}</h1>
      {refusal && <Refused refusal={refusal} typed={typed} />}
      <SideChoice {...props} />
      <h2>Compare</h2>
      <DiffForm {...{ page, typed, problems }} />
      <KeptDiffs {...{ page, label: typed.label, kept, keptMore }} />
    </Shell>
  );
}

function Refused({ refusal, typed }: { refusal: Refusal; typed: TypedDiff }) {
  if (refusal.kind === 'told') {
    return (
      <div class="notice alarm" role="alert">
        <p>
          <strong>{refusal.title}.</strong> {refusal.detail}
        </p>
      </div>
    );
  }
  const { side, artifacts } = refusal;
  return (
    <div class="notice alarm" role="alert">
      <p>
        <strong>
          {counted(artifacts.length, 'artifact')} answered on the {side} side.
        </strong>{' '}
        Mixed, their differences would look like one change, so nothing was compared. Choose one of
        them, or a period of one artifact:
      </p>
      <ul>
        {artifacts.slice(0, MOST_NAMED).map(({ artifactId, traces, share }) => (
          <li>
            <Artifact artifactId={artifactId} /> {counted(traces, 'trace')} ({percent(share)}){' '}
            <a href={`${choosing(typed, side, artifactId)}#sides`}>take it as {side}</a>
          </li>
        ))}
      </ul>
      {artifacts.length > MOST_NAMED && (
        <p>and {counted(artifacts.length - MOST_NAMED, 'other artifact')}</p>
      )}
      <p>
        Or <a href={`${formPath({ ...typed, across: 'yes' })}#sides`}>allow the mix</a>, and read
        its numbers as those of all of them together.
      </p>
    </div>
  );
}
