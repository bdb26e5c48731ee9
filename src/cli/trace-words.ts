/** Whose a trace is, in words: its label, or that none has it and which models it names. */
import type { OriginJson } from '../contract/origin.ts';
import type { TraceJson } from '../contract/trace.ts';
import { LABEL_BY, modelText, unmappedSentence } from '../words/trace-label.ts';
import { shown } from './plain.ts';
import { attributionSentence } from './words.ts';

type Mapped = Pick<TraceJson, 'label' | 'origin'>;

/** `og/eth-volatility`, or `unmapped: gpt-4o`. */
export function labelText({ label, origin }: Mapped): string {
  if (label !== null) return shown(label);
  return `unmapped: ${modelText(origin, shown)}`;
}

/** What is to be said of a trace first of all. */
export function traceSentence({ label, origin, attribution }: TraceJson): string {
  if (label !== null) return attributionSentence(attribution);
  return unmappedSentence(origin, attribution.declaredBlobId, shown);
}

/** With why, and where it came from. @param isRegistered whether anything is read for its label */
export function labelDetails(
  trace: Pick<TraceJson, 'label' | 'labelBy' | 'labelledAt' | 'recordedAt' | 'origin'>,
  isRegistered = true,
) {
  const { label, labelBy, labelledAt, recordedAt, origin } = trace;
  const lines: [string, string][] = [
    ['label', label === null ? "none (see 'underlabel unmapped' for a rule)" : shown(label)],
  ];
  if (labelBy !== null) lines.push(['label by', `${labelBy}: ${LABEL_BY[labelBy]}`]);
  if (!isRegistered) {
    const add = `underlabel label add ${shown(label ?? '')} --source KIND`;
    lines.push(['registered', `no: nothing is read for this label until it is (${add})`]);
  }
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
