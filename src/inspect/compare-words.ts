/** What a comparison found, in plain words that never claim more than was shown. */
import type {
  ArtifactDiff,
  ChangedFile,
  FileSide,
  Finding,
  Inside,
} from '../contract/artifact-diff.ts';

const LONGEST_PATH = 80; // code points

const OF_SEVERAL: Record<Finding, string> = {
  weights: 'same structure, other weights',
  outline: 'nothing looked at differs, other bytes',
  model: 'another model inside',
  format: 'another format',
  bytes: 'other bytes, inside not compared',
};

/** The finding about one file, and what it rests on. */
export function wordsOf(
  finding: Finding,
  { before, after }: { before: FileSide; after: FileSide },
  inside: Inside | null,
): string {
  return `${findingWords(finding, before, after, inside)}${doubts(before, after)}`;
}

function findingWords(
  finding: Finding,
  before: FileSide,
  after: FileSide,
  inside: Inside | null,
): string {
  switch (finding) {
    case 'weights':
      return 'same structure, other weights: only values of its tensors differ';
    case 'outline':
      return 'nothing that is looked at differs, but bytes outside the values of its tensors do';
    case 'model':
      return differences(before, after, inside!);
    case 'format':
      return `another format: ${formatOf(before)} before, ${formatOf(after)} after`;
    case 'bytes':
      return otherBytes(before, after);
  }
}

/** Where only an aggregator says what the bytes are, so does the finding. */
function doubts(before: FileSide, after: FileSide): string {
  const sides = [before.basis === 'unverified', after.basis === 'unverified'];
  if (sides[0] && sides[1]) return ' (by unverified bytes on both sides)';
  if (sides[0] || sides[1]) return ` (by unverified bytes ${sides[0] ? 'before' : 'after'})`;
  return '';
}

function otherBytes(before: FileSide, after: FileSide): string {
  const why = [before.problem, after.problem];
  if (!why[0] && !why[1])
    return 'other bytes; neither safetensors nor ONNX, so no more is compared';
  const both = why[0] === why[1];
  const sides = both
    ? `both sides: ${why[0]}`
    : [why[0] && `before: ${why[0]}`, why[1] && `after: ${why[1]}`].filter(Boolean).join('; ');
  return `other bytes; what differs inside is not known (${sides})`;
}

function formatOf({ format }: FileSide): string {
  return format === 'onnx' ? 'ONNX' : format === 'unknown' ? 'unknown' : 'safetensors';
}

function differences(before: FileSide, after: FileSide, inside: Inside): string {
  const { facts, tensors, inputs, outputs, operators, metadata } = inside;
  const tensor = before.format === 'onnx' ? 'initializer' : 'tensor';
  const parts = [
    ...shapeWords(tensors, tensor),
    ...shapeWords(inputs, 'input'),
    ...shapeWords(outputs, 'output'),
    ...(operators.count > 0 ? [`other counts of ${counted(operators.count, 'operator')}`] : []),
    ...(facts.count > 0 ? [`${counted(facts.count, 'other fact')} of the model`] : []),
    ...(metadata.count > 0 ? [`${counted(metadata.count, 'change')} of metadata`] : []),
  ];
  const parameters =
    before.parameters === after.parameters
      ? []
      : [`${grouped(before.parameters!)} parameters before, ${grouped(after.parameters!)} after`];
  return [...(parts.length > 0 ? [parts.join(', ')] : []), ...parameters].join('; ');
}

function shapeWords({ added, removed, changed }: Inside['tensors'], noun: string): string[] {
  const counts: [number, string][] = [
    [added.count, 'added'],
    [removed.count, 'removed'],
    [changed.count, 'changed'],
  ];
  return counts.flatMap(([count, verb]) => (count > 0 ? [`${counted(count, noun)} ${verb}`] : []));
}

type Found = Pick<ArtifactDiff, 'identical' | 'unchanged'> & {
  counts: { added: number; removed: number; renamed: number };
  changed: readonly ChangedFile[];
};

/** The whole comparison in one sentence. */
export function summaryOf({ identical, unchanged, counts, changed }: Found): string {
  if (identical) return `Both hold the same ${counted(unchanged, 'file')}.`;
  const parts = [
    ...(changed.length > 0
      ? [`${counted(changed.length, 'file')} changed${ofWhich(changed)}`]
      : []),
    ...Object.entries(counts).flatMap(([verb, count]) => (count > 0 ? [`${count} ${verb}`] : [])),
    `${unchanged} unchanged`,
  ];
  return `${parts.join(', ')}.`;
}

/** One file by name, more of them by what they have in common. */
function ofWhich(changed: readonly ChangedFile[]): string {
  if (changed.length === 1) return ` (${shownPath(changed[0]!.path)}: ${changed[0]!.words})`;
  const groups = Map.groupBy(changed, (file) => {
    const unverified = file.before.basis === 'unverified' || file.after.basis === 'unverified';
    return `${OF_SEVERAL[file.finding]}${unverified ? ', by unverified bytes' : ''}`;
  });
  return ` (${[...groups].map(([words, files]) => `${files.length}: ${words}`).join('; ')})`;
}

/** A path is anyone's text: nothing in it may break the line or turn it around. */
function shownPath(path: string): string {
  const points = [...path.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd')];
  if (points.length <= LONGEST_PATH) return points.join('');
  return `${points.slice(0, LONGEST_PATH).join('')}…`;
}

function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function grouped(n: number): string {
  return n.toLocaleString('en-US');
}
