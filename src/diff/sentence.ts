/**
 * A diff in one sentence. It says what differs between two artifacts, never that one of them is
 * why: a diff sees that outputs differ, not what made them differ.
 */
import type { ArtifactId } from '../lineage/manifest.ts';
import type { CohortSummary } from './cohort.ts';
import type { Comparison } from './comparison.ts';

const NAMED_FLIPS = 3;
const NAMED_ARTIFACTS = 3;
const LONGEST_DECISION = 40; // code points

export function sentenceOf(comparison: Comparison): string {
  const { verdict, pairs } = comparison;
  if (verdict === 'no-data') return noData(comparison);
  const flips = flipsIn(comparison.decisions);
  return `${counted(pairs.inputs, 'shared input')}: ${flips}, ${where(comparison)}; ${outputsIn(comparison.outputs)}.`;
}

function noData({ before, after, pairs }: Comparison): string {
  if (pairs.inputs > 0) {
    return `Not enough data: ${counted(pairs.inputs, 'shared input')}, but no decision and no pair of outputs to compare.`;
  }
  const sides = `${counted(before.inputs, 'input')} before and ${after.inputs} after`;
  return `Not enough data: no input was run on both sides (${sides}).`;
}

function flipsIn({ compared, flipped, mixed, matrix }: Comparison['decisions']): string {
  if (compared === 0) return 'no decisions to compare';
  const unsettled = mixed === 0 ? '' : `, ${mixed} with runs that disagree`;
  if (flipped === 0) return `no decision flipped${unsettled}`;
  const rows = matrix.filter((row) => row.flip);
  const named = rows
    .slice(0, NAMED_FLIPS)
    .map((row) => `${row.inputs} ${shown(row.before)}→${shown(row.after)}`);
  const others = rows.slice(NAMED_FLIPS).reduce((sum, row) => sum + row.inputs, 0);
  if (others > 0) named.push(`${others} in other ways`);
  return `${flipped} flipped, ${list(named)}${unsettled}`;
}

function outputsIn({ compared, changed, partly }: Comparison['outputs']): string {
  if (compared === 0) return 'no outputs to compare';
  const all = changed === 0 ? 'no output changed' : `${counted(changed, 'output')} changed`;
  return partly === 0 ? all : `${all}, ${partly} partly`;
}

function where({ before, after }: Comparison): string {
  const [from, to] = [before.artifacts, after.artifacts];
  if (from.length === 1 && to.length === 1 && from[0]!.artifactId === to[0]!.artifactId) {
    return `with ${short(from[0]!.artifactId)} on both sides`;
  }
  return `between ${artifactsOf(before)} and ${artifactsOf(after)}`;
}

function artifactsOf({ artifacts }: CohortSummary): string {
  const names = artifacts.slice(0, NAMED_ARTIFACTS).map(({ artifactId }) => short(artifactId));
  if (artifacts.length === 1) return names[0]!;
  const others = artifacts.length - names.length;
  if (others > 0) names.push(`${others} more`);
  return `${artifacts.length} artifacts (${list(names)})`;
}

function short(artifactId: ArtifactId): string {
  return artifactId.slice(0, 'sha256:'.length + 8);
}

/** A decision is anyone's text: nothing in it may break the line, turn it around or fill the page. */
function shown(decision: string | null): string {
  if (decision === null) return '(none)';
  const points = [...decision.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd')];
  if (points.length <= LONGEST_DECISION) return points.join('');
  return `${points.slice(0, LONGEST_DECISION).join('')}…`;
}

function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function list(items: readonly string[]): string {
  const rest = items.slice(0, -1);
  return rest.length === 0 ? items.join('') : `${rest.join(', ')} and ${items.at(-1)}`;
}
