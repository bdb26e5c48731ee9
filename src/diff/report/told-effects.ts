/**
 * The effects that stand for a column wherever there is room for one or two. What was found comes
 * first, so that a sentence never says "changed" beside an effect of nothing.
 */
import type { ReportColumn, ReportEffect } from '../../contract/diff.ts';

const Q = 0.05;
/** How tests of whether there is a value at all are called. */
const PRESENCE = 'presence-';

/** The first is the column's; a second one only where both were found. None: the column has none. */
export function toldEffects({
  direction: { effects },
  tests,
  kind,
}: Pick<ReportColumn, 'direction' | 'tests' | 'kind'>): ReportEffect[] {
  const [first] = effects;
  if (first === undefined) return [];
  if (kind === 'label') return [first];
  const value = largest(effects.filter(({ unit }) => unit === 'value'));
  const presence = largest(effects.filter(({ unit }) => unit === 'points'));
  if (value === null || presence === null) return [value ?? presence ?? first];
  const isFound = (ofPresence: boolean) =>
    tests.some(
      ({ decides, question, name, q }) =>
        decides &&
        q !== null &&
        q <= Q &&
        question !== 'cases' &&
        name.startsWith(PRESENCE) === ofPresence,
    );
  if (!isFound(true)) return [value];
  return isFound(false) ? [value, presence] : [presence];
}

function largest(effects: readonly ReportEffect[]): ReportEffect | null {
  return effects.reduce<ReportEffect | null>(
    (most, each) => (most === null || Math.abs(each.value) > Math.abs(most.value) ? each : most),
    null,
  );
}
