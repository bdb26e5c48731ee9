/** What to do about a label that traces have and nobody registered. */
import type { LabelBy } from '../store/mapping.ts';

/** Where else the name may be wrong. */
const ELSE: Partial<Record<LabelBy, string>> = {
  rule: 'Where the name is wrong, put it right in the rule (underlabel.config.json, "rules"), and start the service anew: stored traces move, too.',
  declared:
    'Where the name is wrong, it is the span (or its resource) that says it: underlabel.label.',
  given: 'Where the name is wrong, it is what the trace was sent with.',
};

export function unregisteredAdvice(label: string, labelBy: LabelBy): string {
  const otherwise = ELSE[labelBy];
  return [
    'Nobody registered this label, so nothing reads what is under it, and no reading speaks of its traces.',
    `Register it: underlabel label add ${label} --source KIND (PUT /api/v1/labels/${encodeURIComponent(label)}).`,
    'Traces that began before its first reading stay unobserved.',
    ...(otherwise === undefined ? [] : [otherwise]),
  ].join(' ');
}
