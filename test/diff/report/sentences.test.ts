import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOfVerdict } from '../../../src/diff/report/verdict-words.ts';
import {
  cell,
  cohort,
  column,
  HOSTILE,
  madeReport,
  NEW,
  numbers,
  OLD,
  reports,
  test,
} from '../made-report.ts';

const summary = (of: Parameters<typeof madeReport>[0]) => madeReport(of).summary;

describe('the summary', () => {
  it('says what flipped, how far, against which noise and how surely, between which artifacts', () => {
    expect(summary({})).toBe(
      '412 shared inputs between sha256:aaaaaaaa and sha256:bbbbbbbb: 37 flipped, 31 CLEAR→HOLD and 6 HOLD→CLEAR; CLEAR −6.1 points [−8.9, −3.1]; same-artifact noise 1.2 %; q = 0.0004.',
    );
  });

  it('says for every verdict what it is', () => {
    const needed = { inputs: 12_345, effect: 5, power: 0.8 };
    const said = (more: Parameters<typeof column>[0]) =>
      summary({ columns: [column(more)], verdict: more!.verdict! });
    expect(said({ verdict: 'changed-but-small' })).toMatch(/; a change, but within 5 points\.$/);
    expect(said({ verdict: 'no-evidence' })).toMatch(
      /; no evidence of a change beyond 5 points\.$/,
    );
    expect(said({ verdict: 'insufficient', needed })).toMatch(
      /; too few to tell: 12,345 shared inputs would show 5 points\.$/,
    );
    expect(
      summary({ columns: [numbers({ verdict: 'insufficient', needed })], verdict: 'insufficient' }),
    ).toMatch(/; too few to tell: 12,345 shared inputs would show 5 % of its spread\.$/);
    expect(said({ verdict: 'insufficient' })).toMatch(/; too few to tell\.$/);
    const cases = column().cases;
    const unknown = { ...cases, noise: null };
    expect(said({ verdict: 'insufficient', cases: unknown })).toMatch(
      /; noise floor unknown; .*; too little to tell from noise\.$/,
    );
    expect(said({ verdict: 'no-data' })).toBe(
      'Nothing to compare between sha256:aaaaaaaa and sha256:bbbbbbbb: 412 shared inputs, but nothing in them that could be compared.',
    );
    const alike = {
      verdict: 'identical' as const,
      cases: { ...cases, differing: 0, rate: 0 },
      matrix: [cell('A', 'A', 412)],
    };
    expect(said(alike)).toBe(
      '412 shared inputs between sha256:aaaaaaaa and sha256:bbbbbbbb: none flipped; identical.',
    );
  });

  it('says that unpaired inputs cannot separate the model from the traffic', () => {
    const columns = [column({ basis: 'unpaired', matrix: null })];
    const pairs = { inputs: 3, onlyBefore: 417, onlyAfter: 417, conversations: null };
    expect(summary({ columns, pairs })).toBe(
      "3 shared inputs between sha256:aaaaaaaa and sha256:bbbbbbbb (420 inputs before, 420 after): unpaired; CLEAR −6.1 points [−8.9, −3.1]; q = 0.0004; this can't separate model from traffic.",
    );
  });

  it('says where the noise is not known, and where it is the noise that was exceeded', () => {
    const cases = column().cases;
    const unknown = column({ cases: { ...cases, noise: null } });
    expect(summary({ columns: [unknown] })).toContain('; noise floor unknown; q');
    const excess = {
      of: 'flips over noise',
      unit: 'points' as const,
      value: 7.8,
      lo: 5.1,
      hi: 10.2,
    };
    const beyond = column({ cases: { ...cases, answer: 'yes', excess } });
    expect(summary({ columns: [beyond] })).toContain('; +7.8 points [5.1, 10.2] beyond noise; ');
  });

  it('tells the effect that was found, and what could not be compared', () => {
    const effects = [
      { of: 'median', unit: 'value' as const, value: 0, lo: 0, hi: 0 },
      { of: 'mean', unit: 'value' as const, value: 0.02, lo: 0.01, hi: 0.03 },
      { of: '(missing)', unit: 'points' as const, value: 50, lo: 35.2, hi: 61.6 },
    ];
    const presence = test({ name: 'presence-mcnemar-exact', q: 0.0001 });
    const said = (tests: ReturnType<typeof test>[]) =>
      summary({ columns: [numbers({ direction: { answer: 'yes', effects }, tests })] });
    expect(said([test()])).toContain('(9 %); mean +0.02 [0.01, 0.03]; same-artifact');
    expect(said([test({ q: 0.9 }), presence])).toContain(
      '; (missing) +50.0 points [35.2, 61.6]; same',
    );
    expect(said([test(), presence])).toContain('; mean +0.02 [0.01, 0.03]; (missing) +50.0 points');
    const leftOut = [{ reason: 'error', inputs: 20 }];
    const cases = { ...column().cases, differing: 0, rate: 0 };
    expect(summary({ columns: [numbers({ leftOut, cases })] })).toContain(
      'no input differs, 20 with an error in place of a value; ',
    );
  });

  it('says why too little is known, and calls no noise that of one artifact where several ran', () => {
    const text = {
      kind: 'text' as const,
      matrix: null,
      direction: { answer: 'unclear' as const, effects: [] },
    };
    const cases = { ...column().cases, noise: null };
    const insufficient = {
      verdict: 'insufficient' as const,
      basis: 'unpaired' as const,
      tests: [],
    };
    const none = { ...cases, differing: 0 };
    const said = (one: ReturnType<typeof column>) =>
      summary({ columns: [one], verdict: 'insufficient' });
    expect(said(column({ ...insufficient, ...text, cases: none }))).toContain(
      ': unpaired; too little to tell, as only shared inputs show what changed; ',
    );
    expect(said(column({ ...insufficient, cases }))).toContain(
      'too little to tell from noise in the shared inputs (37 differ)',
    );
    const several = [OLD, NEW].map((artifactId) => ({
      artifactId,
      blobIds: [],
      traces: 1,
      share: 0.5,
    }));
    const mixed = summary({ before: cohort(OLD, { artifacts: several }) });
    expect(mixed).toContain('; same-side noise 1.2 %;');
  });

  it('counts flips between labels without a name, and names none of them', () => {
    const matrix = [cell('(other)', '(other)', 40, { differs: true }), cell('A', '(other)', 2)];
    expect(summary({ columns: [column({ matrix })] })).toContain(
      ': 42 flipped, 2 A→(other) and 40 in other ways;',
    );
    expect(summary({ columns: [column({ matrix: matrix.slice(0, 1) })] })).toContain(
      ': 40 flipped, 40 in other ways;',
    );
  });

  it('quotes labels that would speak for the diff, and keeps the largest numbers finite', () => {
    const forged = 'HOLD; no evidence of a change; q = 1';
    const text = summary({
      columns: [column({ matrix: [cell('A', forged, 3), cell(' ', 'B→C', 1)] })],
    });
    expect(text).toContain(`3 A→"${forged}" and 1 " "→"B→C";`);
    const effects = [
      { of: 'median', unit: 'value' as const, value: -Number.MAX_VALUE, lo: null, hi: null },
    ];
    const huge = summary({ columns: [numbers({ direction: { answer: 'yes', effects } })] });
    expect(huge).toContain('; median −1.80e+308; ');
  });

  it('is of the worst column that decides, and names the others that are not the same', () => {
    const columns = [
      column({ verdict: 'insufficient' }),
      numbers(),
      numbers({ name: '$.b', verdict: 'no-evidence' }),
      numbers({ name: '$.c', family: 'found' }),
    ];
    expect(summary({ columns })).toBe(
      '412 shared inputs between sha256:aaaaaaaa and sha256:bbbbbbbb: $.score: 37 inputs differ (9 %); median +0.123 [0.1, 0.15]; same-artifact noise 1.2 %; q = 0.0004; also too little to tell: decision.',
    );
  });

  it('names one artifact on both sides, several, and none', () => {
    expect(summary({ after: cohort(OLD) })).toContain('inputs with sha256:aaaaaaaa on both sides:');
    const mixed = [OLD, NEW].map((artifactId) => ({
      artifactId,
      blobIds: [],
      traces: 1,
      share: 0.5,
    }));
    expect(summary({ before: cohort(OLD, { artifacts: mixed }) })).toContain(
      'between 2 artifacts (sha256:aaaaaaaa and sha256:bbbbbbbb) and sha256:bbbbbbbb:',
    );
    expect(summary({ before: cohort(OLD, { artifacts: [] }) })).toContain(
      'between no artifact and',
    );
  });

  it('is one line of bounded length, whatever labels and fields are called, and blames nothing', () => {
    for (const name of HOSTILE) {
      const columns = [
        column({ name, source: 'output', matrix: [cell(name, 'HOLD', 3)] }),
        column({ name }),
      ];
      const text = summary({ columns });
      expect(text).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      expect(text.length).toBeLessThan(600);
    }
    fc.assert(
      fc.property(reports(), ({ summary: text, columns }) => {
        for (const said of [text, ...columns.map(({ sentence }) => sentence)]) {
          expect(said).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]|\bbecause\b/u);
          expect(said.endsWith('.')).toBe(true);
        }
      }),
    );
  });
});

describe('a sentence and its verdict', () => {
  it('never disagree', () => {
    fc.assert(
      fc.property(reports(), ({ columns }) => {
        for (const { sentence, verdict } of columns) {
          const claims = /too (few|little) to tell|nothing to compare/.test(sentence)
            ? 'unknown'
            : /no evidence of a change|identical/.test(sentence)
              ? 'same'
              : 'changed';
          expect(claims).toBe(outcomeOfVerdict(verdict));
        }
      }),
    );
  });
});

describe('numbers in a sentence', () => {
  it('bound a q that is too small to print', () => {
    expect(summary({ columns: [column({ tests: [test({ q: 5e-324 })] })] })).toContain(
      'q < 1e-300',
    );
  });

  it('never show a negative nothing', () => {
    const effects = [{ of: 'A', unit: 'points' as const, value: -0.04, lo: -0.01, hi: 0.02 }];
    const columns = [column({ direction: { answer: 'no', effects } })];
    expect(summary({ columns })).toContain('; A 0.0 points [0.0, 0.0]; ');
  });
});
