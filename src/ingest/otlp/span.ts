/** A span as OpenTelemetry sends it, whichever encoding it came in: parsed once, at the edge. */

/** Any value that an attribute may have: empty, mixed and nested ones are all legal. */
export type AnyValue =
  | null
  | string
  | boolean
  /** Doubles, NaN and the infinities among them, and integers up to 2⁵³. */
  | number
  /** Integers past 2⁵³. */
  | bigint
  | Uint8Array
  | AnyValue[]
  | { [key: string]: AnyValue };

/** By key, the first where one came several times. Without a prototype: keys are anybody's. */
export type Attributes = { [key: string]: AnyValue };

export interface SpanEvent {
  name: string;
  /** ns since 1970. */
  time: bigint;
  attributes: Attributes;
}

export interface OtlpSpan {
  /** 32 hex digits, lower case, not all zero. */
  traceId: string;
  /** 16 hex digits, lower case, not all zero. */
  spanId: string;
  /** Null for a root. */
  parentSpanId: string | null;
  name: string;
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  /** ns since 1970. */
  start: bigint;
  /** ns since 1970; never before `start`. */
  end: bigint;
  attributes: Attributes;
  events: SpanEvent[];
  /** 0 unset, 1 ok, 2 error. */
  status: { code: number; message: string };
  /** Of the resource that sent it: `service.name` and the like. Shared by its spans. */
  resource: Attributes;
  scope: { name: string; version: string; attributes: Attributes };
}
