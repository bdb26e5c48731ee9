/** A trace in one line: when, whose, how certain, which artifact, what was decided. */
import type { TraceJson } from '../contract/trace.ts';
import { shown } from './plain.ts';
import { paint, type Style } from './screen.ts';
import { shortId } from './short-id.ts';
import { labelText } from './trace-words.ts';
import { cut, padded, WIDTH } from './width.ts';

/** What a line is made of; no more is asked for. */
export const TAIL_FIELDS = [
  'id',
  'label',
  'origin.requestModel',
  'origin.responseModel',
  'startedAt',
  'decision',
  'attribution.certainty',
  'attribution.artifactId',
  'attribution.candidates',
  'attribution.conflict',
  'attribution.declaredBlobId',
];

export type Tailed = Pick<TraceJson, 'id' | 'label' | 'startedAt' | 'decision'> & {
  origin: TraceJson['origin'];
  attribution: Pick<
    TraceJson['attribution'],
    'certainty' | 'artifactId' | 'candidates' | 'conflict' | 'declaredBlobId'
  >;
};

const CERTAINTY_WIDTH = 'provisional'.length;
const ARTIFACT_WIDTH = 16;
const DECISION_WIDTH = 8;
const TIME_WIDTH = 'hh:mm:ss'.length;
const GAPS = 2 * 5;
const LEAST_LABEL = 18;
const MOST_LABEL = 40;
/** Of a span's trace. */
const WHOLE_ID = 49;

/** @param width columns there are; in more than 80, first ids get whole, then labels get longer. Null: no terminal, and ids are whole */
export function tailLine(trace: Tailed, width: number | null = WIDTH): string {
  const { attribution } = trace;
  const fixed = TIME_WIDTH + CERTAINTY_WIDTH + ARTIFACT_WIDTH + DECISION_WIDTH + GAPS;
  const room = Math.max(width ?? WIDTH, WIDTH) - fixed - LEAST_LABEL;
  const labelWidth = LEAST_LABEL + Math.min(MOST_LABEL - LEAST_LABEL, Math.max(0, room - WHOLE_ID));
  const idWidth = room - (labelWidth - LEAST_LABEL);
  const style = styleOf(attribution);
  return [
    trace.startedAt.slice(11, 19),
    column(labelText(trace), labelWidth, trace.label === null ? 'yellow' : null),
    column(attribution.certainty, CERTAINTY_WIDTH, style),
    column(artifactText(attribution), ARTIFACT_WIDTH, attribution.conflict ? 'red' : null),
    column(trace.decision === null ? '-' : shown(trace.decision), DECISION_WIDTH, null),
    width === null ? shown(trace.id) : shortId(shown(trace.id), idWidth),
  ].join('  ');
}

function column(text: string, width: number, style: Style | null): string {
  const fitted = padded(cut(text, width), width);
  return style === null ? fitted : paint(style, fitted);
}

function styleOf({ certainty, conflict }: Tailed['attribution']): Style | null {
  if (conflict) return 'red';
  if (certainty === 'ambiguous') return 'yellow';
  return certainty === 'unobserved' ? 'dim' : null;
}

/** Short, without `sha256:`: `ebb6fd8c2a41`, `ebb6fd or 518b2b`. A conflict says so first. */
function artifactText({ artifactId, candidates, conflict, declaredBlobId }: Tailed['attribution']) {
  if (conflict) return artifactId === null ? 'conflict' : `conflict: ${hex(artifactId, 6)}`;
  if (artifactId !== null) return hex(artifactId, 12);
  if (declaredBlobId !== null || candidates.length === 0) return 'not known';
  const [first, second] = candidates;
  if (candidates.length === 1) return 'absent';
  if (candidates.length === 2) return `${hex(first!, 6)} or ${hex(second!, 6)}`;
  return `one of ${candidates.length}`;
}

function hex(artifactId: string | null, digits: number): string {
  return artifactId === null ? 'absent' : artifactId.slice('sha256:'.length).slice(0, digits);
}
