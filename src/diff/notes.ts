/** What a reader of a diff must know beside its numbers. */
import type { CohortSummary } from './cohort.ts';
import { type Comparison, POOL } from './comparison.ts';

export function notesOn(comparison: Comparison): string[] {
  const { before, after, decisions, outputs, differing } = comparison;
  const notes = [...sideNotes('before', before), ...sideNotes('after', after)];
  if (decisions.oneSided > 0) {
    notes.push(
      `Inputs with a decision on one side only: ${decisions.oneSided}. They count as decided on one side and as (none) on the other.`,
    );
  }
  if (outputs.oneSided > 0) {
    notes.push(
      `Inputs with an output on one side only: ${outputs.oneSided}. Their outputs are not compared.`,
    );
  }
  if (differing > POOL) {
    notes.push(
      `${differing} inputs differ. The cases are chosen from ${POOL} of them: flips first, then changed outputs, in the order of the input hash.`,
    );
  }
  return notes;
}

function sideNotes(name: 'before' | 'after', side: CohortSummary): string[] {
  const notes: string[] = [];
  if (side.artifacts.length > 1) {
    notes.push(
      `The ${name} side mixes ${side.artifacts.length} artifacts. Its numbers are of all of them together; to tell them apart, compare by artifact.`,
    );
  }
  const leftOut = side.leftOut.reduce((sum, { traces }) => sum + traces, 0);
  if (leftOut > 0) {
    const reasons = side.leftOut.map(({ reason, traces }) => `${traces} ${reason}`).join(', ');
    notes.push(
      `Traces of the ${name} side that are not compared: ${leftOut} of ${leftOut + side.traces} (${reasons}).`,
    );
  }
  return notes;
}
