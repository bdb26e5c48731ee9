/**
 * A report as one HTML document that stands alone: no script, nothing loaded, one style in the page.
 * It reads in light and dark, on paper and with a screen reader; no meaning rests on colour alone.
 */
import type { Cohort, Report, ReportColumn } from '../../contract/diff.ts';
import { longVerdict, outcomeOfVerdict } from '../report/verdict-words.ts';
import { percent } from '../report/wording.ts';
import { caseBlocks } from './html-cases.ts';
import { matrixBlocks } from './html-matrix.ts';
import { HTML_STYLE } from './html-style.ts';
import { code, element, type Html, join, table, text, words } from './html-text.ts';
import {
  askedText,
  COLUMN_HEADINGS,
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

const LONGEST_NAME = 200;

export function html(report: Report): string {
  const head = [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    element('title', [words('Diff of '), words(report.label)]).html,
    `<style>${HTML_STYLE}</style>`,
  ];
  const columns = inFamilies(report.columns);
  const body = [
    element('h1', [words('Diff of '), text(report.label, LONGEST_NAME)]),
    element('p', longVerdict(report.verdict), {
      class: `verdict ${outcomeOfVerdict(report.verdict)}`,
    }),
    element('p', text(report.summary), { class: 'summary' }),
    sides(report),
    element('p', `Pairs: ${pairsText(report)}.`),
    ...(report.artifactDiff === null
      ? []
      : [element('p', [words('What differs inside the artifacts: '), code(report.artifactDiff)])]),
    ...columnTable(columns),
    ...columns.flatMap(oneColumn),
    ...caseBlocks(report.cases),
    ...sliceBlocks(report),
    ...noteBlocks(report),
    ending(report),
  ];
  return `<!doctype html>\n<html lang="en">\n<head>\n${head.join('\n')}\n</head>\n<body>\n<main>\n${join(body, '\n').html}\n</main>\n</body>\n</html>\n`;
}

function sides({ before, after }: Report): Html {
  const row = (name: string, side: Cohort) => [
    words(name),
    text(askedText(side)),
    words(sizeOf(side)),
    join(
      side.artifacts.map(({ artifactId, share }) =>
        join([code(artifactId), words(` ${percent(share)}`)]),
      ),
      '<br>',
    ),
    words(leftOutText(side) || 'none'),
  ];
  const headings = ['side', 'asked for', 'holds', 'artifacts', 'left out'];
  return table('The two sides', headings, [row('before', before), row('after', after)]);
}

function columnTable(columns: readonly ReportColumn[]): Html[] {
  if (columns.length === 0) return [];
  const rows = columns.map((column, i) => {
    const [name, verdict, effect, ...rest] = columnRow(column);
    return [
      element('a', text(name!, LONGEST_NAME), { href: `#column-${i}` }),
      element('span', verdict!, { class: outcomeOfVerdict(column.verdict) }),
      text(effect!),
      ...rest.map(words),
      words(column.family === 'first' ? 'decides' : 'found'),
    ];
  });
  return [element('h2', 'Columns'), table('What was compared', [...COLUMN_HEADINGS, 'role'], rows)];
}

function oneColumn(column: ReportColumn, index: number): Html[] {
  const id = `column-${index}`;
  const traffic = trafficText(column);
  return [
    element('h3', text(column.name, LONGEST_NAME), { id }),
    element('p', text(column.sentence)),
    ...(traffic === null ? [] : [element('p', text(traffic))]),
    ...(column.matrix === null ? [] : matrixBlocks(column.matrix, id)),
    ...pathTable(column.paths),
    ...testTable(column),
  ];
}

function pathTable(paths: ReportColumn['paths']): Html[] {
  if (paths === null || paths.length === 0) return [];
  const rows = paths.map(({ path, rate, changed, added, removed, pairs }) => [
    code(path),
    words(percent(rate)),
    words(`${changed} changed, ${added} added, ${removed} removed of ${pairs}`),
  ]);
  return [table('Paths that differ most often', ['path', 'differs in', 'pairs'], rows)];
}

function testTable({ tests }: ReportColumn): Html[] {
  if (tests.length === 0) return [];
  const rows = tests.map((test) => testRow(test).map((cell) => text(cell)));
  const inside = table('Each test, and the rule that chose it', TEST_HEADINGS, rows);
  return [element('details', [element('summary', 'Tests'), inside])];
}

function sliceBlocks({ slices }: Report): Html[] {
  if (slices.length === 0) return [];
  const rows = slices.map((slice) => sliceRow(slice).map((cell) => text(cell, LONGEST_NAME)));
  return [
    element('h2', 'Where it concentrates'),
    table('Parts of the traffic against the rest of it', SLICE_HEADINGS, rows),
  ];
}

function noteBlocks({ notes }: Report): Html[] {
  if (notes.length === 0) return [];
  const items = notes.map((note) => element('li', text(note)));
  return [element('h2', 'To know'), element('ul', items)];
}

function ending({ id, query, watermark }: Report): Html {
  const reading = watermark.reading === null ? '' : ` and the reading of ${watermark.reading}`;
  return element(
    'p',
    [
      words('Report '),
      code(id),
      words(`, seed ${query.seed}, up to trace number ${watermark.trace}${reading}.`),
    ],
    { class: 'soft' },
  );
}
