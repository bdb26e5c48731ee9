/** Labels that traces have and nobody registered: which, how many traces, since when, and what to do. */
import type { UnregisteredLabelJson } from '../contract/unmapped.ts';
import { shown } from './plain.ts';
import { shortId } from './short-id.ts';
import { table } from './table.ts';
import { ago, clockSecond } from './words.ts';

const LABEL_WIDTH = 30;

/** In few words, for a column; `given` and the rest as traces say them. */
const BY: Partial<Record<UnregisteredLabelJson['labelBy'], string>> = {
  rule: 'a rule',
  declared: 'its span',
  given: 'the sender',
};

/** @param now ms, by the service's clock; @param isWhole whether there is room for whole names */
export function unregisteredLines(
  labels: readonly UnregisteredLabelJson[],
  now: number,
  isWhole: boolean,
): string[] {
  const rows = labels.map(({ label, labelBy, ...found }) => [
    `${found.traces}${found.moreTraces ? '+' : ''}`,
    clockSecond(found.firstStartedAt, 'floor'),
    ago(found.lastStartedAt, now),
    BY[labelBy] ?? labelBy,
    isWhole ? shown(label) : shortId(shown(label), LABEL_WIDTH),
  ]);
  return [
    'Nobody registered these labels. Nothing is read for them, so their traces are',
    'unobserved:',
    ...table(['TRACES', 'SINCE', 'LAST', 'NAMED BY', 'LABEL'], rows),
    '',
    'Register them (what KIND can be: underlabel label add --help), or put the name right',
    'where it comes from:',
    ...labels.map(({ label }) => `  underlabel label add ${shown(label)} --source KIND`),
    'Traces that began before the first reading stay unobserved.',
  ];
}
