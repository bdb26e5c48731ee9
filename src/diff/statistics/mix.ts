import { checkCount, StatisticsError } from './errors.ts';

/** Of the `n` cases of a group, how many had the outcome. */
export interface GroupCount {
  clear: number;
  n: number;
}

export interface MixSplit {
  total: number;
  behaviour: number;
  mix: number;
  shared: number;
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
}): MixSplit {
  const [ref, cur] = [groupsOf(argument.ref), groupsOf(argument.cur)];
  const names = [...new Set([...ref.keys(), ...cur.keys()])];
  const columnsOf = (groups: ReadonlyMap<string, GroupCount>): GroupColumns => ({
    clear: names.map((name) => groups.get(name)?.clear ?? 0),
    n: names.map((name) => groups.get(name)?.n ?? 0),
  });
  return mixOfGroups({ ref: columnsOf(ref), cur: columnsOf(cur) });
}

/** The groups of one side by number; a group without cases has n 0. */
export interface GroupColumns {
  clear: ArrayLike<number>;
  n: ArrayLike<number>;
}

/**
 * `mixVsBehaviour` of groups that have numbers instead of names: a million of them take no object.
 * Both sides have the same groups in the same places. The counts are taken as they are.
 */
export function mixOfGroups({ ref, cur }: { ref: GroupColumns; cur: GroupColumns }): MixSplit {
  const [nRef, nCur] = [sumOf(ref.n), sumOf(cur.n)];
  if (nRef === 0 || nCur === 0) return { total: 0, behaviour: 0, mix: 0, shared: 0 };
  let [behaviour, mix, shared, total] = [0, 0, 0, 0];
  for (let i = 0; i < ref.n.length; i++) {
    const [before, after] = [ref.n[i]!, cur.n[i]!];
    if (before === 0 && after === 0) continue;
    const [wBefore, wAfter] = [before / nRef, after / nCur];
    const pBefore = before > 0 ? ref.clear[i]! / before : cur.clear[i]! / after;
    const pAfter = after > 0 ? cur.clear[i]! / after : pBefore;
    behaviour += ((wBefore + wAfter) / 2) * (pAfter - pBefore);
    mix += (wAfter - wBefore) * ((pBefore + pAfter) / 2);
    total += wAfter * pAfter - wBefore * pBefore;
    if (before > 0 && after > 0) shared += (wBefore + wAfter) / 2;
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

function sumOf(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]!;
  return sum;
}
