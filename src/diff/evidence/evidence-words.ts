/** What the evidence since a change says, in a sentence that claims no more than it shows. */
import { counted, list, nameIn } from '../report/wording.ts';
import { type ChangeEvidence, type FlipCount, TOLD_AT } from './change-evidence.ts';

const NAMED_FLIPS = 3;

export function evidenceSentence(evidence: ChangeEvidence): string {
  const { pairs, flipped, flips, e } = evidence;
  const waiting = waitingText(evidence);
  if (pairs === 0) return `insufficient so far: no pair of the same input${waiting}`;
  const seen = `${counted(pairs, 'pair')} of the same input, ${flipped === 0 ? 'no decision flipped' : `${flipped} flipped (${flipsText(flips)})`}`;
  if (e >= TOLD_AT) return `decisions go another way: ${seen}; ${evidenceText(e)}${waiting}`;
  return `insufficient so far: ${seen}; ${evidenceText(e)}${waiting}`;
}

function evidenceText(e: number): string {
  const shown = e >= 1e6 ? e.toExponential(1) : String(Number(e.toPrecision(3)));
  return `E = ${shown}, told at ${TOLD_AT}. It watches whether they flip one way, and nothing else`;
}

function flipsText(flips: readonly FlipCount[]): string {
  const named = flips
    .slice(0, NAMED_FLIPS)
    .map(({ before, after, pairs }) => `${pairs} ${decision(before)}→${decision(after)}`);
  const others = flips.slice(NAMED_FLIPS).reduce((sum, { pairs }) => sum + pairs, 0);
  if (others > 0) named.push(`${others} in other ways`);
  return list(named);
}

function decision(name: string | null): string {
  return name === null ? '(none)' : nameIn(name);
}

function waitingText({ unconfirmed }: ChangeEvidence): string {
  if (unconfirmed === 0) return '';
  const wait = unconfirmed === 1 ? 'waits' : 'wait';
  return `; ${counted(unconfirmed, 'trace')} ${wait} for a reading that confirms them`;
}
