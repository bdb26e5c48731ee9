/** Spans as a tree in a terminal, the trace itself at its place among them. */
import type { ContextSpanJson } from '../contract/context-span.ts';
import type { TraceJson } from '../contract/trace.ts';
import { inTree, type PlacedSpan, traceNode } from '../words/span-tree.ts';
import { shown } from './plain.ts';
import { paint } from './screen.ts';
import { table } from './table.ts';
import { cut } from './width.ts';
import { span } from './words.ts';

const MOST_LINES = 100;
const MOST_DEPTH = 12;
const NAME_WIDTH = 36;
const SERVICE_WIDTH = 20;

export function contextLines(spans: readonly ContextSpanJson[], trace: TraceJson): string[] {
  const nodes = [...spans.map((one) => ({ ...one, isTrace: false })), traceNode(trace)].sort(
    (a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt),
  );
  const placed = inTree(nodes);
  const rows = placed.slice(0, MOST_LINES).map(row);
  const lines = table(['SPAN', 'SERVICE', 'TOOK', 'STATUS'], rows);
  const left = placed.length - MOST_LINES;
  return left > 0 ? [...lines, paint('dim', `… and ${left} more spans`)] : lines;
}

function row({ node, depth }: PlacedSpan<string>): string[] {
  const lead = '  '.repeat(Math.min(depth, MOST_DEPTH));
  const name = node.isTrace ? `this trace: ${node.name}` : node.name;
  return [
    cut(`${lead}${shown(name)}`, NAME_WIDTH),
    node.service === null ? '-' : cut(shown(node.service), SERVICE_WIDTH),
    span(Date.parse(node.endedAt) - Date.parse(node.startedAt)),
    node.status ?? '-',
  ];
}
