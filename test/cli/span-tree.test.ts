import { describe, expect, it } from 'vitest';
import { contextLines } from '../../src/cli/span-tree.ts';
import { widthOf } from '../../src/cli/width.ts';
import type { ContextSpanJson } from '../../src/contract/context-span.ts';
import type { TraceJson } from '../../src/contract/trace.ts';

const at = (ms: number) => new Date(Date.UTC(2026, 10, 17, 10) + ms).toISOString();
const span = (
  spanId: string,
  parentSpanId: string | null,
  start: number,
  told = {},
): ContextSpanJson => ({
  spanId,
  parentSpanId,
  name: spanId,
  service: 'desk',
  kind: 'internal',
  status: 'unset',
  startedAt: at(start),
  endedAt: at(start + 20),
  ...told,
});
const traceIn = (attributes: object | null): TraceJson => ({
  id: `${'0'.repeat(32)}-me`,
  label: null,
  labelBy: null,
  labelledAt: '2026-11-17T10:00:00.000Z',
  origin: { service: 'desk', provider: null, requestModel: null, responseModel: null },
  startedAt: at(5),
  endedAt: at(9),
  decision: null,
  blobId: null,
  context: null,
  turn: null,
  attributes: attributes as TraceJson['attributes'],
  inputSha256: null,
  inputExact: false,
  outputSha256: null,
  recordedAt: at(0),
  attribution: {} as TraceJson['attribution'],
});
const own = (told: object) => traceIn({ 'underlabel.span': told });
const names = (lines: string[]) => lines.slice(1).map((line) => line.split(/ {2,}(?=desk|-)/)[0]);

describe('the tree of spans', () => {
  it('has each span under its parent, by start, and the trace at its place', () => {
    const spans = [
      span('root', null, 0, { status: 'ok' }),
      span('late', 'root', 9),
      span('tool', 'me', 6),
    ];
    const lines = contextLines(
      spans,
      own({ name: 'chat', parentSpanId: 'root', status: { code: 2 } }),
    );
    expect(lines).toEqual([
      'SPAN                SERVICE  TOOK   STATUS',
      'root                desk     20 ms  ok',
      '  this trace: chat  desk     4 ms   error',
      '    tool            desk     20 ms  unset',
      '  late              desk     20 ms  unset',
    ]);
  });

  it('begins anew where a parent is not there, and ends where parents go round', () => {
    const spans = [
      span('a', 'b', 0),
      span('b', 'a', 1),
      span('self', 'self', 2),
      span('lost', 'gone', 3),
    ];
    expect(names(contextLines(spans, own({ name: 'chat', parentSpanId: 7 })))).toEqual([
      'lost',
      'this trace: chat',
      'a',
      '  b',
      'self',
    ]);
  });

  it('stays small and harmless, whatever was sent', () => {
    const deep = Array.from({ length: 5000 }, (_, i) =>
      span(`s${i}`, i === 0 ? null : `s${i - 1}`, i, {
        name: `\x1b[2J${'x'.repeat(300)}`,
        service: 'y'.repeat(99),
      }),
    );
    for (const trace of [
      traceIn(null),
      traceIn({ 'underlabel.span': 'x' }),
      own({ status: null }),
    ]) {
      const lines = contextLines(deep, trace);
      expect(lines).toHaveLength(102);
      expect(lines.at(-1)).toContain('and 4901 more spans');
      for (const line of lines) {
        expect(widthOf(line)).toBeLessThanOrEqual(80);
        expect(line).not.toContain('\x1b[2J');
      }
    }
  });
});
