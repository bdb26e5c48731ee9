/** `underlabel label show`: one label's settings, what is under it now, and its whole history. */
import type { Command } from 'commander';
import type { LabelJson } from '../../contract/label.ts';
import type { ChangeJson, TenureJson } from '../../contract/observation.ts';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { artifactPath, labelPath } from '../client.ts';
import { EXIT, type Exit } from '../exit.ts';
import { shown } from '../plain.ts';
import { paint, print } from '../screen.ts';
import { confirmedText, watchCell } from '../standing.ts';
import { wrappedDetails } from '../table.ts';
import { chainTally, retrievableTally, stateText } from '../verification-page.ts';
import { widthOf } from '../width.ts';
import { clock, shortArtifact, span, windowText } from '../words.ts';
import type { ArtifactJson } from './artifacts-show.ts';

/** Beside the names of the fields. */
const SOURCE_WIDTH = 60;

interface Timeline {
  tenures: TenureJson[];
  changes: Omit<ChangeJson, 'label' | 'retiredAt'>[];
  lost: { from: string; to: string }[];
}

const HELP = `
With --json: the label as the service answers it, with its timeline beside it as "timeline".`;

export function addLabelShow(parent: Command): void {
  const command = parent
    .command('show <name>')
    .description('one label: settings, what is under it, tenures and changes')
    .addHelpText('after', HELP);
  asking(command).action(ending(show));
}

async function show(name: string, options: Asking): Promise<Exit> {
  const service = serviceOf(options);
  const label = await service.get<LabelJson>(labelPath(name));
  const timeline = await service.get<Timeline>(`${labelPath(name)}/timeline`);
  if (options.json) {
    printJson(JSON.stringify({ ...label.body, timeline: timeline.body }));
    return EXIT.fine;
  }
  const artifactId = label.body.current?.artifactId ?? null;
  const artifact =
    artifactId === null ? null : await service.get<ArtifactJson>(artifactPath(artifactId));
  const blobs = artifact?.body.blobs ?? [];
  for (const line of page(label.body, timeline.body, blobs, label.at)) print(line);
  return EXIT.fine;
}

function page(
  label: LabelJson,
  { tenures, changes, lost }: Timeline,
  blobs: ArtifactJson['blobs'],
  now: number,
): string[] {
  return [
    paint('bold', label.name),
    '',
    ...wrappedDetails([...settings(label), ...current(label, blobs, now), ...watch(label, now)]),
    '',
    ...titled('tenures', tenures.flatMap(tenureLines), 'no tenures: no artifact was seen under it'),
    '',
    ...titled('changes', changes.flatMap(changeLines), 'no changes'),
    ...(lost.length === 0 ? [] : ['', ...titled('nothing is known', lost.map(lostLine), '')]),
  ];
}

function titled(title: string, lines: readonly string[], none: string): string[] {
  return lines.length === 0 ? [none] : [paint('bold', `${title}, oldest first`), ...lines];
}

function settings({ source, every, clockSkew, servingLag }: LabelJson): [string, string][] {
  const { kind, ...rest } = source;
  const given = Object.entries(rest).map(([name, value]): [string, string] => {
    return [name, shown(typeof value === 'object' ? JSON.stringify(value) : String(value))];
  });
  return [
    ...sourceLines(kind, given),
    ['every', every],
    ['clock skew', clockSkew],
    ['serving lag', servingLag],
  ];
}

/** In one line where they fit into it. */
function sourceLines(kind: string, given: [string, string][]): [string, string][] {
  const whole = [kind, ...given.map(([name, value]) => `${name} ${value}`)].join(', ');
  if (widthOf(whole) <= SOURCE_WIDTH) return [['source', whole]];
  return [
    ['source', kind],
    ...given.map(([name, value]): [string, string] => [`  ${name}`, value]),
  ];
}

function current(label: LabelJson, blobs: ArtifactJson['blobs'], now: number): [string, string][] {
  if (label.current === null) return [['under it', 'never read']];
  const { artifactId, blobIds } = label.current;
  return [
    ['under it', artifactId ?? 'absent: the source answers that nothing is there'],
    ...blobIds.map((blobId, i): [string, string] => [i === 0 ? 'blobs' : '', shown(blobId)]),
    ...(label.verification
      ? ([
          ['bytes', verificationText(label.verification)],
          ['retrievable', retrievableTally(blobs)],
          ['chain', chainTally(blobs)],
        ] as [string, string][])
      : []),
    ['since', windowText(label.current.since)],
    ['confirmed', confirmedText(label, now)],
    ...(label.evidence ? [['decisions', shown(label.evidence.summary)] as [string, string]] : []),
  ];
}

/** The worst in front; how many of them stand otherwise behind it. */
function verificationText({ state, blobs }: NonNullable<LabelJson['verification']>): string {
  const counts = Object.entries(blobs).filter(([, count]) => count! > 0);
  const all = counts.map(([each, count]) => `${count} ${each}`).join(', ');
  return counts.length > 1 ? `${stateText(state)} (${all})` : stateText(state);
}

function watch(label: LabelJson, now: number): [string, string][] {
  const { lastError, lastSuccessAt, nextAt } = label.watch;
  const state = watchCell(label, now);
  const lines: [string, string][] = [['watch', typeof state === 'string' ? state : state.text]];
  if (lastError && label.watch.consecutiveFailures > 0) {
    lines.push(['last error', `${shown(lastError.code)}: ${shown(lastError.message)}`]);
    lines.push(['last success', lastSuccessAt === null ? 'never' : clock(lastSuccessAt)]);
  }
  if (nextAt !== null) lines.push(['next read', clock(nextAt)]);
  return lines;
}

/** Tenures and changes go on across it, but only because nobody can say otherwise. */
function lostLine({ from, to }: Timeline['lost'][number]): string {
  return `  between ${clock(from)} and ${clock(to)}: an older copy of the database was restored`;
}

function tenureLines(tenure: TenureJson): string[] {
  const { artifactId, began, ended, lastConfirmedAt, observations, maxGapMs } = tenure;
  const readings = observations === 1 ? '1' : `${observations}, longest gap ${span(maxGapMs)}`;
  return [
    // Whole: 'artifacts show' and 'artifacts diff' take no less.
    `  ${artifactId ?? 'absent'}`,
    `    readings   ${readings}`,
    `    began      ${windowText(began)}`,
    `    confirmed  ${clock(lastConfirmedAt)}`,
    `    ended      ${ended === null ? 'not as far as is known' : windowText(ended)}`,
  ];
}

function changeLines(change: Timeline['changes'][number]): string[] {
  const { kind, from, to, detectedAt } = change;
  const move =
    kind === 'first_seen' ? shortArtifact(to) : `${shortArtifact(from)} -> ${shortArtifact(to)}`;
  return [
    `  ${kind}  ${move}`,
    `    happened   ${windowText(change)}`,
    `    detected   ${clock(detectedAt)}`,
  ];
}
