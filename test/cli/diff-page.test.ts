import { describe, expect, it } from 'vitest';
import { diffPage } from '../../src/cli/diff-page.ts';
import { widthOf } from '../../src/cli/width.ts';
import type { Report } from '../../src/contract/diff.ts';

const side = (decision: string | null, output: string | null) => ({
  decision,
  output,
  traceIds: ['t'],
  runs: 1,
});
const cohort = (artifact: string, share: number): Report['before'] => ({
  asked: { artifact: `sha256:${artifact.repeat(64)}` },
  traces: 2000,
  inputs: 24,
  artifacts: [{ artifactId: `sha256:${artifact.repeat(64)}`, blobIds: [], traces: 2000, share }],
  leftOut: [{ reason: 'ambiguous', traces: 3 }],
  from: '2026-11-17T10:00:00.000Z',
  to: '2026-11-17T11:00:00.000Z',
});

const REPORT: Report = {
  label: 'og/eth-volatility',
  summary:
    '24 shared inputs: 5 flipped, 5 CLEAR→HOLD, between sha256:aaaaaaaa and sha256:bbbbbbbb.',
  verdict: 'changed',
  before: cohort('a', 1),
  after: cohort('b', 0.9996),
  pairs: { inputs: 24, onlyBefore: 1, onlyAfter: 2 },
  decisions: {
    compared: 24,
    flipped: 5,
    mixed: 0,
    matrix: [
      { before: 'CLEAR', after: 'CLEAR', inputs: 12 },
      { before: 'CLEAR', after: 'HOLD', inputs: 5 },
      { before: 'HOLD', after: null, inputs: 7 },
    ],
  },
  outputs: { compared: 24, changed: 18, partly: 1, changedShare: 0.75 },
  cases: [
    {
      inputSha256: 'x',
      input: `{"asset":"ETH","text":"${'long '.repeat(300)}"}`,
      context: null,
      turn: null,
      flipped: true,
      largestStep: 0.31,
      before: side('CLEAR', `{"risk":0.1,"why":"${'quiet '.repeat(200)}"}`),
      after: side('HOLD', '{"risk":0.41}'),
    },
  ],
  notes: ['Traces of the after side that are not compared: 3 of 2003 (3 ambiguous).'],
};
const ASKED = { before: 'tuesday = 2026-11-17 to 2026-11-18 UTC', after: 'thursday = …' };

describe('a diff on the page', () => {
  const lines = diffPage(REPORT, ASKED);

  it('begins with the sentence that sums it up', () => {
    expect(lines.slice(0, 2).join(' ')).toBe(`og/eth-volatility: ${REPORT.summary}`);
  });

  it('names both sides as they were asked for, what they hold and what was left out', () => {
    expect(lines).toContain('before  tuesday = 2026-11-17 to 2026-11-18 UTC');
    expect(lines).toContain('        sha256:aaaaaaaaaaaa  100 %  (2000 traces)');
    expect(lines).toContain('        left out: 3 ambiguous');
  });

  it('never rounds a share to all where it is not all', () => {
    expect(lines).toContain('        sha256:bbbbbbbbbbbb  99.9 %  (2000 traces)');
  });

  it('shows what decisions became as a table', () => {
    const from = lines.indexOf('decisions: 24 compared, 5 flipped, 0 mixed');
    expect(lines.slice(from + 1, from + 5)).toEqual([
      '  before \\ after  CLEAR  HOLD  (none)',
      '  CLEAR              12     5       0',
      '  HOLD                0     0       7',
      '  (none)              0     0       0',
    ]);
  });

  it('shows a case side by side', () => {
    expect(lines).toContain('    CLEAR -> HOLD, flipped, largest step 0.31');
    expect(lines.some((line) => /^ {4}\{"risk":0\.1.* \| \{"risk":0\.41\}$/.test(line))).toBe(true);
  });

  it('stays within 80 columns, whatever models answer', () => {
    const hostile = '\x1b[2J\u202e漢字'.repeat(40);
    const page = diffPage(
      {
        ...REPORT,
        summary: hostile,
        decisions: {
          ...REPORT.decisions,
          matrix: Array.from({ length: 40 }, (_, i) => ({
            before: `${i}${hostile}`,
            after: 'HOLD',
            inputs: i,
          })),
        },
        cases: [{ ...REPORT.cases[0]!, input: hostile, before: side(hostile, hostile) }],
        notes: [hostile],
      },
      { before: hostile, after: hostile },
    );
    for (const line of page) {
      expect(widthOf(line)).toBeLessThanOrEqual(80);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect(page.join('\n')).toContain('and 28 more');
  });
});
