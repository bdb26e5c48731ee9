/** A diff in one sentence that can stand alone: "between these artifacts", never "because of" them. */
import type { Cohort, Report } from '../../contract/diff.ts';
import type { ArtifactId } from '../../lineage/manifest.ts';
import { answerIn, type Told as ToldColumn } from './column-sentence.ts';
import { outcomeOfVerdict, shortVerdict } from './verdict-words.ts';
import { counted, grouped, list, nameIn } from './wording.ts';

const NAMED_ARTIFACTS = 3;
const NAMED_COLUMNS = 3;

export type Told = Pick<Report, 'verdict' | 'before' | 'after' | 'pairs' | 'query'> & {
  columns: readonly ToldColumn[];
};

export function summaryOf(report: Told): string {
  const { pairs, query, verdict, columns } = report;
  const first = columns.filter(({ family }) => family === 'first');
  const lead = first.find((column) => column.verdict === verdict);
  if (verdict === 'no-data' || !lead) return nothing(report);
  const named = lead.source === 'decision' ? '' : `${nameIn(lead.name)}: `;
  const others = othersIn(first.filter((column) => column !== lead));
  const sides =
    lead.basis === 'unpaired'
      ? ` (${counted(report.before.inputs, 'input')} before, ${grouped(report.after.inputs)} after)`
      : '';
  return `${counted(pairs.inputs, 'shared input')} ${where(report)}${sides}: ${named}${answerIn(lead, { minEffect: query.minEffect, mixed: isMixed(report) })}${others}.`;
}

function isMixed({ before, after }: Told): boolean {
  return before.artifacts.length > 1 || after.artifacts.length > 1;
}

function nothing(report: Told): string {
  const { before, after, pairs } = report;
  const why =
    pairs.inputs > 0
      ? `${counted(pairs.inputs, 'shared input')}, but nothing in them that could be compared`
      : `no input ran on both sides (${counted(before.inputs, 'input')} before, ${grouped(after.inputs)} after)`;
  return `Nothing to compare ${where(report)}: ${why}.`;
}

/** What else decided, by what it came to: `; also changed: $.score`. */
function othersIn(columns: readonly ToldColumn[]): string {
  const verdicts = [...new Set(columns.map(({ verdict }) => verdict))];
  return verdicts
    .filter((verdict) => outcomeOfVerdict(verdict) !== 'same')
    .map((verdict) => {
      const names = columns
        .filter((column) => column.verdict === verdict)
        .map(({ name }) => nameIn(name));
      const rest = names.length - NAMED_COLUMNS;
      const few = rest > 0 ? [...names.slice(0, NAMED_COLUMNS), `${rest} more`] : names;
      return `; also ${shortVerdict(verdict)}: ${list(few)}`;
    })
    .join('');
}

function where({ before, after }: Told): string {
  const [from, to] = [before.artifacts, after.artifacts];
  if (from.length === 1 && to.length === 1 && from[0]!.artifactId === to[0]!.artifactId) {
    return `with ${short(from[0]!.artifactId)} on both sides`;
  }
  return `between ${artifactsOf(before)} and ${artifactsOf(after)}`;
}

function artifactsOf({ artifacts }: Cohort): string {
  if (artifacts.length === 0) return 'no artifact';
  const names = artifacts.slice(0, NAMED_ARTIFACTS).map(({ artifactId }) => short(artifactId));
  if (artifacts.length === 1) return names[0]!;
  const others = artifacts.length - names.length;
  if (others > 0) names.push(`${others} more`);
  return `${artifacts.length} artifacts (${list(names)})`;
}

function short(artifactId: ArtifactId): string {
  return artifactId.slice(0, 'sha256:'.length + 8);
}
