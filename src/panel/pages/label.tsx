/** A label: what is under it, its timeline, and how its watch does. */
import type { LabelExtent, LabelPicture, StoredSettings } from '../../store/label-picture.ts';
import type { LabelBy } from '../../store/mapping.ts';
import type { StoredChange, StoredLabel, StoredObservation } from '../../store/store.ts';
import type { TraceCounts } from '../../store/trace-count.ts';
import { worstOf } from '../../walrus/standing.ts';
import { unregisteredAdvice } from '../../words/unregistered-advice.ts';
import type { Assets } from '../assets.ts';
import { Fills } from '../charts/fills.tsx';
import { LabelTimeline } from '../charts/label-timeline.tsx';
import { counted, grouped } from '../counted.ts';
import { written } from '../filter-line.ts';
import { type PageContext, pathTo, withQuery } from '../page.ts';
import { Artifact, FileNames } from '../parts/artifact.tsx';
import { effectPath } from '../parts/change.tsx';
import { EvidenceLine } from '../parts/evidence.tsx';
import { LabelChanges, LabelTenures } from '../parts/label-history.tsx';
import { LabelSettings, LabelWatch } from '../parts/label-watch.tsx';
import { Verification } from '../parts/standing.tsx';
import { Ago } from '../parts/time.tsx';
import { TimelineLegend } from '../parts/timeline-legend.tsx';
import { TraceCountTable } from '../parts/trace-counts.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { WindowText } from '../parts/window.tsx';
import { Zoom } from '../parts/zoom.tsx';
import { Shell } from '../shell.tsx';
import type { TimelineRange } from '../timeline-range.ts';
import { tracesPath } from '../trace-links.ts';
import { byCertainty, byDecision } from '../trace-series.ts';

/** What only a registered label has. */
export interface Watched {
  label: StoredLabel;
  picture: LabelPicture;
  paths: readonly string[];
  /** That decisions are watched since; null: they are not. */
  change: StoredChange | null;
  newest: StoredObservation | null;
  nextAt: number | null;
  isOverdue: boolean;
  settings: readonly StoredSettings[];
}

interface Props {
  page: PageContext;
  assets: Assets;
  name: string;
  /** Null: only traces know the name. */
  watched: Watched | null;
  /** Why the newest trace has it; null: none has. */
  labelBy: LabelBy | null;
  extent: LabelExtent;
  range: TimelineRange;
  counts: TraceCounts;
  /** Somebody asked for this reading, and it is the newest. */
  read: StoredObservation | null;
  /** When somebody asked for one that is not recorded yet, ms. */
  asked: number | null;
}

export function LabelPage(props: Props) {
  const { page, assets, name, watched, extent, labelBy } = props;
  const path = pathTo('labels', name);
  return (
    <Shell page={page} assets={assets} title={name} room="labels">
      <Fills decisions />
      <p class="crumbs">
        <a href="/">Labels</a>
      </p>
      <h1>{name}</h1>
      <div
        data-live-from={withQuery('/api/v1/events', { label: name })}
        data-live-every="30"
        data-live="under"
      >
        {watched ? (
          <UnderIt {...watched} page={page} />
        ) : (
          <Unregistered name={name} labelBy={labelBy} />
        )}
      </div>
      <p class="row">
        {extent.traced && <a href={tracesPath(written('label', name))}>its traces</a>}
        {watched && <a href={withQuery('/diffs', { label: name })}>compare before and after</a>}
        <span class="live" data-live-state="" role="status">
          as of when this page was loaded
        </span>
      </p>
      <AskedFor {...props} />
      <Timeline {...props} path={path} />
      {watched && <Below {...watched} page={page} name={name} />}
    </Shell>
  );
}

function AskedFor({ page, read, asked }: Props) {
  if (read === null && asked === null) return null;
  const isFailed = read?.outcome === 'failed';
  return (
    <div class={isFailed ? 'notice care' : 'notice'} role="status">
      {read === null ? (
        <>
          A reading was asked for and goes on by itself: <a href={page.here}>load the page again</a>{' '}
          to see what comes of it.
        </>
      ) : (
        `It was read${isFailed ? ', and the reading failed' : ''}: see “Watch”.`
      )}
    </div>
  );
}

function UnderIt({ label, paths, change, isOverdue, page }: Watched & { page: PageContext }) {
  const { current, consecutiveFailures, removedAt } = label;
  const isFailing = consecutiveFailures > 0 && removedAt === null;
  const trouble = <Trouble {...{ label, page, isFailing, isOverdue }} />;
  if (current === null) {
    return (
      <>
        <p>
          Nothing is known of what is under it: no reading has said anything yet.
          {label.source.kind === 'push' && ' Its readings are pushed from outside.'}
        </p>
        {trouble}
      </>
    );
  }
  const states = (Object.keys(current.blobStates) as (keyof typeof current.blobStates)[]).filter(
    (state) => current.blobStates[state] > 0,
  );
  return (
    <dl class="facts">
      <dt>Under it</dt>
      <dd>
        <Artifact artifactId={current.artifactId} /> <FileNames paths={paths} />
        {trouble}
      </dd>
      {states.length > 0 && (
        <>
          <dt>Its bytes</dt>
          <dd>
            <Verification state={worstOf(states)} />{' '}
            <span class="soft small">
              {states.map((state) => `${current.blobStates[state]} ${state}`).join(', ')}
            </span>
          </dd>
        </>
      )}
      <dt>Since</dt>
      <dd>
        <WindowText window={current.since} page={page} />
      </dd>
      <dt>Last confirmed</dt>
      <dd>
        <Ago at={current.lastConfirmedAt} page={page} />
        {removedAt !== null && ', when it was still watched'}
      </dd>
      {current.evidence && (
        <>
          <dt>Decisions since</dt>
          <dd>
            <EvidenceLine
              evidence={current.evidence}
              diff={change && effectPath(change)}
              page={page}
            />
          </dd>
        </>
      )}
    </dl>
  );
}

function Unregistered({ name, labelBy }: Pick<Props, 'name' | 'labelBy'>) {
  return (
    <div class="notice care">
      <p>
        <strong>Nobody registered this label.</strong> Traces stand under it, and nothing was ever
        read for it: which artifact produced them is not known, unless they say it themselves.
      </p>
      {labelBy !== null && <p>{unregisteredAdvice(name, labelBy)}</p>}
    </div>
  );
}

function Timeline(props: Props & { path: string }) {
  const { page, name, watched, range, counts, path } = props;
  const { buckets, stepMs } = counts;
  const bucketWords = everyWords(stepMs);
  const series = { decisions: byDecision(buckets), certainties: byCertainty(buckets) };
  const picture = watched?.picture ?? null;
  const total = buckets.reduce((sum, { traces }) => sum + traces, 0);
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      <Zoom page={page} path={path} range={range} />
      <figure data-live="timeline">
        <LabelTimeline
          {...series}
          {...{ page, name, picture, buckets, bucketWords }}
          from={range.from}
          to={range.to}
        />
        <TimelineLegend {...series} picture={picture} />
        <figcaption>
          {counts.complete
            ? ''
            : 'Counting: older traces are still being counted, so there are more. '}
          {counts.complete ? '' : 'At least '}
          {counted(total, 'trace')}, in whole {stepsWords(stepMs)}.{' '}
          {picture && readingsText(picture)}
          {picture &&
            picture.crowded.length > 0 &&
            ' Where changes are too close, they are told together.'}
        </figcaption>
        {buckets.length > 0 && <TraceCountTable {...{ page, name, buckets, bucketWords }} />}
      </figure>
    </section>
  );
}

/** `minute`, `3 hours`, `2 days`: behind “every”. */
function everyWords(ms: number): string {
  const [unitMs, unit] = unitOf(ms);
  return ms === unitMs ? unit : counted(ms / unitMs, unit);
}

/** `hours`, `steps of 10 minutes`. */
function stepsWords(ms: number): string {
  const [unitMs, unit] = unitOf(ms);
  return ms === unitMs ? `${unit}s` : `steps of ${counted(ms / unitMs, unit)}`;
}

const UNITS: readonly [number, string][] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
];

/** The longest that so many ms are whole ones of. */
function unitOf(ms: number): [number, string] {
  return UNITS.find(([unitMs]) => ms % unitMs === 0) ?? [1, 'millisecond'];
}

function readingsText({ readings, failures }: LabelPicture): string {
  const said =
    readings === null ? 'More readings than are counted here' : counted(readings, 'reading');
  const failed = failures === null ? 'very many failed' : `${grouped(failures)} more failed`;
  return failures === 0 ? `${said}.` : `${said}; ${failed}.`;
}

function Below({
  label,
  picture,
  newest,
  nextAt,
  isOverdue,
  settings,
  page,
  name,
}: Watched & { page: PageContext; name: string }) {
  const history = { page, name, newest: picture.newest, hasMore: picture.hasMore };
  return (
    <>
      <section aria-labelledby="changes" data-live="changes">
        <h2 id="changes">Changes</h2>
        <LabelChanges {...history} />
        {picture.newest.length > 0 && (
          <details>
            <summary>Tenures as a table</summary>
            <LabelTenures {...history} />
          </details>
        )}
      </section>
      <div class="columns">
        <section aria-labelledby="watch" data-live="watch">
          <h2 id="watch">Watch</h2>
          <LabelWatch {...{ page, label, newest, nextAt, isOverdue }} />
        </section>
        <section aria-labelledby="settings">
          <h2 id="settings">Settings</h2>
          <LabelSettings page={page} label={label} history={settings} />
        </section>
      </div>
    </>
  );
}
