/**
 * The runs of a label, from what the service publishes. Each change is the border between two runs, so
 * that artifacts and absence, and the windows between them, come out as the service itself has them.
 * Two instants of each run are not published, and stand as what they can at most be: when its first
 * reading was asked (`after` or later), and when its last one was answered (`until` or before).
 */
import type { Under } from '../lineage/manifest.ts';
import { AFTER_ALL, BEFORE_ALL, type Run, type Window } from '../lineage/timeline.ts';
import { foreign } from './fields.ts';
import type { PublishedLabel, PublishedTimeline } from './read-answers.ts';

/** @returns in order of time. @throws ClientError foreign-answer where the parts don't fit together */
export function publishedRuns(
  { tenures, changes }: PublishedTimeline,
  current: PublishedLabel['current'],
): Run[] {
  const runs: Run[] = [];
  const [first] = tenures;
  // What was there before the first change that is told of.
  if (first && (!changes[0] || ends(changes[0], first))) {
    runs.push(runOf(first.artifactId, first.began));
  }
  for (const change of changes) {
    const previous = runs.at(-1);
    if (previous) follow(previous, change);
    runs.push(runOf(change.to, change));
  }
  if (runs.length === 0 && current?.artifactId === null) runs.push(runOf(null, current.since));
  const newest = runs.at(-1);
  if (newest) newest.lastRequestedAt = lastRequestOf(newest, tenures.at(-1), current);
  return runs;
}

function runOf(artifactId: Under, { after, before: firstReceivedAt }: Window): Run {
  const from = after ?? BEFORE_ALL;
  return {
    artifactId,
    after: from,
    firstRequestedAt: from,
    firstReceivedAt,
    lastRequestedAt: from,
    lastReceivedAt: AFTER_ALL,
    until: AFTER_ALL,
    readingId: '',
    recordedAt: firstReceivedAt,
    observations: 1,
    maxGapMs: 0,
  };
}

/** Ends a run where the next one begins. */
function follow(run: Run, { from, to, after, before }: Window & { from: Under; to: Under }): void {
  const fits =
    from === run.artifactId &&
    to !== from &&
    after !== null &&
    after >= run.after &&
    before >= run.firstReceivedAt;
  if (!fits) foreign('changes that do not follow on each other');
  run.lastRequestedAt = after;
  run.lastReceivedAt = before;
  run.until = before;
}

type Tenure = PublishedTimeline['tenures'][number];

function ends(change: PublishedTimeline['changes'][number], { artifactId, ended }: Tenure) {
  const { from, after, before } = change;
  return from === artifactId && ended?.after === after && ended.before === before;
}

/** When the newest reading was asked; where it is not told, the earliest it can have been. */
function lastRequestOf(
  run: Run,
  tenure: Tenure | undefined,
  current: PublishedLabel['current'],
): number {
  if (run.artifactId === null) {
    // The label was asked for a moment before its timeline: it may tell of an earlier run.
    const isThis = current?.artifactId === null && current.since.before === run.firstReceivedAt;
    return isThis ? current.lastConfirmedAt : run.after;
  }
  const fits =
    tenure?.artifactId === run.artifactId &&
    tenure.firstSeenAt === run.firstReceivedAt &&
    tenure.lastConfirmedAt >= run.after;
  return fits ? tenure.lastConfirmedAt : foreign('tenures that do not fit the changes');
}
