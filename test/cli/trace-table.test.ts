import { describe, expect, it } from 'vitest';
import type { Tailed } from '../../src/cli/tail-line.ts';
import { traceTable } from '../../src/cli/trace-table.ts';
import { widthOf } from '../../src/cli/width.ts';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const ID = `${'0af7651916cd43dd'.repeat(2)}-b7ad6b7169203331`;

const listed = (told: Partial<Tailed> = {}, attribution: object = {}): Tailed => ({
  id: ID,
  label: 'openrouter/anthropic/claude-3-opus-20240229',
  origin: null,
  startedAt: '2026-11-17T10:02:11.250Z',
  decision: null,
  ...told,
  attribution: {
    certainty: 'bracketed',
    artifactId: A,
    candidates: [A],
    conflict: false,
    declaredBlobId: null,
    ...attribution,
  },
});
const native = listed({ id: 'case-4711', label: 'og/eth-volatility', decision: 'HOLD' });
const conflict = { certainty: 'declared', artifactId: null, conflict: true, declaredBlobId: 'x' };

describe('a list of traces', () => {
  it('is whole where nobody looks on, whatever is in it', () => {
    const { lines, isCut } = traceTable([listed({ label: 'x'.repeat(200) }), native], null);
    expect(isCut).toBe(false);
    expect(lines[0]).toMatch(/^STARTED {22}LABEL +ARTIFACT +CERTAINTY +DECISION {2}TRACE$/);
    expect(lines[1]).toContain('x'.repeat(200));
    expect(lines[1]).toContain(ID);
    expect(lines[2]).toMatch(
      /^2026-11-17 10:02:11\.250 UTC {2}og\/eth-volatility +sha256:a{12} {2}bracketed {2}HOLD +case-4711$/,
    );
  });

  it('is whole in a terminal that has room for it', () => {
    const traces = [listed(), native];
    expect(traceTable(traces, 190)).toEqual(traceTable(traces, null));
  });

  it('fits 80 columns with ids of spans, without a column that says nothing', () => {
    const { lines, isCut } = traceTable([listed()], 80);
    expect(isCut).toBe(true);
    expect(lines).toEqual([
      '2026-11-17  LABEL                     ARTIFACT      CERTAINTY  TRACE',
      '10:02:11Z   openrouter/a…us-20240229  aaaaaaaaaaaa  bracketed  0af76519…69203331',
    ]);
  });

  it('fits 80 columns with decisions, and cuts no id that is short', () => {
    const { lines, isCut } = traceTable([native, { ...native, label: 'og/x' }], 80);
    expect(isCut).toBe(false);
    expect(lines[1]).toBe(
      '10:02:11Z   og/eth-volatility  aaaaaaaaaaaa  bracketed  HOLD      case-4711',
    );
  });

  it('says a conflict in words, in whatever room there is', () => {
    const traces = [listed({}, conflict), listed({}, { ...conflict, artifactId: B })];
    const wide = traceTable(traces, null).lines;
    expect(wide[1]).toContain('not known            declared, conflict');
    const narrow = traceTable(traces, 80).lines;
    expect(narrow[1]).toMatch(/ {2}conflict +declared /);
    expect(narrow[2]).toMatch(/ {2}b{9,12} +declared, conflict /);
  });

  it('says the day where they are of several, and the year where they are of two', () => {
    const later = (startedAt: string) => listed({ startedAt });
    const days = traceTable([listed(), later('2026-11-19T00:00:00.000Z')], 80).lines;
    expect(days.map((line) => line.slice(0, 15).trimEnd())).toEqual([
      '2026',
      '11-17 10:02:11Z',
      '11-19 00:00:00Z',
    ]);
    const years = traceTable([listed(), later('2025-11-19T00:00:59.999Z')], 80).lines;
    expect(years.map((line) => line.slice(0, 17).trimEnd())).toEqual([
      'STARTED',
      '2026-11-17 10:02Z',
      '2025-11-19 00:00Z',
    ]);
  });

  it('never takes more columns than there are, whatever is in it', () => {
    const hostile = '\x1b[31m\u202eog\n模型模型模型模型模型模型模型模型模型';
    const traces = [
      listed({ decision: hostile, id: hostile.repeat(5) }, { ...conflict, artifactId: B }),
      listed({ label: null, decision: 'y'.repeat(200), startedAt: '2025-01-01T00:00:00.000Z' }),
      listed({ label: 'x'.repeat(200) }, { certainty: 'provisional' }),
    ];
    for (const width of [80, 81, 100, 140, 250]) {
      for (const line of traceTable(traces, width).lines) {
        expect(widthOf(line)).toBeLessThanOrEqual(width);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
      }
    }
  });
});
