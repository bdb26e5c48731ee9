/** What differs between two artifacts, as a person reads it, in 80 columns. */
import type { ArtifactDiff, ChangedFile, FileSide, Shapes } from '../contract/artifact-diff.ts';
import { shown } from './plain.ts';
import { paint, type Style } from './screen.ts';
import { padded, WIDTH, widthOf, wrapped } from './width.ts';
import { shortArtifact } from './words.ts';

const MOST_FILES = 20;
const MOST_INSIDE = 8;
const LONGEST_TEXT = 200;

/** The same mark and the same word each time: colour alone would tell some people nothing. */
const MARKS = {
  added: ['+', 'green'],
  removed: ['-', 'red'],
  changed: ['~', 'yellow'],
  renamed: ['>', 'cyan'],
} as const satisfies Record<string, [string, Style]>;
type Mark = keyof typeof MARKS;

export function artifactDiffPage(diff: ArtifactDiff): string[] {
  return [
    ...wrapped(shown(diff.summary), WIDTH).map((line) => paint('bold', line)),
    '',
    ...indented('before  ', filesText(diff.before)),
    ...indented('after   ', filesText(diff.after)),
    ...section('changed', diff.changed, changedLines),
    ...section('added', diff.added, (file) => oneSideLines('added', file)),
    ...section('removed', diff.removed, (file) => oneSideLines('removed', file)),
    ...section('renamed', diff.renamed, ({ from, to, blobId, size }) => [
      ...marked('renamed', `${shown(from)} -> ${shown(to)}`),
      ...indented('    ', `${blobId}, ${bytesText(size)}`),
    ]),
    ...notes(diff.notes),
  ];
}

function filesText({
  artifactId,
  files,
  knownBytes,
  unknownSizes,
}: ArtifactDiff['before']): string {
  return `${shortArtifact(artifactId)}  ${counted(files, 'file')}, ${sumText(files, knownBytes, unknownSizes)}`;
}

/** Files of unknown size are never counted as empty ones. */
function sumText(files: number, knownBytes: number, unknownSizes: number): string {
  if (unknownSizes === 0) return bytesText(knownBytes);
  if (unknownSizes === files) return 'sizes unknown';
  return `at least ${bytesText(knownBytes)} (${counted(unknownSizes, 'size')} unknown)`;
}

function section<T>(
  mark: Mark,
  { count, items }: { count: number; items: readonly T[] },
  lines: (item: T) => string[],
): string[] {
  if (count === 0) return [];
  const listed = items.slice(0, MOST_FILES);
  return ['', ...listed.flatMap(lines), ...more(mark, count, listed.length, items.length, '')];
}

/** What isn't shown is counted, and where `--json` shows more of it, that is said. */
function more(mark: Mark, count: number, listed: number, inJson: number, indent: string): string[] {
  if (count === listed) return [];
  const where =
    inJson === count ? ': all with --json' : inJson > listed ? ': some with --json' : '';
  return [`${indent}  and ${grouped(count - listed)} more ${mark}${where}`];
}

function oneSideLines(mark: Mark, file: ArtifactDiff['added']['items'][number]): string[] {
  const { path, blobId, size, sameBlobAt } = file;
  const same = sameBlobAt === null ? '' : `, the same as ${shown(sameBlobAt)} on the other side`;
  return [
    ...marked(mark, shown(path)),
    ...indented('    ', `${blobId}, ${bytesText(size)}${same}`),
  ];
}

function changedLines({ path, before, after, words, inside }: ChangedFile): string[] {
  return [
    ...marked('changed', shown(path)),
    ...indented('    ', shown(words)),
    ...indented('    before  ', sideText(before)),
    ...indented('    after   ', sideText(after)),
    ...(inside === null
      ? []
      : [
          ...shapeLines(before.format === 'onnx' ? 'initializer' : 'tensor', inside.tensors),
          ...shapeLines('input', inside.inputs),
          ...shapeLines('output', inside.outputs),
          ...few('changed', inside.operators, (one) => [
            `operator ${cutText(one.name)}`,
            `${grouped(one.before)} -> ${counted(one.after, 'node')}`,
          ]),
          ...few('changed', inside.facts, (one) => [cutText(one.name), textChange(one)]),
          ...few('changed', inside.metadata, (one) => [
            `metadata ${cutText(one.name)}`,
            textChange(one),
          ]),
        ]),
  ];
}

function sideText({ blobId, size, format, basis, tensors, parameters, problem }: FileSide): string {
  const parts = [
    blobId,
    bytesText(size),
    ...(format === null || format === 'unknown' ? [] : [format === 'onnx' ? 'ONNX' : format]),
    ...(tensors === null ? [] : [counted(tensors, format === 'onnx' ? 'initializer' : 'tensor')]),
    ...(parameters === null ? [] : [counted(parameters, 'parameter')]),
    ...(basis === null ? [] : [`${basis} bytes`]),
  ];
  return `${parts.join(', ')}${problem === null ? '' : `; not compared: ${shown(problem)}`}`;
}

function shapeLines(noun: string, { added, removed, changed }: Shapes): string[] {
  return [
    ...few('added', added, (one) => [`${noun} ${cutText(one.name)}`, typeText(one)]),
    ...few('removed', removed, (one) => [`${noun} ${cutText(one.name)}`, typeText(one)]),
    ...few('changed', changed, (one) => [
      `${noun} ${cutText(one.name)}`,
      `${typeText(one.before)} -> ${typeText(one.after)}`,
    ]),
  ];
}

function few<T>(
  mark: Mark,
  { count, items }: { count: number; items: readonly T[] },
  texts: (item: T) => [what: string, how: string],
): string[] {
  const listed = items.slice(0, MOST_INSIDE);
  const lines = listed.flatMap((item) => {
    const [what, how] = texts(item);
    return marked(mark, `${what}  ${how}`, '    ');
  });
  return [...lines, ...more(mark, count, listed.length, items.length, '    ')];
}

function typeText({ dtype, shape, kept }: Shapes['added']['items'][number] | TypeOnly): string {
  const dims = shape === null ? '' : `[${shape.map((dim) => dim ?? '?').join(', ')}]`;
  return `${cutText(`${dtype}${dims}`)}${kept === null ? '' : ` (${kept})`}`;
}
type TypeOnly = Shapes['changed']['items'][number]['before'];

function textChange({ before, after }: { before: string | null; after: string | null }): string {
  return `${quotedText(before)} -> ${quotedText(after)}`;
}

function quotedText(text: string | null): string {
  return text === null ? '(none)' : `"${cutText(text)}"`;
}

function cutText(text: string): string {
  return shown(text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text);
}

function notes(texts: readonly string[]): string[] {
  if (texts.length === 0) return [];
  return ['', 'notes', ...texts.flatMap((note) => indented('- ', shown(note)))];
}

function marked(mark: Mark, text: string, indent = ''): string[] {
  const [sign, style] = MARKS[mark];
  const [first = '', ...rest] = indented(`${indent}${padded(`${sign} ${mark}`, 9)}  `, text);
  const painted = paint(style, first.slice(indent.length));
  return [`${indent}${painted}`, ...rest];
}

/** The first line begins with `lead`, the others under its end. */
function indented(lead: string, text: string): string[] {
  const width = widthOf(lead);
  return wrapped(text, WIDTH - width).map(
    (line, i) => `${i === 0 ? lead : ' '.repeat(width)}${line}`,
  );
}

function bytesText(bytes: number | null): string {
  return bytes === null ? 'size unknown' : counted(bytes, 'byte');
}

function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
