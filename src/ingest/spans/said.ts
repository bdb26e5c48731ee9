/** What went into an inference, and what came out: the places of every dialect, in one order. */
import type { OtlpSpan } from '../otlp/span.ts';
import type { Content } from './content.ts';
import type { ListNames } from './flattened.ts';
import { genAiInput, genAiOutput } from './genai-content.ts';
import { messageEvents, promptList, promptWhole, type Side } from './older-content.ts';
import { llmMessages, llmTexts, plainValue } from './openinference-content.ts';

type Reader = (span: OtlpSpan, side: Side, lists: ListNames) => Content | null;

const READERS: readonly Reader[] = [
  (span, side) => (side === 'input' ? genAiInput(span) : genAiOutput(span)),
  messageEvents,
  promptList,
  promptWhole,
  llmMessages,
  llmTexts,
  plainValue,
];

/** @param lists of the span's attributes; @returns null where nothing is told, which is normal: content is off by default */
export function saidOf(span: OtlpSpan, side: Side, lists: ListNames): Content | null {
  for (const read of READERS) {
    const content = read(span, side, lists);
    if (content) return content;
  }
  return null;
}
