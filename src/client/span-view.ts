/** Spans as the SDK hands them out, by the few members that are used here: so no OpenTelemetry is needed to build or run this. */

export interface SpanView {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: {
    readonly attributes: Readonly<Record<string, unknown>>;
    /** Its attributes must not be read yet. */
    readonly asyncAttributesPending?: boolean;
  };
  /** Seconds and nanoseconds. */
  readonly startTime: readonly [number, number];
  readonly endTime: readonly [number, number];
}

/** One that can still be written to. */
export interface OpenSpan extends SpanView {
  setAttribute(key: string, value: string | string[]): unknown;
}

/** Of the resource, as far as it is known yet. */
export function resourceAttribute({ resource }: SpanView, name: string): unknown {
  if (!resource || resource.asyncAttributesPending === true) return undefined;
  return resource.attributes[name];
}
