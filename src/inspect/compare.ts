/**
 * Two artifacts compared: by path and blob, and inside each changed file by what its inspections
 * say. Pure: whoever asks has the inspections, or says why there are none.
 */
import type { ArtifactDiff, ChangedFile, FileSide, Finding } from '../contract/artifact-diff.ts';
import { type ArtifactId, type BlobId, inOrder, type ManifestFile } from '../lineage/manifest.ts';
import { compareInside, countInside, type Inspected } from './compare-inside.ts';
import { summaryOf, wordsOf } from './compare-words.ts';
import { cutInside, cutList, jsonBytes } from './cut-list.ts';
import type { Inspection } from './inspection.ts';
import { matchFiles } from './match-files.ts';

export interface ComparedArtifact {
  artifactId: ArtifactId;
  files: readonly ManifestFile[];
}

/** What is known of a blob's inside. */
export type Look =
  /** `unverified`: of bytes that an aggregator says are the blob's. */
  | { basis: 'verified' | 'unverified'; inspection: Inspection }
  /** Why nothing is: one clause without a full stop. */
  | { notInspected: string };

/** All of a report together is under 200 kB. */
const ROOM_FOR_PATHS = { items: 200, bytes: 16_000 };
const ROOM_FOR_CHANGES = { items: 200, bytes: 110_000 };
/** Of each of the 12 lists inside one file. */
const ROOM_INSIDE = { items: 50, bytes: 4_000 };
const LONGEST_PROBLEM = 300;
/** Names of tensors, over all files: the comparison holds everything else up, for about a second here. */
const MOST_NAMES = 200_000;
const NOBODY_LOOKED: Look = { notInspected: 'it was not looked into' };
const TOO_MANY: Look = { notInspected: 'the files before it hold as much as is compared at once' };

/** @param looks by blob; only those of changed files matter, see `changedBlobs` */
export function compareArtifacts(
  before: ComparedArtifact,
  after: ComparedArtifact,
  looks: ReadonlyMap<BlobId, Look>,
): ArtifactDiff {
  const { unchanged, changed, renamed, added, removed } = matchFiles(before.files, after.files);
  let names = 0;
  const differing = changed.map((pair) => {
    const was = looks.get(pair.before.blobId) ?? NOBODY_LOOKED;
    const is = looks.get(pair.after.blobId) ?? NOBODY_LOOKED;
    names += namesIn(was) + namesIn(is);
    return names <= MOST_NAMES ? compareFile(pair, was, is) : compareFile(pair, TOO_MANY, TOO_MANY);
  });
  const identical =
    before.files.length === unchanged.length && after.files.length === unchanged.length;
  const counts = { added: added.length, removed: removed.length, renamed: renamed.length };
  const kept = keptChanges(differing);
  return {
    summary: summaryOf({ identical, unchanged: unchanged.length, counts, changed: differing }),
    identical,
    before: filesOf(before),
    after: filesOf(after),
    unchanged: unchanged.length,
    added: cutList(onOneSide(added, before.files), ROOM_FOR_PATHS),
    removed: cutList(onOneSide(removed, after.files), ROOM_FOR_PATHS),
    renamed: cutList(
      {
        count: renamed.length,
        items: renamed.map((pair) => ({
          from: pair.before.path,
          to: pair.after.path,
          blobId: pair.before.blobId,
          size: sizeOfBoth(pair.before.size, pair.after.size),
        })),
      },
      ROOM_FOR_PATHS,
    ),
    changed: kept,
    notes: notesOn(differing),
  };
}

/** Of which blobs the inside is worth knowing before two artifacts are compared, each with its path. */
export function changedBlobs(
  before: readonly ManifestFile[],
  after: readonly ManifestFile[],
): ManifestFile[] {
  return matchFiles(before, after).changed.flatMap((pair) => [pair.before, pair.after]);
}

function compareFile(
  pair: { path: string; before: ManifestFile; after: ManifestFile },
  was: Look,
  is: Look,
): ChangedFile {
  const [before, after] = [sideOf(pair.before, was), sideOf(pair.after, is)];
  const [a, b] = [inspectedIn(was), inspectedIn(is)];
  const inside = a && b && a.format === b.format ? compareInside(a, b) : null;
  const finding = findingOf(before, after, inside ? [a!, b!, countInside(inside)] : null);
  return {
    path: pair.path,
    before,
    after,
    finding,
    words: wordsOf(finding, { before, after }, inside),
    inside,
  };
}

function findingOf(
  before: FileSide,
  after: FileSide,
  inside: [Inspected, Inspected, differences: number] | null,
): Finding {
  if (inside) {
    const [a, b, differences] = inside;
    if (differences > 0 || a.parameters !== b.parameters) return 'model';
    return a.structure === b.structure ? 'weights' : 'outline';
  }
  const known = !before.problem && !after.problem;
  return known && before.format !== after.format ? 'format' : 'bytes';
}

/** The inspection of a file that is what it says it is. */
function inspectedIn(look: Look): Inspected | null {
  if (!('inspection' in look)) return null;
  const { inspection } = look;
  return inspection.format === 'unknown' || 'error' in inspection ? null : inspection;
}

function tensorsOf(inspection: Inspected): object {
  return inspection.format === 'onnx' ? inspection.initializers : inspection.tensors;
}

function namesIn(look: Look): number {
  const inspection = inspectedIn(look);
  return inspection ? Object.keys(tensorsOf(inspection)).length : 0;
}

function sideOf({ blobId, size }: ManifestFile, look: Look): FileSide {
  const nothing = { blobId, size, basis: null, tensors: null, parameters: null };
  if (!('inspection' in look)) {
    return { ...nothing, format: null, problem: shortened(look.notInspected) };
  }
  const { inspection, basis } = look;
  const { format } = inspection;
  if (format === 'unknown') return { ...nothing, basis, format, problem: null };
  if ('error' in inspection) {
    return { ...nothing, basis, format, problem: shortened(inspection.error.message) };
  }
  return {
    ...{ blobId, size, format, basis, problem: null },
    tensors: Object.keys(tensorsOf(inspection)).length,
    parameters: inspection.parameters,
  };
}

function filesOf({ artifactId, files }: ComparedArtifact): ArtifactDiff['before'] {
  const known = files.flatMap(({ size }) => (size === null ? [] : [BigInt(size)]));
  return {
    artifactId,
    files: files.length,
    knownBytes: Number(known.reduce((sum, size) => sum + size, 0n)),
    unknownSizes: files.length - known.length,
  };
}

/** One blob has one size: where the sources disagree on it, it isn't known. */
function sizeOfBoth(a: number | null, b: number | null): number | null {
  return a === null || b === null || a === b ? (a ?? b) : null;
}

function onOneSide(files: readonly ManifestFile[], others: readonly ManifestFile[]) {
  // Of several, the first path.
  const elsewhere = new Map(
    inOrder(others)
      .map(({ blobId, path }) => [blobId, path] as const)
      .reverse(),
  );
  const items = files.map(({ path, blobId, size }) => {
    return { path, blobId, size, sameBlobAt: elsewhere.get(blobId) ?? null };
  });
  return { count: items.length, items };
}

/** Each with as much of its inside as there is room for; at least the counts, or it isn't listed. */
function keptChanges(files: readonly ChangedFile[]): ArtifactDiff['changed'] {
  const items: ChangedFile[] = [];
  let left = ROOM_FOR_CHANGES.bytes;
  for (const file of files.slice(0, ROOM_FOR_CHANGES.items)) {
    const fitting = [ROOM_INSIDE, { items: 0, bytes: 0 }]
      .map((room) => ({ ...file, inside: file.inside && cutInside(file.inside, room) }))
      .find((one) => jsonBytes(one) <= left);
    if (!fitting) break;
    left -= jsonBytes(fitting);
    items.push(fitting);
  }
  return { count: files.length, items };
}

function notesOn(changed: readonly ChangedFile[]): string[] {
  const notes: string[] = [];
  const some = (finding: Finding) => changed.some((file) => file.finding === finding);
  if (some('outline')) {
    notes.push(
      'Where nothing that is looked at differs, other bytes may be attributes of operators, how they are wired, values of integer tensors that give shapes, texts, or mere order and spacing; weights may differ as well.',
    );
  }
  if (changed.some(({ before, after }) => [before, after].some((s) => s.basis === 'unverified'))) {
    notes.push(
      'Unverified: an aggregator served these bytes, and nothing has shown that they are those that the Blob ID names. Verify the artifacts to be sure.',
    );
  }
  return notes;
}

function shortened(text: string): string {
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
  return line.length <= LONGEST_PROBLEM
    ? line
    : `${line.slice(0, LONGEST_PROBLEM).toWellFormed()}…`;
}
