/** The most changed cases of a diff, before and after beside each other, in 80 columns. */
import type { Report } from '../contract/diff.ts';
import { caseHead } from '../diff/rendering/index.ts';
import { nameOf } from './flip-matrix.ts';
import { few, indented } from './indented.ts';
import { shown } from './plain.ts';
import { paint } from './screen.ts';
import { cut, padded, WIDTH, wrapped } from './width.ts';

const MOST_CASES = 5;
const MOST_LINES = 8;
const MOST_PATHS = 6;
const GAP = ' | ';
const INDENT = '    ';

type Case = Report['cases'][number];

export function caseLines({ cases }: Report): string[] {
  if (cases.length === 0) return [];
  const rest = cases.length - MOST_CASES;
  return [
    '',
    'most changed cases, before | after:',
    ...cases.slice(0, MOST_CASES).flatMap(oneCase),
    ...(rest > 0 ? ['', `and ${rest} more with --json`] : []),
  ];
}

function oneCase(found: Case, index: number): string[] {
  const { input, flipped, largestStep, before, after, paths, words } = found;
  const step = largestStep === null ? '' : `largest step ${largestStep}`;
  const head = caseHead(found);
  const moved = head ? `${nameOf(head.before)} -> ${nameOf(head.after)}` : '';
  const line = [moved, flipped ? 'flipped' : '', step].filter((part) => part !== '').join(', ');
  const sides =
    words === null
      ? sideBySide(outputText(before), outputText(after))
      : few(wrapped(wordText(words), WIDTH - INDENT.length), MOST_LINES);
  return [
    '',
    ...few(indented(`${String(index + 1).padStart(2)}  input  `, shown(input)), MOST_LINES),
    ...(line === '' ? [] : [`${INDENT}${flipped ? paint('yellow', line) : line}`]),
    ...sides.map((text) => `${INDENT}${text}`),
    // Two short outputs beside each other show it all.
    ...(words === null && sides.length <= 2 ? [] : pathLines(paths)),
    ...indented(INDENT, `traces ${idOf(before)} | ${idOf(after)}`),
  ];
}

function idOf({ traceIds }: Case['before']): string {
  return traceIds.length === 0 ? '(gone)' : shown(traceIds[0]!);
}

function outputText({ output, runs }: Case['before']): string {
  const text = output === null ? '(no output)' : shown(output);
  return runs > 1 ? `${text} (latest of ${runs} runs)` : text;
}

/** Two texts in two columns. */
function sideBySide(left: string, right: string): string[] {
  const column = Math.floor((WIDTH - INDENT.length - GAP.length) / 2);
  const [a, b] = [few(wrapped(left, column), MOST_LINES), few(wrapped(right, column), MOST_LINES)];
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) =>
    `${padded(a[i] ?? '', column)}${GAP}${b[i] ?? ''}`.trimEnd(),
  );
}

/** What went in `[-…-]`, what came in `{+…+}`, and of what stayed only what is near. */
function wordText(runs: NonNullable<Case['words']>): string {
  const near = 40;
  return runs
    .map(({ op, text }, i) => {
      const plain = shown(text);
      if (op === 'removed') return `[-${plain.trim()}-]`;
      if (op === 'added') return `{+${plain.trim()}+}`;
      const points = [...plain.trim()];
      if (points.length <= 2 * near + 1) return points.join('');
      const start = i === 0 ? '' : points.slice(0, near).join('');
      const end = i === runs.length - 1 ? '' : points.slice(-near).join('');
      return `${start}…${end}`;
    })
    .join(' ');
}

function pathLines(paths: Case['paths']): string[] {
  if (paths === null || paths.length === 0) return [];
  const value = (json: string | null) => (json === null ? 'not there' : cut(shown(json), 24));
  const lines = paths
    .slice(0, MOST_PATHS)
    .map(
      ({ path, before, after }) => `${cut(shown(path), 18)}  ${value(before)} -> ${value(after)}`,
    );
  const rest = paths.length - lines.length;
  return [...lines, ...(rest > 0 ? [`and ${rest} more paths`] : [])].map(
    (line) => `${INDENT}${paint('dim', line)}`,
  );
}
