/**
 * Spans as a tree, the trace itself at its place among them. Who calls whom is what the sender says: a
 * ring of parents, a parent that nobody sent or ten thousand spans must all come to an end.
 */
import { SPAN_STATUSES } from '../contract/context-span.ts';

export interface SpanNode<T> {
  spanId: string;
  parentSpanId: string | null;
  name: string;
  service: string | null;
  status: (typeof SPAN_STATUSES)[number] | null;
  startedAt: T;
  endedAt: T;
  /** It is the trace that the others stand around. */
  isTrace: boolean;
}

export interface PlacedSpan<T> {
  node: SpanNode<T>;
  /** 0: it begins a tree. */
  depth: number;
}

/**
 * Depth first; each node once. Those whose parent isn't there begin a tree of their own, then those in a ring.
 * @param nodes by start
 */
export function inTree<T>(nodes: readonly SpanNode<T>[]): PlacedSpan<T>[] {
  const ids = new Set(nodes.map(({ spanId }) => spanId));
  const children = Map.groupBy(nodes, ({ parentSpanId }) => parentSpanId);
  const isRoot = ({ parentSpanId }: SpanNode<T>) => parentSpanId === null || !ids.has(parentSpanId);
  const placed = new Map<SpanNode<T>, PlacedSpan<T>>();
  for (const root of [...nodes.filter(isRoot), ...nodes]) {
    const waiting: PlacedSpan<T>[] = [{ node: root, depth: 0 }];
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

interface SpanTrace<T> {
  id: string;
  /** As parsed. */
  attributes: Readonly<Record<string, unknown>> | null;
  origin: { service: string | null } | null;
  startedAt: T;
  endedAt: T;
}

/** Where a trace hangs stands among its attributes, which are the sender's and may be anything. */
export function traceNode<T>({
  id,
  attributes,
  origin,
  startedAt,
  endedAt,
}: SpanTrace<T>): SpanNode<T> {
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
