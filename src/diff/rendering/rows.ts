/** What the renderings show alike: rows of plain text. Nothing here is escaped yet. */
import type { Cohort, Report, ReportColumn } from '../../contract/diff.ts';
import { toldEffects } from '../report/told-effects.ts';
import { shortVerdict } from '../report/verdict-words.ts';
import {
  changeText,
  counted,
  digits,
  effectText,
  grouped,
  nameIn,
  percent,
  probability,
} from '../report/wording.ts';

export const COLUMN_HEADINGS = ['column', 'verdict', 'effect (95 %)', 'differ', 'noise', 'q'];

/** First the columns that decide. */
export function inFamilies(columns: readonly ReportColumn[]): ReportColumn[] {
  return [...columns].sort((a, b) => Number(a.family === 'found') - Number(b.family === 'found'));
}

export function columnRow(column: ReportColumn): string[] {
  const { cases, name, tests, verdict } = column;
  const deciding = tests.flatMap((test) => (test.decides && test.q !== null ? [test.q] : []));
  return [
    name,
    shortVerdict(verdict),
    shownEffect(column),
    cases.rate === null ? '' : percent(cases.rate),
    cases.noise === null ? '' : percent(cases.noise),
    deciding.length === 0 ? '' : probability('q', Math.min(...deciding)).replace(/^q (= )?/, ''),
  ];
}

function shownEffect(column: ReportColumn): string {
  const { cases } = column;
  const [largest] = toldEffects(column);
  if (largest) return effectText(largest);
  return cases.excess ? `${changeText(cases.excess)} over noise` : '';
}

export const TEST_HEADINGS = [
  'test',
  'asks',
  'statistic',
  'n',
  'p',
  'q',
  'method',
  'chosen because',
];

export function testRow(test: ReportColumn['tests'][number]): string[] {
  const statistic = Object.entries(test.statistic).map(([name, value]) => {
    return `${name} = ${value === null ? '–' : digits(value)}`;
  });
  const resamples = test.resamples === null ? '' : `, ${grouped(test.resamples)} resamples`;
  return [
    test.name,
    test.question,
    statistic.join(', '),
    grouped(test.n),
    probability('p', test.p).replace(/^p (= )?/, ''),
    test.q === null ? 'describes only' : probability('q', test.q).replace(/^q (= )?/, ''),
    `${test.method}${resamples}`,
    test.rule,
  ];
}

export const SLICE_HEADINGS = ['where', 'column', 'inputs', 'differ', 'elsewhere', 'q'];

export function sliceRow(slice: Report['slices'][number]): string[] {
  return [
    `${slice.field} = ${slice.value}`,
    slice.column,
    grouped(slice.inputs),
    percent(slice.rate),
    slice.restRate === null ? '' : percent(slice.restRate),
    `${probability('q', slice.q).replace(/^q (= )?/, '')}${slice.stands ? '' : ' (does not stand)'}`,
  ];
}

/** `artifact sha256:…`, `2026-11-17T00:00:00.000Z to …`. */
export function askedText({ asked }: Cohort): string {
  if ('artifact' in asked) return `artifact ${asked.artifact}`;
  if ('blobId' in asked) return `blob ${asked.blobId}`;
  return `${asked.from} to ${asked.to}`;
}

export function sizeOf({ traces, inputs, from, to }: Cohort): string {
  const range = from === null || to === null ? '' : `, started ${from} to ${to}`;
  return `${counted(traces, 'trace')}, ${counted(inputs, 'input')}${range}`;
}

export function leftOutText({ leftOut }: Cohort): string {
  return leftOut.map(({ reason, traces }) => `${grouped(traces)} ${reason}`).join(', ');
}

export function pairsText({ pairs }: Report): string {
  const { inputs, onlyBefore, onlyAfter } = pairs;
  return `${counted(inputs, 'input')} on both sides, ${grouped(onlyBefore)} only before, ${grouped(onlyAfter)} only after`;
}

/** Null also where all traffic is of shared inputs: then the pairs have said it. */
export function trafficText({ traffic }: ReportColumn): string | null {
  if (traffic === null || (traffic.shared === 1 && traffic.mix === 0)) return null;
  const points = (value: number) =>
    changeText({ of: '', unit: 'points', value, lo: null, hi: null });
  return `Of all traffic, ${nameIn(traffic.of)} moved ${points(traffic.total)}: ${points(traffic.behaviour)} as the same inputs came out otherwise, ${points(traffic.mix)} as other inputs came (${percent(traffic.shared)} of the runs are of shared inputs).`;
}

/** Where a case has no outcome of its own, what its sides decided. */
export function caseHead(found: Report['cases'][number]): { before: string; after: string } | null {
  if (found.outcome) return found.outcome;
  const [before, after] = [found.before.decision, found.after.decision];
  if (before === null && after === null) return null;
  return { before: before ?? '(missing)', after: after ?? '(missing)' };
}
