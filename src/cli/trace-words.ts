/** Whose a trace is, in words: its label, or that none has it and which models it names. */
import type { OriginJson } from '../contract/origin.ts';
import type { TraceJson } from '../contract/trace.ts';
import { shown } from './plain.ts';
import { attributionSentence } from './words.ts';

type Mapped = Pick<TraceJson, 'label' | 'origin'>;

/** `og/eth-volatility`, or `unmapped: gpt-4o`. */
export function labelText({ label, origin }: Mapped): string {
  if (label !== null) return shown(label);
  return `unmapped: ${shown(origin?.requestModel ?? origin?.responseModel ?? 'no model')}`;
}

/** What is to be said of a trace first of all. */
export function traceSentence({ label, origin, attribution }: TraceJson): string {
  if (label !== null) return attributionSentence(attribution);
  const { requestModel, responseModel } = origin ?? {};
  const models = [
    requestModel == null ? '' : ` asked for ${shown(requestModel)}`,
    responseModel == null ? '' : ` answered by ${shown(responseModel)}`,
  ].filter((text) => text !== '');
  const which = models.length > 0 ? `:${models.join(',')}` : '; its span names no model';
  const unmapped = `unmapped: no label has it, so no reading says what produced it${which}`;
  const { declaredBlobId } = attribution;
  if (declaredBlobId === null) return unmapped;
  return `declared: the trace itself names blob ${shown(declaredBlobId)}, unverified; ${unmapped}`;
}

const BY: Record<NonNullable<TraceJson['labelBy']>, string> = {
  given: 'it was sent with it',
  declared: 'its span names the label',
  blob: 'the one label that holds the blob it names',
  rule: 'a rule maps it',
  model: 'its model is called so',
};

/** With why, and where it came from. */
export function labelDetails(
  trace: Pick<TraceJson, 'label' | 'labelBy' | 'labelledAt' | 'recordedAt' | 'origin'>,
) {
  const { label, labelBy, labelledAt, recordedAt, origin } = trace;
  const lines: [string, string][] = [
    ['label', label === null ? "none (see 'underlabel unmapped' for a rule)" : shown(label)],
  ];
  if (labelBy !== null) lines.push(['label by', `${labelBy}: ${BY[labelBy]}`]);
  // Whoever reads the tag must see that it was recorded under another label.
  if (labelledAt > recordedAt) {
    lines.push(['label since', `${labelledAt}, after it was recorded (see --as-of)`]);
  }
  return origin === null ? lines : [...lines, ...originDetails(origin)];
}

function originDetails(origin: OriginJson): [string, string][] {
  const said = (text: string | null) => (text === null ? 'not said' : shown(text));
  return [
    ['service', said(origin.service)],
    ['provider', said(origin.provider)],
    ['asked for', said(origin.requestModel)],
    ['answered', said(origin.responseModel)],
  ];
}
