import type { Column } from '../data.ts';
import { casesFacts } from './cases.ts';
import type { PairedAnswer } from './column-draft.ts';
import { differenceSums } from './difference-sums.ts';
import type { Answer, Settings } from './drafts.ts';
import type { Frame } from './frame.ts';
import { neededNumbers } from './needed.ts';
import { NumberSteps, numberDirection } from './number-direction.ts';
import { pairFacts } from './paired-inputs.ts';
import { PresenceQuestion } from './presence-question.ts';

/** Numbers of paired inputs: how far they moved, and whether they are there at all. */
export function pairedNumbers(frame: Frame, column: Column, settings: Settings): PairedAnswer {
  const steps = new NumberSteps();
  const presence = new PresenceQuestion('number');
  const facts = pairFacts(
    frame,
    column,
    (pair) => {
      steps.add(pair);
      presence.add(pair);
    },
    (failed) => presence.add(failed),
  );
  const spread = steps.spread();
  const none: Answer = { tests: [], effects: [], inside: true };
  const numbers =
    steps.inputs.length === 0 ? none : numberDirection(frame, steps, spread, settings);
  const direction = presence.addedTo(numbers, frame, facts, settings);
  return {
    facts,
    cases: casesFacts(frame, 'number', facts, spread > 0 ? spread : null, null, settings),
    direction,
    matrix: null,
    needed: () => {
      if (spread === 0 || direction.inside) return null;
      const sums = differenceSums(frame, steps.inputs, steps.steps, spread);
      return neededNumbers(sums, settings.minEffect / 100);
    },
  };
}
