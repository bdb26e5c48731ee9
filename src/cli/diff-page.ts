/** A diff report as a person reads it, in 80 columns. */
import type { Cohort, Report, ReportColumn, Verdict } from '../contract/diff.ts';
import {
  changeText,
  counted,
  grouped,
  inFamilies,
  longVerdict,
  nameIn,
  outcomeOfVerdict,
  percent,
  probability,
  sliceRow,
  toldEffects,
  trafficText,
} from '../diff/rendering/index.ts';
import { caseLines } from './diff-cases.ts';
import { flipMatrix } from './flip-matrix.ts';
import { indented } from './indented.ts';
import { shown } from './plain.ts';
import { paint, type Style } from './screen.ts';
import { type Cell, table } from './table.ts';
import { cut, padded, WIDTH, wrapped } from './width.ts';
import { clocks, shortArtifact } from './words.ts';

const MOST_FOUND = 12;
const MOST_SLICES = 5;

/** @param asked the two sides as they were asked for, resolved */
export function diffPage(report: Report, asked: { before: string; after: string }): string[] {
  const style = STYLES[outcomeOfVerdict(report.verdict)];
  return [
    ...wrapped(longVerdict(report.verdict), WIDTH).map((line) => paint(style, line)),
    ...wrapped(shown(`${report.label}: ${report.summary}`), WIDTH).map((line) =>
      paint('bold', line),
    ),
    '',
    ...sideLines('before', report.before, asked.before),
    ...sideLines('after', report.after, asked.after),
    ...pairLines(report),
    ...columnLines(report),
    ...firstLines(report),
    ...caseLines(report),
    ...sliceLines(report),
    ...noteLines(report),
    '',
    ...indented('report  ', `${shown(report.id)}, kept: --id shows it again, --json all of it`),
  ];
}

const STYLES: Record<ReturnType<typeof outcomeOfVerdict>, Style> = {
  same: 'green',
  changed: 'yellow',
  unknown: 'cyan',
};

/** As short as a column of a table needs. */
const WORDS: Record<Verdict, string> = {
  changed: 'changed',
  'changed-but-small': 'small change',
  insufficient: 'too little',
  'no-data': 'no data',
  'no-evidence': 'no evidence',
  identical: 'identical',
};

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
  return `left out: ${reasons.map(({ reason, traces }) => `${grouped(traces)} ${reason}`).join(', ')}`;
}

function pairLines({ pairs }: Report): string[] {
  const text = `${counted(pairs.inputs, 'input')} on both sides, ${grouped(pairs.onlyBefore)} only before, ${grouped(pairs.onlyAfter)} only after`;
  return ['', ...indented('pairs   ', text)];
}

function columnLines({ columns }: Report): string[] {
  if (columns.length === 0) return [];
  const first = columns.filter(({ family }) => family === 'first');
  const found = columns.filter(({ family }) => family === 'found');
  const listed = [...first, ...found.slice(0, MOST_FOUND)];
  const rows = listed.map(columnRow);
  const rest = found.length - MOST_FOUND;
  return [
    '',
    ...table(['COLUMN', 'VERDICT', 'EFFECT, 95 %', 'DIFFER', 'Q'], rows),
    ...(found.length > 0 ? indented('', '* found without being named; decides nothing') : []),
    ...(rest > 0 ? [`and ${rest} more with --json`] : []),
  ];
}

/** 18 + 12 + 28 + 6 + 8 columns at most, and four gaps. */
function columnRow(column: ReportColumn): Cell[] {
  const { cases, family, name, tests, verdict } = column;
  const style = STYLES[outcomeOfVerdict(verdict)];
  const q = tests.flatMap((test) => (test.decides && test.q !== null ? [test.q] : []));
  return [
    `${cut(shown(name), 16)}${family === 'found' ? ' *' : ''}`,
    family === 'first' ? { text: WORDS[verdict], style } : WORDS[verdict],
    cut(effectOf(column), 28),
    cases.rate === null ? '' : percent(cases.rate).replace(' ', ''),
    q.length === 0 ? '' : probability('q', Math.min(...q)).replace(/^q (= )?/, ''),
  ];
}

function effectOf(column: ReportColumn): string {
  const { cases } = column;
  const [largest] = toldEffects(column);
  if (largest) {
    const change = changeText(largest).replace(' points', ' pts');
    return `${cut(shown(nameIn(largest.of)), 10)} ${change}`;
  }
  return cases.excess ? `${changeText(cases.excess).replace(' points', ' pts')} > noise` : '';
}

/** What decides, in full. */
function firstLines({ columns, summary }: Report): string[] {
  return inFamilies(columns)
    .filter(({ family }) => family === 'first')
    .flatMap((column) => [...oneColumn(column, summary)]);
}

function oneColumn(column: ReportColumn, summary: string): string[] {
  const { matrix, compared, mixed, sentence, name } = column;
  const said = sentence.replace(`${nameIn(name)}: `, '').replace(/\.$/, '');
  const traffic = trafficText(column);
  const lines = [
    // The summary has already said it where one column decides.
    ...(summary.includes(said) ? [] : indented('', shown(sentence))),
    ...(matrix === null || matrix.length === 0
      ? indented('', `${shown(nameIn(name))}: ${grouped(compared)} compared`)
      : matrixLines(name, matrix, compared, mixed)),
    ...(traffic === null ? [] : indented('  ', shown(traffic))),
    ...column.tests.filter(({ decides }) => decides).flatMap(testLines),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

function matrixLines(
  name: string,
  matrix: NonNullable<ReportColumn['matrix']>,
  compared: number,
  mixed: number,
): string[] {
  const differing = matrix.filter(({ differs }) => differs);
  const count = differing.reduce((sum, { inputs }) => sum + inputs, 0);
  return [
    ...indented(
      '',
      `${shown(nameIn(name))}: ${grouped(compared)} compared, ${grouped(count)} differ, ${grouped(mixed)} mixed`,
    ),
    ...flipMatrix(matrix, WIDTH - 2).map((line) => `  ${line}`),
  ];
}

function testLines(test: ReportColumn['tests'][number]): string[] {
  const q = test.q === null ? '' : `, ${probability('q', test.q)}`;
  const text = `${test.name}, n = ${grouped(test.n)}, ${probability('p', test.p)}${q}: ${test.rule}`;
  return indented('  test  ', shown(text));
}

function sliceLines({ slices }: Report): string[] {
  const standing = slices
    .filter(({ stands, rate, restRate }) => stands && rate > (restRate ?? 0))
    .slice(0, MOST_SLICES);
  if (standing.length === 0) return [];
  const rows = standing.map((slice) => {
    const [where, column, inputs, rate, rest, q] = sliceRow(slice);
    return [cut(shown(where!), 26), cut(shown(column!), 12), inputs!, rate!, rest!, q!];
  });
  return ['', ...table(['WHERE', 'COLUMN', 'INPUTS', 'DIFFER', 'ELSEWHERE', 'Q'], rows)];
}

function noteLines({ notes }: Report): string[] {
  if (notes.length === 0) return [];
  return ['', 'notes', ...notes.flatMap((note) => indented('- ', shown(note)))];
}
