/** The most changed cases in HTML: both sides beside each other, what differs marked. */
import type { Report } from '../../contract/diff.ts';
import { code, element, type Html, join, table, text, words } from './html-text.ts';
import { caseHead } from './rows.ts';

type Case = Report['cases'][number];

export function caseBlocks(cases: readonly Case[]): Html[] {
  if (cases.length === 0) return [];
  return [element('h2', 'Most changed cases'), ...cases.map(oneCase)];
}

function oneCase(found: Case, index: number): Html {
  const head = caseHead(found);
  const step = found.largestStep === null ? '' : `, largest step ${found.largestStep}`;
  const title = join([
    words(`${index + 1}. ${found.flipped ? 'flipped' : 'differs'}`),
    ...(head ? [words(': '), text(head.before, 80), words(' → '), text(head.after, 80)] : []),
    words(step),
  ]);
  const place =
    found.context === null
      ? []
      : [
          words(' in '),
          code(found.context, 200),
          words(found.turn === null ? '' : `, turn ${found.turn}`),
        ];
  return element(
    'article',
    [
      element('h3', title),
      element('p', [words('input '), code(found.input), ...place]),
      element('div', [side('before', found.before), side('after', found.after)], {
        class: 'sides',
      }),
      ...wordBlock(found.words),
      ...pathBlock(found.paths),
    ],
    { class: 'case', id: `case-${index + 1}` },
  );
}

function side(name: string, { output, runs, traceIds }: Case['before']): Html {
  const shown = output === null ? words('no output') : code(output);
  const latest = runs > 1 ? `, latest of ${runs} runs` : '';
  const ids = join(
    traceIds.map((id) => code(id)),
    ', ',
  );
  return element('div', [
    element('p', `${name}${latest}`, { class: 'soft' }),
    element('div', shown, { class: 'text' }),
    ...(traceIds.length === 0 ? [] : [element('p', [words('trace '), ids], { class: 'soft' })]),
  ]);
}

function wordBlock(runs: Case['words']): Html[] {
  if (runs === null || runs.length === 0) return [];
  const tags = { same: 'span', removed: 'del', added: 'ins' };
  const marked = runs.map(({ op, text: part }) => element(tags[op], text(part)));
  return [element('p', 'word by word', { class: 'soft' }), element('p', marked, { class: 'text' })];
}

function pathBlock(paths: Case['paths']): Html[] {
  if (paths === null || paths.length === 0) return [];
  const value = (json: string | null) => (json === null ? words('not there') : code(json));
  const rows = paths.map(({ path, before, after }) => [code(path), value(before), value(after)]);
  return [table('What differs, by path', ['path', 'before', 'after'], rows)];
}
