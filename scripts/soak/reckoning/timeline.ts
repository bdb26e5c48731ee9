/**
 * A label's timeline: what its readings say, computed anew, and what the script says: every change
 * once, of the right kind, with a window that contains the true instant; and no other.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ChangeJson, TenureJson } from '../../../src/contract/observation.ts';
import { formatTime, formatTimeOrNull } from '../../../src/contract/time.ts';
import type { Reading } from '../../../src/lineage/reading.ts';
import {
  type Change,
  changesOf,
  runsOf,
  stretchOf,
  type Tenure,
  tenuresOf,
  type Window,
} from '../../../src/lineage/timeline.ts';
import { type Asking, ask } from '../asking.ts';
import type { LabelTruth, TrueChange } from '../truth.ts';
import { list } from './judgement.ts';

interface TimelineJson {
  tenures: TenureJson[];
  changes: ChangeJson[];
  lost: unknown[];
}

/** @param said all readings of the label that say something, in order of time @returns its changes */
export async function reckonTimeline(
  asking: Asking,
  label: LabelTruth,
  said: readonly Reading[],
): Promise<ChangeJson[]> {
  const { findings } = asking;
  const path = `labels/${encodeURIComponent(label.name)}/timeline`;
  const timeline = await ask<TimelineJson>(asking, path);
  if (!timeline) throw new Error(`the timeline of ${label.name} was not answered`);
  const { tenures, changes, lost } = timeline;
  const runs = runsOf(said.map(stretchOf));
  const computed = {
    tenures: tenuresOf(runs).map(tenureShown),
    changes: changesOf(runs).map((change) => changeShown(label.name, change)),
  };
  const shown = { tenures: tenures.map(({ blobIds: _, ...tenure }) => tenure), changes };
  if (!isDeepStrictEqual(shown, computed)) {
    findings.note(
      `${label.name}: its timeline is not what its ${said.length} readings say: ${firstDifference(shown, computed)}`,
    );
  }
  if (lost.length > 0)
    findings.note(`${label.name}: nothing was lost, and yet: ${JSON.stringify(lost)}`);
  compareWithScript(asking, label, changes);
  return changes;
}

function compareWithScript({ findings }: Asking, label: LabelTruth, found: readonly ChangeJson[]) {
  const scripted = label.changes();
  for (let i = 0; i < Math.max(scripted.length, found.length); i++) {
    const fault = changeFault(scripted[i], found[i]);
    if (!fault) continue;
    findings.note(`${label.name}: change ${i + 1} of ${scripted.length}: ${fault}`);
    // What follows would only repeat that one of them is missing or too many.
    if (scripted.length !== found.length) return;
  }
}

function changeFault(scripted?: TrueChange, found?: ChangeJson): string | null {
  if (!scripted) return `nothing happened, and yet: ${JSON.stringify(found)}`;
  const { kind, from, to, at } = scripted;
  const told = `${kind} ${list([from, to])} at ${formatTime(at.from)}`;
  if (!found) return `${told} was not found`;
  const isSame = found.kind === kind && found.from === from && found.to === to;
  if (!isSame || found.retiredAt !== null) return `${told} was found as ${JSON.stringify(found)}`;
  // To the millisecond, as times are told: what is floored may stand right at the border.
  const after = found.after === null ? -Infinity : Date.parse(found.after);
  if (after <= at.to && at.from <= Date.parse(found.before)) return null;
  return `${told} is said to lie between ${found.after} and ${found.before}`;
}

function tenureShown(tenure: Tenure): Omit<TenureJson, 'blobIds'> {
  const { artifactId, observations, maxGapMs, began, ended } = tenure;
  return {
    artifactId,
    firstSeenAt: formatTime(tenure.firstSeenAt),
    lastConfirmedAt: formatTime(tenure.lastConfirmedAt),
    observations,
    maxGapMs,
    began: windowShown(began),
    ended: ended && { after: formatTime(ended.after!), before: formatTime(ended.before) },
  };
}

function changeShown(label: string, { id, kind, from, to, ...change }: Change): ChangeJson {
  const detectedAt = formatTime(change.detectedAt);
  return { id, label, kind, from, to, ...windowShown(change), detectedAt, retiredAt: null };
}

function windowShown({ after, before }: Window) {
  return { after: formatTimeOrNull(after), before: formatTime(before) };
}

type Parts = Record<'tenures' | 'changes', readonly unknown[]>;

function firstDifference(shown: Parts, computed: Parts): string {
  for (const part of ['tenures', 'changes'] as const) {
    const length = Math.max(shown[part].length, computed[part].length);
    for (let i = 0; i < length; i++) {
      const pair = [shown[part][i], computed[part][i]];
      if (isDeepStrictEqual(pair[0], pair[1])) continue;
      return `${part}[${i}] is ${JSON.stringify(pair[0])}, and computed ${JSON.stringify(pair[1])}`;
    }
  }
  return 'the same';
}
