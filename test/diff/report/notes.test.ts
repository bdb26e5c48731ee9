import { describe, expect, it } from 'vitest';
import { type Beside, notesOn } from '../../../src/diff/report/notes.ts';
import { cohort, column, madeReport, NEW, numbers, OLD } from '../made-report.ts';

const nothing: Beside = {
  differing: 0,
  oneSidedOutputs: 0,
  provisional: { before: 0, after: 0 },
  sampled: [],
};
const day = (date: number) => ({
  from: `2026-11-${date}T00:00:00.000Z`,
  to: `2026-11-${date + 1}T00:00:00.000Z`,
});
const apart = {
  before: cohort(OLD, { asked: day(17), leftOut: [] }),
  after: cohort(NEW, { asked: day(19), leftOut: [] }),
};

/** Of a report that has nothing else to tell, in one text. */
function notes(more: Parameters<typeof madeReport>[0] = {}, beside: Partial<Beside> = {}): string {
  const told = madeReport({ ...apart, columns: [], ...more });
  return notesOn(told, { ...nothing, ...beside }).join('\n');
}

describe('the notes of a report', () => {
  it('are none where there is nothing to tell', () => {
    expect(notes()).toBe('');
  });

  it('tell what was left out, by reason, and what ended in an error', () => {
    const before = cohort(OLD, {
      leftOut: [
        { reason: 'ambiguous', traces: 20_000 },
        { reason: 'conflict', traces: 1 },
      ],
      errors: 100,
    });
    const text = notes({ before, after: apart.after });
    expect(text).toContain(
      'Traces of the before side that are not compared: 20,001 of 22,001 (20,000 ambiguous, 1 conflict).',
    );
    expect(text).toContain(
      '100 traces of the before side ended in an error (5 % of those compared).',
    );
  });

  it('tell of a mixed side and of periods that overlap', () => {
    const artifacts = [OLD, NEW].map((artifactId) => ({
      artifactId,
      blobIds: [],
      traces: 1,
      share: 0.5,
    }));
    const before = cohort(OLD, { asked: day(17), artifacts, leftOut: [] });
    const after = cohort(NEW, { asked: day(17), leftOut: [] });
    const text = notes({ before, after });
    expect(text).toContain('The before side mixes 2 artifacts.');
    expect(text).toContain('The two periods overlap');
    expect(notes()).not.toContain('overlap');
  });

  it('tell what pairs take out of the comparison and what they do not, and that turns hang together', () => {
    const pairs = { inputs: 412, onlyBefore: 0, onlyAfter: 0, conversations: 90 };
    const text = notes({ columns: [column()], pairs });
    expect(text).toContain('Pairs take the traffic out of the comparison');
    expect(text).toContain('They take out nothing else');
    expect(text).toContain('inputs that stand alone: 90 for 412 shared inputs.');
  });

  it('tell where the model and the traffic can not be told apart', () => {
    const text = notes({ columns: [column({ basis: 'unpaired' })] });
    expect(text).toContain("can't tell the model from the traffic");
    expect(text).not.toContain('Pairs take');
  });

  it('tell where the noise floor is not known, of what decides and differs', () => {
    const cases = { ...column().cases, noise: null };
    const some = [
      column({ cases }),
      numbers({ cases: { ...cases, differing: 0 } }),
      numbers({ name: '$.b', family: 'found', cases }),
    ];
    expect(notes({ columns: some })).toContain(
      'Noise floor unknown for decision: no input ran twice',
    );
    expect(notes({ columns: [column()] })).not.toContain('Noise floor');
  });

  it('tell which fields were skipped and why, a few by name', () => {
    const skipped = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => {
      return {
        path: `$.${name}`,
        reason: 'near-unique' as const,
        distinct: 9,
        runs: 9,
        atLeast: false,
      };
    });
    skipped.push({ ...skipped[0]!, path: '$.z', reason: 'rare' as never });
    const text = notes({ skipped });
    expect(text).toContain(
      '$.a, $.b, $.c, $.d, $.e and 2 more (another value in nearly every run); $.z (rare)',
    );
  });

  it('tell how much of the texts was looked at, and what of the outputs could not be compared', () => {
    const text = notes(
      {},
      { differing: 1234, oneSidedOutputs: 3, sampled: [{ name: '$.why', looked: 500, of: 1200 }] },
    );
    expect(text).toContain('1234 inputs differ. The cases are chosen from 200 of them');
    expect(text).toContain('Inputs with an output on one side only: 3.');
    expect(text).toContain('$.why (500 of 1200)');
  });

  it('tell that provisional traces are counted, where they may be', () => {
    const { query } = madeReport();
    const text = notes(
      { query: { ...query, includeProvisional: true } },
      { provisional: { before: 1, after: 2 } },
    );
    expect(text).toContain('Provisional traces are counted (1 before, 2 after)');
  });

  it('tell what values were not of the kind they are compared as', () => {
    const text = notes({
      columns: [column({ name: '$.x\u202e', typeNote: 'numbers 40 before, 0 after' })],
    });
    expect(text).toContain(
      '$.x\ufffd is compared as label; its values are numbers 40 before, 0 after.',
    );
  });

  it('tell of a named field that no output has, and which one may be meant', () => {
    const { query } = madeReport();
    const empty = {
      kind: 'label' as const,
      verdict: 'no-data' as const,
      source: 'output' as const,
    };
    const columns = [
      column({ ...empty, name: '$.scoer', path: '$.scoer' }),
      column({ ...empty, name: '$.zzz', path: '$.zzz' }),
      numbers(),
    ];
    const fields = columns.map(({ path }) => ({ path: path!, kind: null }));
    expect(notes({ columns, query: { ...query, fields } })).toContain(
      'No output has anything at $.scoer (is $.score meant?) and $.zzz, so nothing was compared there.',
    );
    expect(notes({ columns, query })).not.toContain('No output has');
  });
});
