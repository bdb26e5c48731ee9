/** How a label stands, never as one calm word: what is under it, since when, when that was last confirmed, and how the watch does. */
import type { LabelJson } from '../contract/label.ts';
import { parseDuration } from '../contract/time.ts';
import { shown } from './plain.ts';
import type { Cell } from './table.ts';
import { ago, clockSecond, shortArtifact } from './words.ts';

const LATE_AFTER_READS = 3;

export function underText({ current }: LabelJson): string {
  return current === null ? 'never read' : shortArtifact(current.artifactId);
}

/** A change is seen after it happened, so this is the latest it can have been. */
export function sinceAtLatest({ current }: LabelJson): string {
  return current === null ? '-' : clockSecond(current.since.before, 'ceil');
}

export function confirmedText({ current }: LabelJson, now: number): string {
  if (current === null) return '-';
  return `${clockSecond(current.lastConfirmedAt, 'floor')} (${ago(current.lastConfirmedAt, now)})`;
}

/** @param now ms, by the service's clock */
export function watchCell(label: LabelJson, now: number): Cell {
  const { watch, source, current } = label;
  if (label.removedAt !== null) return { text: 'stopped', style: 'dim' };
  if (watch.consecutiveFailures > 0) {
    const code = shown(watch.lastError?.code ?? 'unknown');
    return { text: `failing ${watch.consecutiveFailures}× (${code})`, style: 'red' };
  }
  if (source.kind === 'push') return current === null ? 'nothing pushed yet' : 'pushed';
  if (current === null) return { text: 'not read yet', style: 'yellow' };
  const late = now - Date.parse(current.lastConfirmedAt);
  if (late > LATE_AFTER_READS * parseDuration(label.every)!) {
    return { text: `late (every ${label.every})`, style: 'yellow' };
  }
  return 'ok';
}
