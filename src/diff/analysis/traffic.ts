/** How much of a label's change is behaviour on the same inputs, and how much other inputs came. */
import type { ReportColumn } from '../../contract/diff.ts';
import type { Column } from '../data.ts';
import type { Side } from '../source.ts';
import { mixOfGroups } from '../statistics/mix.ts';
import type { Frame } from './frame.ts';
import type { Outcomes } from './outcomes.ts';
import { rounded } from './rounded.ts';
import { keyOf } from './side-values.ts';

/** @param of a name among the outcomes */
export function trafficOf(
  { data }: Frame,
  column: Column,
  outcomes: Outcomes,
  of: string,
): ReportColumn['traffic'] {
  if (data.before.count === 0 || data.after.count === 0) return null;
  const place = outcomes.names.indexOf(of);
  const groups = (side: Side) => {
    const [values, { starts }] = [column[side], data[side]];
    const [clear, n] = [new Uint32Array(data.inputs), new Uint32Array(data.inputs)];
    for (let input = 0; input < data.inputs; input++) {
      const [from, to] = [starts[input]!, starts[input + 1]!];
      n[input] = to - from;
      for (let run = from; run < to; run++)
        if (outcomes.placeOf(keyOf(values, run)) === place) clear[input]!++;
    }
    return { clear, n };
  };
  const { total, behaviour, mix, shared } = mixOfGroups({
    ref: groups('before'),
    cur: groups('after'),
  });
  return {
    of,
    total: rounded(100 * total),
    behaviour: rounded(100 * behaviour),
    mix: rounded(100 * mix),
    shared: rounded(shared),
  };
}
