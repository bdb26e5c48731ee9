/** Reports made by hand, for tests of what is said of them. */
import fc from 'fast-check';
import type { Report, ReportColumn, ReportTest, Verdict } from '../../src/contract/diff.ts';
import { columnSentence } from '../../src/diff/report/column-sentence.ts';
import { summaryOf } from '../../src/diff/report/summary.ts';

export const OLD = `sha256:${'a'.repeat(64)}`;
export const NEW = `sha256:${'b'.repeat(64)}`;

type Cell = NonNullable<ReportColumn['matrix']>[number];

export function cell(
  before: string,
  after: string,
  inputs: number,
  more: Partial<Cell> = {},
): Cell {
  return { before, after, inputs, differs: before !== after, cases: [], ...more };
}

export function test(more: Partial<ReportTest> = {}): ReportTest {
  return {
    name: 'mcnemar-exact',
    question: 'direction',
    statistic: { b: 31, c: 6 },
    n: 412,
    p: 0.0004,
    q: 0.0004,
    method: 'exact',
    resamples: null,
    decides: true,
    rule: 'one run a side and two labels: exact McNemar over inputs that flipped',
    ...more,
  };
}

/** The column of the example: 412 inputs, 37 flipped. */
export function column(more: Partial<ReportColumn> = {}): ReportColumn {
  const made: ReportColumn = {
    name: 'decision',
    source: 'decision',
    path: null,
    family: 'first',
    kind: 'label',
    typed: 'seen',
    typeNote: null,
    verdict: 'changed',
    basis: 'pairs',
    sentence: '',
    compared: 412,
    mixed: 0,
    leftOut: [],
    cases: {
      answer: 'unclear',
      differing: 37,
      rate: 37 / 412,
      interval: { lo: 0.066, hi: 0.121 },
      noise: 0.012,
      noiseInputs: 60,
      excess: null,
    },
    direction: {
      answer: 'yes',
      effects: [
        { of: 'CLEAR', unit: 'points', value: -6.07, lo: -8.91, hi: -3.13 },
        { of: 'HOLD', unit: 'points', value: 6.07, lo: 3.13, hi: 8.91 },
      ],
    },
    tests: [test()],
    matrix: [
      cell('CLEAR', 'CLEAR', 300),
      cell('CLEAR', 'HOLD', 31, { cases: [{ before: 't-1', after: 't-2' }] }),
      cell('HOLD', 'CLEAR', 6),
      cell('HOLD', 'HOLD', 75),
    ],
    distribution: null,
    paths: null,
    change: null,
    traffic: null,
    needed: null,
    ...more,
  };
  return {
    ...made,
    sentence: more.sentence ?? columnSentence(made, { minEffect: 5, mixed: false }),
  };
}

export function numbers(more: Partial<ReportColumn> = {}): ReportColumn {
  return column({
    name: '$.score',
    source: 'output',
    path: '$.score',
    kind: 'number',
    matrix: null,
    direction: {
      answer: 'yes',
      effects: [{ of: 'median', unit: 'value', value: 0.1234, lo: 0.1, hi: 0.15 }],
    },
    tests: [test({ name: 'wilcoxon-signed-rank', statistic: { w: 12.5, spread: null } })],
    ...more,
  });
}

export function cohort(artifact = OLD, more: Partial<Report['before']> = {}): Report['before'] {
  return {
    asked: { from: '2026-11-17T00:00:00.000Z', to: '2026-11-18T00:00:00.000Z' },
    traces: 2000,
    inputs: 420,
    errors: 0,
    artifacts: [{ artifactId: artifact, blobIds: [], traces: 2000, share: 1 }],
    leftOut: [{ reason: 'ambiguous', traces: 3 }],
    from: '2026-11-17T10:00:00.000Z',
    to: '2026-11-17T11:00:00.000Z',
    ...more,
  };
}

export function oneCase(more: Partial<Report['cases'][number]> = {}): Report['cases'][number] {
  const side = (decision: string, output: string, trace: string) => {
    return { decision, output, traceIds: [trace], runs: 1 };
  };
  return {
    inputSha256: 'x'.repeat(64),
    input: '{"asset":"ETH"}',
    context: null,
    turn: null,
    flipped: true,
    outcome: { column: 'decision', before: 'CLEAR', after: 'HOLD' },
    largestStep: 0.31,
    before: side('CLEAR', '{"score":0.1}', 't-1'),
    after: side('HOLD', '{"score":0.41}', 't-2'),
    paths: [{ path: '$.score', before: '0.1', after: '0.41' }],
    words: null,
    ...more,
  };
}

/** The summary is of what is given, unless it is given too. */
export function madeReport(more: Partial<Report> = {}): Report {
  const made: Report = {
    id: `d_${'0'.repeat(24)}`,
    label: 'og/eth-volatility',
    summary: '',
    verdict: 'changed',
    query: {
      before: {},
      after: {},
      includeProvisional: false,
      across: false,
      fields: [],
      discover: true,
      minEffect: 5,
      seed: 1,
    },
    watermark: { trace: 4000, reading: '2026-11-20T00:00:00.000Z' },
    before: cohort(OLD),
    after: cohort(NEW),
    pairs: { inputs: 412, onlyBefore: 8, onlyAfter: 9, conversations: null },
    columns: [column()],
    skipped: [],
    slices: [],
    decisions: { compared: 412, flipped: 37, mixed: 0, matrix: [] },
    outputs: { compared: 412, changed: 300, partly: 0, changedShare: 300 / 412 },
    cases: [oneCase()],
    artifactDiff: null,
    notes: ['Traces of the after side that are not compared: 3 of 2003 (3 ambiguous).'],
    ...more,
  };
  return { ...made, summary: more.summary ?? summaryOf(made) };
}

const WORST: Verdict[] = [
  'changed',
  'changed-but-small',
  'insufficient',
  'no-data',
  'no-evidence',
  'identical',
];

/** What tries to be more than text: markup, control, direction, length. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  ']]><evil/>',
  '\u202eDLOH\u202c\u200b',
  'NUL \u0000, bell \u0007, escape \x1b[2J',
  'two\nlines\r\nand\u2028more',
  '| a | b |',
  'a\\|b',
  '`code` ``more``',
  '[click](javascript:alert(1)) ![x](http://evil.example/x.png)',
  '# title\n- item\n> quote',
  '@everyone see https://evil.example and www.evil.example',
  '\ud800 alone, \ufffe and \uffff',
  '&lt;b&gt; &#x3c;',
  '',
  '漢字'.repeat(60),
  'x'.repeat(1_000_000),
] as const;

/** Any verdicts of any columns; the overall one is the worst of those that decide, as everywhere. */
export function reports(): fc.Arbitrary<Report> {
  const text = fc.oneof(
    fc.constantFrom(...HOSTILE.slice(0, -1)),
    fc.string({
      unit: fc.nat(0x10ffff).map((point) => String.fromCodePoint(point)),
      maxLength: 60,
    }),
  );
  const verdict = fc.constantFrom(...WORST);
  const columns = fc.array(
    fc.record({
      name: text,
      verdict,
      family: fc.constantFrom('first' as const, 'found' as const),
      basis: fc.constantFrom('pairs' as const, 'unpaired' as const),
      isNumber: fc.boolean(),
      label: text,
      needed: fc.option(fc.constant({ inputs: 1200, effect: 5, power: 0.8 })),
    }),
    { maxLength: 5 },
  );
  return fc
    .record({ columns, texts: fc.array(text, { minLength: 4, maxLength: 4 }) })
    .map(({ columns: told, texts: [label, note, output, id] }) => {
      const made = told.map(({ isNumber, label: name, ...rest }) =>
        isNumber
          ? numbers(rest)
          : column({
              ...rest,
              matrix: [cell(name, 'HOLD', 5, { cases: [{ before: id!, after: id! }] })],
            }),
      );
      const first = made.filter(({ family }) => family === 'first').map((one) => one.verdict);
      const worst = WORST.find((one) => first.includes(one)) ?? 'no-data';
      const side = { decision: label!, output: output!, traceIds: [id!], runs: 2 };
      return madeReport({
        columns: made,
        verdict: worst,
        notes: [note!],
        cases: [
          oneCase({
            input: output!,
            context: note!,
            outcome: null,
            before: side,
            after: { ...side, output: null },
            words: [
              { op: 'removed', text: output! },
              { op: 'added', text: note! },
            ],
            paths: [{ path: note!, before: output!, after: null }],
          }),
        ],
        slices: [
          {
            column: 'decision',
            field: note!,
            value: label!,
            inputs: 40,
            differing: 20,
            rate: 0.5,
            restRate: 0.01,
            p: 1e-9,
            q: 1e-8,
            stands: true,
          },
        ],
      });
    });
}
