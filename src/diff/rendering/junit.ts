/**
 * A report as JUnit XML, for pipelines: one test case a column.
 *
 * Of the columns that decide, one that changed is a failure, and one that says too little is an
 * error; so a suite without either is exit code 0, one with a failure 1, one with errors alone 3.
 * Columns found without being named never fail: what they found is told, and the case is skipped.
 */
import type { Report, ReportColumn, Verdict } from '../../contract/diff.ts';
import { outcomeOfVerdict, shortVerdict } from '../report/verdict-words.ts';
import { visible } from './visible.ts';

const LONGEST = 2000;

export function junit(report: Report): string {
  const cases = casesOf(report);
  const count = (kind: Kind) => cases.filter((one) => one.kind === kind).length;
  const name = attribute(`underlabel diff ${report.label}`);
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${name}" ${counts}>`,
    `  <testsuite name="${name}" ${counts}>`,
    '    <properties>',
    property('report', report.id),
    property('verdict', report.verdict),
    property('summary', report.summary),
    property('seed', String(report.query.seed)),
    '    </properties>',
    ...cases.flatMap((one) => caseLines(one, attribute(report.label))),
    `    <system-out>${escaped([report.summary, ...report.notes].map((text) => visible(text, LONGEST)).join('\n'))}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

type Kind = 'passed' | 'failure' | 'error' | 'skipped';

interface TestCase {
  name: string;
  kind: Kind;
  verdict: Verdict;
  text: string;
}

function casesOf({ columns, summary, verdict }: Report): TestCase[] {
  const cases = columns.map((column) => ({
    name: column.name,
    kind: kindOf(column),
    verdict: column.verdict,
    text: column.sentence,
  }));
  // Without a column that decides, nothing would stand for the verdict.
  if (columns.some(({ family }) => family === 'first')) return cases;
  return [
    { name: 'overall', kind: KINDS[outcomeOfVerdict(verdict)], verdict, text: summary },
    ...cases,
  ];
}

const KINDS = { same: 'passed', changed: 'failure', unknown: 'error' } as const;

function kindOf({ family, verdict }: ReportColumn): Kind {
  const kind = KINDS[outcomeOfVerdict(verdict)];
  return family === 'first' || kind === 'passed' ? kind : 'skipped';
}

function caseLines({ name, kind, verdict, text }: TestCase, label: string): string[] {
  const open = `    <testcase classname="${label}" name="${attribute(name)}"`;
  const told = `${shortVerdict(verdict)}: ${text}`;
  if (kind === 'passed')
    return [`${open}>`, `      <system-out>${body(told)}</system-out>`, '    </testcase>'];
  const type = kind === 'skipped' ? '' : ` type="${verdict}"`;
  return [
    `${open}>`,
    `      <${kind} message="${attribute(told)}"${type}>${kind === 'skipped' ? '' : body(told)}</${kind}>`,
    '    </testcase>',
  ];
}

function property(name: string, value: string): string {
  return `      <property name="${name}" value="${attribute(value)}"/>`;
}

function attribute(text: string): string {
  return escaped(visible(text, LONGEST));
}

function body(text: string): string {
  return escaped(visible(text, LONGEST));
}

/** No CDATA: text can end one. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
