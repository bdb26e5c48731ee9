import { checkCount, StatisticsError } from './errors.ts';

/** Of the `n` cases of a group, how many had the outcome. */
export interface GroupCount {
  clear: number;
  n: number;
}

/**
 * A changed share split into what changed within groups and what changed in their mix (Kitagawa
 * 1955, JASA 50:1168): with w a group's share of its side and p its rate,
 * total = Σ w̄ (p_cur − p_ref) [behaviour] + Σ (w_cur − w_ref) p̄ [mix].
 *
 * A group that one side lacks has no rate there: it counts as if it had kept the other side's, so
 * that all of its part is mix, and behaviour is never claimed unseen. `shared` is the share of
 * cases (mean of both sides) in groups both sides have: where it is small, so is what behaviour
 * rests on. An empty side: all 0. Throws `bad-count`.
 */
export function mixVsBehaviour(argument: {
  ref: Readonly<Record<string, GroupCount>>;
  cur: Readonly<Record<string, GroupCount>>;
}): { total: number; behaviour: number; mix: number; shared: number } {
  const [ref, cur] = [groupsOf(argument.ref), groupsOf(argument.cur)];
  const [nRef, nCur] = [sizeOf(ref), sizeOf(cur)];
  if (nRef === 0 || nCur === 0) return { total: 0, behaviour: 0, mix: 0, shared: 0 };
  let [behaviour, mix, shared, total] = [0, 0, 0, 0];
  for (const name of new Set([...ref.keys(), ...cur.keys()])) {
    const [before, after] = [ref.get(name), cur.get(name)];
    const [wBefore, wAfter] = [(before?.n ?? 0) / nRef, (after?.n ?? 0) / nCur];
    const pBefore = rateOf(before ?? after!);
    const pAfter = rateOf(after ?? before!);
    behaviour += ((wBefore + wAfter) / 2) * (pAfter - pBefore);
    mix += (wAfter - wBefore) * ((pBefore + pAfter) / 2);
    total += wAfter * pAfter - wBefore * pBefore;
    if (before && after) shared += (wBefore + wAfter) / 2;
  }
  return { total, behaviour, mix, shared: Math.min(1, shared) };
}

/** Groups with cases; a map, as a group may be called `__proto__`. */
function groupsOf(counts: Readonly<Record<string, GroupCount>>): Map<string, GroupCount> {
  const groups = new Map<string, GroupCount>();
  for (const [name, group] of Object.entries(counts)) {
    checkCount('clear', group.clear);
    checkCount('n', group.n);
    if (group.clear > group.n) {
      throw new StatisticsError(
        'bad-count',
        `clear is ${group.clear}, more than the ${group.n} there are.`,
      );
    }
    if (group.n > 0) groups.set(name, group);
  }
  return groups;
}

function sizeOf(groups: ReadonlyMap<string, GroupCount>): number {
  return [...groups.values()].reduce((sum, { n }) => sum + n, 0);
}

function rateOf({ clear, n }: GroupCount): number {
  return clear / n;
}
