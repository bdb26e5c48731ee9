/** The question of `presence`, of pairs. */
import type { ColumnKind } from '../data.ts';
import { STEPS } from './budget.ts';
import type { Answer, Settings } from './drafts.ts';
import type { Frame } from './frame.ts';
import { labelDirection } from './label-direction.ts';
import type { PairedInput, PairFacts } from './paired-inputs.ts';
import { PRESENCE_NAMES, presenceCounts } from './presence.ts';
import { ShareDifferences } from './share-differences.ts';

export class PresenceQuestion {
  readonly #kind: ColumnKind;
  readonly #shares = new ShareDifferences(PRESENCE_NAMES.length);

  constructor(kind: ColumnKind) {
    this.#kind = kind;
  }

  add({ input, before, after }: PairedInput): void {
    if (before.isFull(this.#kind) && after.isFull(this.#kind)) {
      this.#shares.occurs[0] = 1;
      return;
    }
    const [from, to] = [presenceCounts(before, this.#kind), presenceCounts(after, this.#kind)];
    this.#shares.addCounts(input, from, to);
  }

  /** The answer with what was found by presence added; as it is where each input has a value as often as before. */
  addedTo(answer: Answer, frame: Frame, facts: PairFacts, { minEffect, seed }: Settings): Answer {
    if (this.#shares.isEmpty) return answer;
    const presence = labelDirection({
      names: PRESENCE_NAMES,
      sums: this.#shares.summed(frame, facts.asked),
      singleRuns: facts.singleRuns,
      clustered: frame.clusters !== null,
      table: null,
      minEffect,
      seed,
      about: { name: 'presence', rule: 'whether there is a value' },
      budget: STEPS.presence,
    });
    return {
      tests: [...answer.tests, ...presence.tests],
      effects: [...answer.effects, ...presence.effects],
      inside: answer.inside && presence.inside,
    };
  }
}
