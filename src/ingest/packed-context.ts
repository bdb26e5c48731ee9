/** Context spans on their way between threads, a list a column: see packed-traces.ts. */
import type { ContextSpan } from '../store/context-span.ts';

export type PackedContext = { [K in keyof ContextSpan]: ContextSpan[K][] };

export function packContext(spans: readonly ContextSpan[]): PackedContext {
  const column = <K extends keyof ContextSpan>(key: K) => spans.map((span) => span[key]);
  return {
    traceId: column('traceId'),
    spanId: column('spanId'),
    parentSpanId: column('parentSpanId'),
    name: column('name'),
    service: column('service'),
    kind: column('kind'),
    status: column('status'),
    startedAt: column('startedAt'),
    endedAt: column('endedAt'),
  };
}

export function unpackContext(columns: PackedContext): ContextSpan[] {
  return columns.traceId.map(
    (traceId, i): ContextSpan => ({
      traceId,
      spanId: columns.spanId[i]!,
      parentSpanId: columns.parentSpanId[i]!,
      name: columns.name[i]!,
      service: columns.service[i]!,
      kind: columns.kind[i]!,
      status: columns.status[i]!,
      startedAt: columns.startedAt[i]!,
      endedAt: columns.endedAt[i]!,
    }),
  );
}
