/** Traces as the spans that tell of them: OTLP/JSON. */
import type { SentTrace } from './traces.ts';

export function spansOf(traces: readonly SentTrace[]) {
  return { resourceSpans: [{ scopeSpans: [{ spans: traces.map(spanOf) }] }] };
}

function spanOf({ id, label, startedAt, endedAt, input, output, ...rest }: SentTrace) {
  const [traceId, spanId] = id.split('-');
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.input.messages': JSON.stringify(input),
    'gen_ai.output.messages': JSON.stringify(output),
    'gen_ai.conversation.id': rest.context,
    'underlabel.label': label,
    'underlabel.decision': rest.decision,
    'underlabel.turn': rest.turn,
  };
  return {
    traceId,
    spanId,
    name: 'chat',
    kind: 3,
    startTimeUnixNano: nanoseconds(startedAt),
    endTimeUnixNano: nanoseconds(endedAt),
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
    })),
  };
}

const nanoseconds = (time: string) => `${Date.parse(time)}000000`;
