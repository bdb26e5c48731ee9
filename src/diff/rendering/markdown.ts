/**
 * A report in Markdown (GitHub's): for pull requests and notes. Whatever a model or user wrote stands
 * in code spans, or with every sign that Markdown knows taken out of force.
 */
import type { Cohort, Report, ReportColumn } from '../../contract/diff.ts';
import { longVerdict } from '../report/verdict-words.ts';
import { grouped, percent } from '../report/wording.ts';
import {
  askedText,
  COLUMN_HEADINGS,
  caseHead,
  columnRow,
  inFamilies,
  leftOutText,
  pairsText,
  SLICE_HEADINGS,
  sizeOf,
  sliceRow,
  TEST_HEADINGS,
  testRow,
  trafficText,
} from './rows.ts';
import { visible } from './visible.ts';

const LONGEST_CELL = 120;
const LONGEST_TEXT = 600;
const LONGEST_PROSE = 4000;
const MOST_CELLS = 30;

export function markdown(report: Report): string {
  const blocks = [
    `# Diff of ${code(report.label, LONGEST_CELL)}`,
    `**${longVerdict(report.verdict)}**`,
    prose(report.summary),
    table(
      ['side', 'asked for', 'holds', 'artifacts', 'left out'],
      [sideRow('before', report.before), sideRow('after', report.after)],
    ),
    `Pairs: ${pairsText(report)}.`,
    ...(report.artifactDiff === null
      ? []
      : [`What differs inside the artifacts: ${code(report.artifactDiff, LONGEST_TEXT)}`]),
    ...columnBlocks(report),
    ...caseBlocks(report),
    ...sliceBlocks(report),
    ...noteBlocks(report),
    `Report ${code(report.id, LONGEST_CELL)}, seed ${report.query.seed}, up to trace number ${report.watermark.trace}.`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function sideRow(name: string, side: Cohort): string[] {
  const artifacts = side.artifacts.map(
    ({ artifactId, share }) => `${cell(artifactId)} ${percent(share)}`,
  );
  return [name, cell(askedText(side)), sizeOf(side), artifacts.join('; '), leftOutText(side)];
}

function columnBlocks({ columns }: Report): string[] {
  if (columns.length === 0) return [];
  const ordered = inFamilies(columns);
  const rows = ordered.map((column) => {
    const [name, verdict, effect, ...rest] = columnRow(column);
    const decides = column.family === 'first' ? '' : ' (found)';
    return [`${cell(name!)}${decides}`, verdict!, effect ? cell(effect) : '', ...rest];
  });
  return ['## Columns', table(COLUMN_HEADINGS, rows), ...ordered.flatMap(oneColumn)];
}

function oneColumn(column: ReportColumn): string[] {
  const blocks = [`### ${code(column.name, LONGEST_CELL)}`, prose(column.sentence)];
  const cells = (column.matrix ?? []).filter(({ differs }) => differs);
  if (cells.length > 0) {
    const rows = cells
      .slice(0, MOST_CELLS)
      .map(({ before, after, inputs, cases }) => [
        cell(before),
        cell(after),
        grouped(inputs),
        cases.slice(0, 1).map(({ before: a, after: b }) => `${cell(a)} → ${cell(b)}`)[0] ?? '',
      ]);
    blocks.push(table(['before', 'after', 'inputs', 'traces, for one'], rows));
    if (cells.length > MOST_CELLS) blocks.push(`And ${cells.length - MOST_CELLS} more ways.`);
  }
  if (column.paths && column.paths.length > 0) {
    const rows = column.paths.map(({ path, rate, changed, added, removed, pairs }) => [
      cell(path),
      percent(rate),
      `${changed} changed, ${added} added, ${removed} removed of ${pairs}`,
    ]);
    blocks.push(table(['path', 'differs in', 'pairs'], rows));
  }
  const traffic = trafficText(column);
  if (traffic !== null) blocks.push(prose(traffic));
  if (column.tests.length > 0) {
    const rows = column.tests.map((test) => testRow(test).map((text) => plainCell(text)));
    blocks.push(table(TEST_HEADINGS, rows));
  }
  return blocks;
}

function caseBlocks({ cases }: Report): string[] {
  if (cases.length === 0) return [];
  const blocks = cases.map((found, i) => {
    const head = caseHead(found);
    const step = found.largestStep === null ? '' : `, largest step ${found.largestStep}`;
    const moved = head ? `: ${code(head.before, 80)} → ${code(head.after, 80)}` : '';
    const lines = [
      `${i + 1}. ${found.flipped ? 'flipped' : 'differs'}${moved}${step}`,
      `   - input ${code(found.input, LONGEST_TEXT)}`,
      ...sideLines('before', found.before),
      ...sideLines('after', found.after),
      ...(found.paths ?? []).map(
        ({ path, before, after }) =>
          `   - ${code(path, LONGEST_CELL)}: ${orAbsent(before)} → ${orAbsent(after)}`,
      ),
    ];
    return lines.join('\n');
  });
  return ['## Most changed cases', blocks.join('\n')];
}

function sideLines(name: string, side: Report['cases'][number]['before']): string[] {
  const output = side.output === null ? 'no output' : code(side.output, LONGEST_TEXT);
  const trace = side.traceIds.length === 0 ? '' : `, trace ${code(side.traceIds[0]!, 200)}`;
  const runs = side.runs > 1 ? `, latest of ${side.runs} runs` : '';
  return [`   - ${name} ${output}${runs}${trace}`];
}

function orAbsent(value: string | null): string {
  return value === null ? 'not there' : code(value, LONGEST_CELL);
}

function sliceBlocks({ slices }: Report): string[] {
  if (slices.length === 0) return [];
  const rows = slices.map((slice) => {
    const [where, column, ...rest] = sliceRow(slice);
    return [cell(where!), cell(column!), ...rest];
  });
  return ['## Where it concentrates', table(SLICE_HEADINGS, rows)];
}

function noteBlocks({ notes }: Report): string[] {
  if (notes.length === 0) return [];
  return ['## To know', notes.map((note) => `- ${prose(note)}`).join('\n')];
}

/** Cells are Markdown already. */
function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A code span: nothing inside is Markdown, HTML, a link or a mention. */
function code(text: string, most: number): string {
  const inside = visible(text, most);
  const longest = (inside.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = '`'.repeat(longest + 1);
  // A backtick at the edge would join the fence; and of a blank at both edges one is taken off.
  const edge = /^`|`$|^ .* $/.test(inside) ? ' ' : '';
  return inside === '' ? '(empty)' : `${fence}${edge}${inside}${edge}${fence}`;
}

/** In a table, a pipe ends the cell even inside code, and what stands before it can undo its escape. */
function cell(text: string): string {
  return code(visible(text, LONGEST_CELL).replaceAll('|', '\\u{7c}'), LONGEST_CELL * 2);
}

function plainCell(text: string): string {
  return inline(visible(text, 2 * LONGEST_CELL).replaceAll('|', '\\u{7c}'));
}

/** A paragraph with names in it that anyone may have written: its beginning is no heading, line or list. */
function prose(text: string): string {
  return inline(text)
    .replace(/^(\s*)([-+=#])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2');
}

function inline(text: string): string {
  const signs = visible(text, LONGEST_PROSE)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]|~^$]/g, '\\$&');
  // Mentions and bare addresses become links without any sign of their own: a word joiner parts them.
  return signs.replace(/@|:(?=\/\/)|\bwww(?=\.)/gi, '$&\u2060');
}
