/** The id of a span's trace: `<trace id>-<span id>`, so that the same span sent again is the same trace. */

/** @param span ids in hex, lower case */
export function traceKey({ traceId, spanId }: { traceId: string; spanId: string }): string {
  return `${traceId}-${spanId}`;
}

/** The span that a trace's id names; null where the trace came another way. */
export function spanOfKey(id: string): { traceId: string; spanId: string } | null {
  const match = /^([0-9a-f]{32})-([0-9a-f]{16})$/.exec(id);
  return match ? { traceId: match[1]!, spanId: match[2]! } : null;
}
