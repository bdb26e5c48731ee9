/** What `keptAttributes` kept, read again: how an inference ended and what it used. */
import type { Attributes } from '../otlp/span.ts';
import { textAt } from './attribute.ts';
import { tokensOf } from './inference.ts';
import { SPAN } from './kept-attributes.ts';

export interface KeptFacts {
  failed: boolean;
  inputTokens: number | null;
  outputTokens: number | null;
}

/** OpenTelemetry's status of what ended in an error. */
const ERROR = 2;

/** Of a trace that came without a span too, where its attributes have these names. @param text JSON of an object */
export function keptFacts(text: string): KeptFacts {
  const attributes = JSON.parse(text) as Attributes;
  const span = attributes[SPAN] as { status?: { code?: unknown } } | null | undefined;
  const { input, output } = tokensOf(attributes);
  const failed = span?.status?.code === ERROR || textAt(attributes, 'error.type') !== null;
  return { failed, inputTokens: input, outputTokens: output };
}
