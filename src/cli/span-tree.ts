/**
 * Spans as a tree, the trace itself at its place among them. Who calls whom is what the sender says: a
 * ring of parents, a parent that nobody sent or ten thousand spans must all come to an end.
 */
import { type ContextSpanJson, SPAN_STATUSES } from '../contract/context-span.ts';
import type { TraceJson } from '../contract/trace.ts';
import { shown } from './plain.ts';
import { paint } from './screen.ts';
import { table } from './table.ts';
import { cut } from './width.ts';
import { span } from './words.ts';

const MOST_LINES = 100;
const MOST_DEPTH = 12;
const NAME_WIDTH = 36;
const SERVICE_WIDTH = 20;

interface Node {
  spanId: string;
  parentSpanId: string | null;
  name: string;
  service: string | null;
  status: ContextSpanJson['status'] | null;
  startedAt: string;
  endedAt: string;
  isTrace: boolean;
}

interface Placed {
  node: Node;
  depth: number;
}

export function contextLines(spans: readonly ContextSpanJson[], trace: TraceJson): string[] {
  const nodes: Node[] = [
    ...spans.map((one) => ({ ...one, isTrace: false })),
    traceNode(trace),
  ].sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
  const placed = inTree(nodes);
  const rows = placed.slice(0, MOST_LINES).map(row);
  const lines = table(['SPAN', 'SERVICE', 'TOOK', 'STATUS'], rows);
  const left = placed.length - MOST_LINES;
  return left > 0 ? [...lines, paint('dim', `… and ${left} more spans`)] : lines;
}

/** Depth first; each node once. Those whose parent isn't there begin a tree of their own, then those in a ring. */
function inTree(nodes: readonly Node[]): Placed[] {
  const ids = new Set(nodes.map(({ spanId }) => spanId));
  const children = Map.groupBy(nodes, ({ parentSpanId }) => parentSpanId);
  const isRoot = ({ parentSpanId }: Node) => parentSpanId === null || !ids.has(parentSpanId);
  const placed = new Map<Node, Placed>();
  for (const root of [...nodes.filter(isRoot), ...nodes]) {
    const waiting: Placed[] = [{ node: root, depth: 0 }];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { node, depth } = next;
      if (placed.has(node)) continue;
      placed.set(node, next);
      const below = children.get(node.spanId) ?? [];
      waiting.push(...below.map((child) => ({ node: child, depth: depth + 1 })).reverse());
    }
  }
  return [...placed.values()];
}

function row({ node, depth }: Placed): string[] {
  const lead = '  '.repeat(Math.min(depth, MOST_DEPTH));
  const name = node.isTrace ? `this trace: ${node.name}` : node.name;
  return [
    cut(`${lead}${shown(name)}`, NAME_WIDTH),
    node.service === null ? '-' : cut(shown(node.service), SERVICE_WIDTH),
    span(Date.parse(node.endedAt) - Date.parse(node.startedAt)),
    node.status ?? '-',
  ];
}

/** Where it hangs stands among its attributes, which are the sender's and may be anything. */
function traceNode({ id, attributes, origin, startedAt, endedAt }: TraceJson): Node {
  const own = record(attributes?.['underlabel.span']);
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return {
    spanId: id.slice(id.lastIndexOf('-') + 1),
    parentSpanId: text(own.parentSpanId),
    name: text(own.name) ?? id,
    service: origin?.service ?? null,
    status: SPAN_STATUSES[Number(record(own.status).code)] ?? null,
    startedAt,
    endedAt,
    isTrace: true,
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
