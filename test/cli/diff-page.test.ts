import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffPage } from '../../src/cli/diff-page.ts';
import { flipMatrix } from '../../src/cli/flip-matrix.ts';
import { widthOf } from '../../src/cli/width.ts';
import {
  cell,
  cohort,
  column,
  HOSTILE,
  madeReport,
  NEW,
  numbers,
  oneCase,
  reports,
} from '../diff/made-report.ts';

const ASKED = { before: 'tuesday = 2026-11-17 to 2026-11-18 UTC', after: 'thursday = …' };
const REPORT = madeReport({
  after: cohort(NEW, {
    artifacts: [{ artifactId: NEW, blobIds: [], traces: 1999, share: 0.9996 }],
  }),
  columns: [
    column(),
    numbers(),
    numbers({ name: 'latency', source: 'latency', family: 'found', verdict: 'no-evidence' }),
  ],
});

describe('a diff on the page', () => {
  const lines = diffPage(REPORT, ASKED);

  it('begins with the verdict in plain words, and the sentence that sums it up', () => {
    expect(lines[0]).toBe('CHANGED: beyond chance, and beyond what counts as small');
    expect(lines.join(' ')).toContain(`og/eth-volatility: ${REPORT.summary}`);
  });

  it('names both sides as they were asked for, what they hold and what was left out', () => {
    expect(lines).toContain('before  tuesday = 2026-11-17 to 2026-11-18 UTC');
    expect(lines).toContain('        sha256:aaaaaaaaaaaa  100 %  (2000 traces)');
    expect(lines).toContain('        left out: 3 ambiguous');
  });

  it('never rounds a share to all where it is not all', () => {
    expect(lines).toContain('        sha256:bbbbbbbbbbbb  99.9 %  (1999 traces)');
  });

  it('lists each column with its verdict, effect and q, and marks what nobody named', () => {
    const rows = lines.filter((line) => /^(COLUMN|decision|\$\.score|latency) /.test(line));
    expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
      ['COLUMN', 'VERDICT', 'EFFECT, 95 %', 'DIFFER', 'Q'],
      ['decision', 'changed', 'CLEAR −6.1 pts [−8.9, −3.1]', '9%', '0.0004'],
      ['$.score', 'changed', 'median +0.123 [0.1, 0.15]', '9%', '0.0004'],
      ['latency *', 'no evidence', 'median +0.123 [0.1, 0.15]', '9%', '0.0004'],
    ]);
  });

  it('shows what decisions became as a table, and the test that decides with why it was chosen', () => {
    const from = lines.indexOf('decision: 412 compared, 37 differ, 0 mixed');
    expect(lines.slice(from + 1, from + 4)).toEqual([
      '  before \\ after  CLEAR  HOLD',
      '  CLEAR             300    31',
      '  HOLD                6    75',
    ]);
    expect(lines[from + 4]).toMatch(
      /^ {2}test {2}mcnemar-exact, n = 412, p = 0\.0004, q = 0\.0004: one/,
    );
  });

  it('says of the column that the summary is of nothing twice', () => {
    const again = lines.filter((line) => line.includes('31 CLEAR→HOLD'));
    expect(again).toHaveLength(1);
  });

  it('shows a case side by side, by path, and by word where it is text', () => {
    const words = [
      { op: 'same' as const, text: `It ${'goes on '.repeat(30)}and` },
      { op: 'removed' as const, text: ' ends' },
      { op: 'added' as const, text: ' begins' },
    ];
    const page = diffPage(
      madeReport({ cases: [oneCase(), oneCase({ words, paths: null })] }),
      ASKED,
    );
    expect(page).toContain('    CLEAR -> HOLD, flipped, largest step 0.31');
    expect(page.some((line) => /^ {4}\{"score":0\.1\} +\| \{"score":0\.41\}$/.test(line))).toBe(
      true,
    );
    const long = oneCase({ input: '{"a":1}' });
    long.before = { ...long.before, output: `{"score":0.1,"why":"${'calm '.repeat(40)}"}` };
    expect(page).not.toContain('    $.score  0.1 -> 0.41');
    expect(diffPage(madeReport({ cases: [long] }), ASKED)).toContain('    $.score  0.1 -> 0.41');
    expect(page).toContain('    …s on goes on goes on goes on goes on and [-ends-] {+begins+}');
    expect(page).toContain('    traces t-1 | t-2');
  });

  it('shows where the change concentrates', () => {
    const slice = {
      column: 'decision',
      field: '$.country',
      value: 'DE',
      inputs: 40,
      differing: 20,
    };
    const rest = { rate: 0.5, restRate: 0.01, p: 1e-9, q: 1e-8 };
    const page = diffPage(madeReport({ slices: [{ ...slice, ...rest, stands: true }] }), ASKED);
    expect(page.join('\n')).toMatch(/\$\.country = DE +decision +40 +50 % +1 % +1e-8/);
    const none = diffPage(madeReport({ slices: [{ ...slice, ...rest, stands: false }] }), ASKED);
    expect(none.join('\n')).not.toContain('$.country');
  });

  it('stays within 80 columns, whatever models answer', () => {
    fc.assert(
      fc.property(reports(), (report) => {
        for (const line of diffPage(report, ASKED)) {
          expect(widthOf(line)).toBeLessThanOrEqual(80);
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        }
      }),
    );
    for (const text of HOSTILE.slice(0, -1)) {
      const page = diffPage(madeReport({ label: text, notes: [text] }), {
        before: text,
        after: text,
      });
      for (const line of page) expect(widthOf(line)).toBeLessThanOrEqual(80);
    }
  });
});

describe('a flip matrix', () => {
  it('too large for a table is its most frequent moves', () => {
    const cells = Array.from({ length: 40 }, (_, i) =>
      cell(`${i}\x1b[2J漢字`.repeat(9), 'HOLD', i + 1),
    );
    const lines = flipMatrix(cells, 78);
    expect(lines[0]).toBe('BEFORE          AFTER  INPUTS');
    expect(lines).toHaveLength(14);
    expect(lines.at(-1)).toBe('and 28 more');
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(78);
  });

  it('counts mixed inputs that differ and mixed ones that do not together, and puts outcomes that are no labels last', () => {
    const lines = flipMatrix(
      [
        cell('(mixed)', '(mixed)', 2),
        cell('(mixed)', '(mixed)', 3, { differs: true }),
        cell('B', '(missing)', 4),
      ],
      78,
    );
    expect(lines[0]).toBe('before \\ after  B  (missing)  (mixed)');
    expect(lines.at(-1)).toBe('(mixed)         0          0        5');
  });
});
