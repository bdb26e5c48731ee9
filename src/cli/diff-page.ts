/** A diff report as a person reads it, in 80 columns. */
import type { Cohort, Report } from '../contract/diff.ts';
import { flipMatrix, nameOf } from './flip-matrix.ts';
import { shown } from './plain.ts';
import { paint } from './screen.ts';
import { padded, widthOf, wrapped } from './width.ts';
import { clocks, shortArtifact } from './words.ts';

const WIDTH = 80;
const MOST_CASES = 5;
const MOST_LINES = 8;
const GAP = ' | ';

/** @param asked the two sides as they were asked for, resolved */
export function diffPage(report: Report, asked: { before: string; after: string }): string[] {
  return [
    ...wrapped(shown(`${report.label}: ${report.summary}`), WIDTH).map((line) =>
      paint('bold', line),
    ),
    '',
    ...sideLines('before', report.before, asked.before),
    ...sideLines('after', report.after, asked.after),
    ...pairLines(report),
    ...decisionLines(report),
    ...outputLines(report),
    ...caseLines(report),
    ...noteLines(report),
  ];
}

function sideLines(name: string, side: Cohort, asked: string): string[] {
  const range = side.from && side.to ? `, started ${clocks(side.from, side.to, ' to ')}` : '';
  return [
    ...indented(`${padded(name, 6)}  `, shown(asked)),
    ...indented(
      '        ',
      `${counted(side.traces, 'trace')}, ${counted(side.inputs, 'input')}${range}`,
    ),
    ...side.artifacts.flatMap(({ artifactId, traces, share }) =>
      indented(
        '        ',
        `${shortArtifact(artifactId)}  ${percent(share)}  (${counted(traces, 'trace')})`,
      ),
    ),
    ...(side.leftOut.length === 0 ? [] : indented('        ', leftOut(side))),
  ];
}

function leftOut({ leftOut: reasons }: Cohort): string {
  return `left out: ${reasons.map(({ reason, traces }) => `${traces} ${reason}`).join(', ')}`;
}

function pairLines({ pairs }: Report): string[] {
  const text = `${counted(pairs.inputs, 'input')} on both sides, ${pairs.onlyBefore} only before, ${pairs.onlyAfter} only after`;
  return ['', ...indented('pairs   ', text)];
}

function decisionLines({ decisions }: Report): string[] {
  const { compared, flipped, mixed, matrix } = decisions;
  if (compared === 0) return ['', 'decisions: none to compare'];
  const lines = flipMatrix(matrix, WIDTH - 2).map((line) => `  ${line}`);
  return ['', `decisions: ${compared} compared, ${flipped} flipped, ${mixed} mixed`, ...lines];
}

function outputLines({ outputs }: Report): string[] {
  const { compared, changed, partly, changedShare } = outputs;
  if (compared === 0) return ['', 'outputs: none to compare'];
  const share = changedShare === null ? '' : ` (${percent(changedShare)})`;
  return ['', `outputs: ${compared} compared, ${changed} changed${share}, ${partly} partly`];
}

function caseLines({ cases }: Report): string[] {
  if (cases.length === 0) return [];
  const rest = cases.length - MOST_CASES;
  return [
    '',
    'most changed cases, before | after:',
    ...cases.slice(0, MOST_CASES).flatMap(oneCase),
    ...(rest > 0 ? ['', `and ${rest} more with --json`] : []),
  ];
}

function oneCase(found: Report['cases'][number], index: number): string[] {
  const { input, flipped, largestStep, before, after } = found;
  const step = largestStep === null ? '' : `, largest step ${largestStep}`;
  const line = `    ${nameOf(before.decision)} -> ${nameOf(after.decision)}${flipped ? ', flipped' : ''}${step}`;
  return [
    '',
    ...few(indented(`${String(index + 1).padStart(2)}  `, `input ${shown(input)}`)),
    flipped ? paint('yellow', line) : line,
    ...sideBySide(outputText(before), outputText(after), WIDTH - 4).map((line) => `    ${line}`),
  ];
}

function outputText({ output, runs }: Report['cases'][number]['before']): string {
  const text = output === null ? '(no output)' : shown(output);
  return runs > 1 ? `${text} (latest of ${runs} runs)` : text;
}

/** Two texts in two columns; what is long ends in `…`. */
function sideBySide(left: string, right: string, width: number): string[] {
  const column = Math.floor((width - GAP.length) / 2);
  const [a, b] = [few(wrapped(left, column)), few(wrapped(right, column))];
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) =>
    `${padded(a[i] ?? '', column)}${GAP}${b[i] ?? ''}`.trimEnd(),
  );
}

function few(lines: readonly string[]): string[] {
  return lines.length <= MOST_LINES ? [...lines] : [...lines.slice(0, MOST_LINES - 1), '…'];
}

function noteLines({ notes }: Report): string[] {
  if (notes.length === 0) return [];
  return ['', 'notes', ...notes.flatMap((note) => indented('- ', shown(note)))];
}

/** The first line begins with `lead`, the others under its end. */
function indented(lead: string, text: string): string[] {
  const width = widthOf(lead);
  return wrapped(text, WIDTH - width).map(
    (line, i) => `${i === 0 ? lead : ' '.repeat(width)}${line}`,
  );
}

/** Never rounds to all or to none what is neither. */
function percent(share: number): string {
  const tenths = Math.round(share * 1000) / 10;
  if (share > 0 && tenths < 0.1) return '<0.1 %';
  return `${share < 1 && tenths > 99.9 ? '99.9' : tenths} %`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
