import type { Column } from '../data.ts';
import { casesFacts } from './cases.ts';
import type { PairedAnswer } from './column-draft.ts';
import type { Settings } from './drafts.ts';
import type { Frame } from './frame.ts';
import { labelDirection } from './label-direction.ts';
import { Matrix } from './matrix.ts';
import { neededLabels } from './needed.ts';
import { outcomesOf } from './outcomes.ts';
import { pairFacts } from './paired-inputs.ts';
import { RepeatedRuns } from './repeated-runs.ts';
import { ShareDifferences, type ShareSums } from './share-differences.ts';

/** Labels of paired inputs: which became which, and whose share changed. */
export function pairedLabels(frame: Frame, column: Column, settings: Settings): PairedAnswer {
  const outcomes = outcomesOf(frame, column);
  const matrix = new Matrix(outcomes);
  const shares = new ShareDifferences(outcomes.names.length);
  const repeats = new RepeatedRuns();
  const facts = pairFacts(frame, column, (pair) => {
    matrix.add(pair);
    shares.add(pair.input, pair.before.values, pair.after.values, outcomes.placeOf);
    repeats.add(pair);
  });
  const sums = shares.summed(frame, facts.compared);
  const labels = sums.occurs.reduce((all, has) => all + has, 0);
  const clustered = frame.clusters !== null;
  const direction = labelDirection({
    names: outcomes.names,
    sums,
    singleRuns: facts.singleRuns,
    clustered,
    table: facts.singleRuns && (labels > 2 || clustered) ? matrix.table() : null,
    ...settings,
  });
  return {
    facts,
    cases: casesFacts(frame, 'label', facts, 1, repeats.found(), settings),
    direction,
    matrix: matrix.cells(),
    needed: () =>
      direction.inside ? null : neededLabels(mostVaried(sums), settings.minEffect / 100),
  };
}

function mostVaried(sums: ShareSums) {
  const all = Array.from(sums.occurs, (_, place) => sums.of(place));
  return all.reduce((most, each) => (each.squares > most.squares ? each : most), {
    n: sums.n,
    sum: 0,
    squares: 0,
  });
}
