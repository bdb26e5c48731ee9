/** `underlabel/client`: tags for plain code and for OpenTelemetry's spans, from a timeline kept in memory. */
export { type ClientOptions, createClient, type UnderlabelClient } from './client.ts';
export { ClientError, type ClientErrorCode } from './client-error.ts';
export type { OnError } from './guard.ts';
export type { LabelOption } from './span-label.ts';
export { type SpanProcessorOptions, UnderlabelSpanProcessor } from './span-processor.ts';
export type { OpenSpan, SpanView } from './span-view.ts';
export { ARTIFACT_ID, BLOB_ID, CERTAINTY, STAMPED, STAMPED_BY } from './stamp.ts';
export type { Tag, TagProblem, TagRequest } from './tag.ts';
export type { TimeGiven } from './times.ts';
