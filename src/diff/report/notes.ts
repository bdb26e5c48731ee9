/** What a reader of a diff must know beside its numbers. */
import type { Report } from '../../contract/diff.ts';
import { POOL } from './case-choice.ts';
import { emptyFieldNotes } from './empty-fields.ts';
import { counted, grouped, list, nameIn, percent } from './wording.ts';

type Told = Omit<Report, 'id' | 'notes' | 'summary'>;

/** What the report itself doesn't hold. */
export interface Beside {
  /** Inputs that could be cases, and those with an output on one side only. */
  differing: number;
  oneSidedOutputs: number;
  /** Traces counted though no later reading confirms them. */
  provisional: { before: number; after: number };
  /** Columns whose details are of fewer pairs than differ: name, pairs looked at, of how many. */
  sampled: readonly { name: string; looked: number; of: number }[];
}

const NAMED = 5;

export function notesOn(report: Told, beside: Beside): string[] {
  return [
    ...provisionalNotes(report, beside),
    ...overlapNotes(report),
    ...sideNotes('before', report.before),
    ...sideNotes('after', report.after),
    ...basisNotes(report),
    ...noiseNotes(report),
    ...emptyFieldNotes(report),
    ...typeNotes(report),
    ...skippedNotes(report),
    ...outputNotes(beside),
    ...sampleNotes(beside),
  ];
}

function provisionalNotes({ query }: Told, { provisional }: Beside): string[] {
  if (!query.includeProvisional) return [];
  const { before, after } = provisional;
  return [
    `Provisional traces are counted (${grouped(before)} before, ${grouped(after)} after): a later reading may still give them to another artifact.`,
  ];
}

function overlapNotes({ before: { asked: one }, after: { asked: other } }: Told): string[] {
  if (!('from' in one) || !('from' in other)) return [];
  if (one.from >= other.to || other.from >= one.to) return [];
  return ['The two periods overlap: traces in both are compared with themselves.'];
}

function sideNotes(name: 'before' | 'after', side: Report['before']): string[] {
  const notes: string[] = [];
  if (side.artifacts.length > 1) {
    notes.push(
      `The ${name} side mixes ${side.artifacts.length} artifacts. Its numbers are of all of them together, and so is its noise, which may hide a change; to tell them apart, compare by artifact.`,
    );
  }
  const leftOut = side.leftOut.reduce((sum, { traces }) => sum + traces, 0);
  if (leftOut > 0) {
    const reasons = side.leftOut.map(({ reason, traces }) => `${grouped(traces)} ${reason}`);
    notes.push(
      `Traces of the ${name} side that are not compared: ${grouped(leftOut)} of ${grouped(leftOut + side.traces)} (${reasons.join(', ')}).${provisionalHint(side)}`,
    );
  }
  if (side.errors > 0) {
    notes.push(
      `${counted(side.errors, 'trace')} of the ${name} side ended in an error (${percent(side.errors / side.traces)} of those compared). One that gave a value counts with it.`,
    );
  }
  return notes;
}

function provisionalHint({ leftOut }: Report['before']): string {
  const waits = leftOut.some(({ reason }) => reason === 'provisional');
  return waits
    ? ' Provisional ones count once a reading confirms them, or where they are asked for.'
    : '';
}

function basisNotes({ columns, pairs }: Told): string[] {
  const notes: string[] = [];
  if (columns.some(({ basis }) => basis === 'pairs')) {
    notes.push(
      'Pairs take the traffic out of the comparison, since both sides ran the same inputs. They take out nothing else: whatever differed between the two sides beside the artifact is still in it.',
    );
  }
  const unpaired = columns.filter(({ basis }) => basis === 'unpaired');
  if (unpaired.length > 0) {
    notes.push(
      `Too few to pair for ${namesOf(unpaired)}: ${independentText(pairs)}. There, all inputs of each side stand against each other, which can't tell the model from the traffic.`,
    );
  }
  if (pairs.conversations !== null) {
    notes.push(
      `The turns of a conversation hang together, so evidence counts conversations, and inputs that stand alone: ${grouped(pairs.conversations)} for ${counted(pairs.inputs, 'shared input')}.`,
    );
  }
  return notes;
}

function independentText({ inputs, conversations }: Told['pairs']): string {
  const shared = counted(inputs, 'shared input');
  if (inputs === 0 || conversations === null || conversations === inputs) return shared;
  return `${shared}, of which ${grouped(conversations)} are independent`;
}

function noiseNotes({ columns }: Told): string[] {
  const unknown = columns.filter(
    ({ basis, family, cases: { differing, noise } }) =>
      family === 'first' && basis === 'pairs' && differing > 0 && noise === null,
  );
  if (unknown.length === 0) return [];
  return [
    `Noise floor unknown for ${namesOf(unknown)}: no input ran twice on a side, so how often an artifact differs from itself can't be said. Then any case that differs forbids "no evidence".`,
  ];
}

function typeNotes({ columns }: Told): string[] {
  return columns.flatMap(({ name, kind, typed, typeNote }) => {
    if (typeNote === null) return [];
    const what = typed === 'asked' ? typeNote : `its values are ${typeNote}`;
    return [`${nameIn(name)} is compared as ${kind}; ${what}.`];
  });
}

function skippedNotes({ skipped }: Told): string[] {
  if (skipped.length === 0) return [];
  const words = {
    'near-unique': 'another value in nearly every run',
    rare: 'rare',
    'too-many': 'too many fields',
  };
  const reasons = (['near-unique', 'rare', 'too-many'] as const).flatMap((reason) => {
    const found = skipped.filter((field) => field.reason === reason);
    const names = found.map(({ path }) => ({ name: path }));
    return found.length === 0 ? [] : [`${namesOf(names)} (${words[reason]})`];
  });
  return [
    `Fields of the output that are not compared by themselves: ${reasons.join('; ')}. Name one with --field to compare it.`,
  ];
}

function outputNotes({ oneSidedOutputs }: Beside): string[] {
  if (oneSidedOutputs === 0) return [];
  return [
    `Inputs with an output on one side only: ${grouped(oneSidedOutputs)}. Their outputs are not compared.`,
  ];
}

function sampleNotes({ differing, sampled }: Beside): string[] {
  const notes: string[] = [];
  if (differing > POOL) {
    notes.push(
      `${grouped(differing)} inputs differ. The cases are chosen from ${POOL} of them: flips first, then changed outputs, in the order of the inputs' hashes.`,
    );
  }
  if (sampled.length > 0) {
    const names = sampled.map(
      ({ name, looked, of }) => `${nameIn(name)} (${grouped(looked)} of ${grouped(of)})`,
    );
    notes.push(
      `How much changed inside a value is looked up in some of the pairs that differ: ${list(few(names))}.`,
    );
  }
  return notes;
}

function namesOf(columns: readonly { name: string }[]): string {
  return list(few(columns.map(({ name }) => nameIn(name))));
}

function few(names: readonly string[]): string[] {
  if (names.length <= NAMED) return [...names];
  return [...names.slice(0, NAMED), `${names.length - NAMED} more`];
}
