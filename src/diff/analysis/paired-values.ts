import type { Column } from '../data.ts';
import { casesFacts } from './cases.ts';
import type { PairedAnswer } from './column-draft.ts';
import type { Settings } from './drafts.ts';
import type { Frame } from './frame.ts';
import { neededNumbers } from './needed.ts';
import { pairFacts } from './paired-inputs.ts';
import { PresenceQuestion } from './presence-question.ts';
import { RepeatedRuns } from './repeated-runs.ts';

/** Texts, JSON and vectors of paired inputs: the same or not, and there or not; they have no direction. */
export function pairedValues(frame: Frame, column: Column, settings: Settings): PairedAnswer {
  const presence = new PresenceQuestion(column.kind);
  const repeats = new RepeatedRuns();
  const facts = pairFacts(
    frame,
    column,
    (pair) => {
      presence.add(pair);
      repeats.add(pair);
    },
    (failed) => presence.add(failed),
  );
  const cases = casesFacts(frame, column.kind, facts, 1, repeats.found(), settings);
  return {
    facts,
    cases,
    direction: presence.addedTo({ tests: [], effects: [], inside: true }, frame, facts, settings),
    matrix: null,
    needed: () => (cases.sums ? neededNumbers(cases.sums, settings.minEffect / 100) : null),
  };
}
