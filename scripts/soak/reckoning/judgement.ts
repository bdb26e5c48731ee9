/** False calm, from the outside: a tag that claims more than what is so. */
import { isDeepStrictEqual } from 'node:util';
import type { AttributionJson } from '../../../src/contract/observation.ts';
import type { TraceJson } from '../../../src/contract/trace.ts';
import type { Under } from '../../../src/lineage/manifest.ts';
import type { LabelTruth } from '../truth.ts';

type Tagged = Pick<TraceJson, 'id' | 'startedAt' | 'endedAt' | 'attribution'>;

/**
 * Holds at any time. @param label null where nobody registered it
 * @returns what is wrong with the tag; null where nothing is
 */
export function falseCalm(trace: Tagged, label: LabelTruth | null): string | null {
  const { attribution } = trace;
  const { observed, candidates, certainty, conflict } = attribution;
  const say = (what: string) => `the trace ${trace.id} (${what}) is tagged ${shown(attribution)}`;
  if (certainty !== observed || conflict) return say('it names no blob');
  if (!label) {
    return observed === 'unobserved' ? null : say('its label is not registered');
  }
  if (observed !== 'bracketed') return null;
  const [start, end] = spanOf(trace);
  const skew = label.clockSkewMs;
  const surely = label.surely(start, end);
  const possibly = label.possibly(start - skew, end + skew);
  const isRight = surely.every((under) => candidates.includes(under));
  if (isRight && candidates.every((under) => possibly.includes(under))) return null;
  return say(`it ran on ${list(surely)}, or perhaps ${list(possibly)}`);
}

/**
 * Holds once the label was read after the trace ended, which makes every tag final.
 * @param firstReceivedAt when the label's first reading was answered, ms
 */
export function falseTag(
  trace: Tagged,
  label: LabelTruth | null,
  firstReceivedAt: number,
): string | null {
  const calm = falseCalm(trace, label);
  if (calm || !label) return calm;
  const { attribution } = trace;
  const { observed, candidates, artifactId } = attribution;
  const say = (what: string) => `the trace ${trace.id} (${what}) is tagged ${shown(attribution)}`;
  const [start, end] = spanOf(trace);
  const isBefore = start - label.clockSkewMs < firstReceivedAt;
  if (isBefore !== (observed === 'unobserved')) {
    return say(`its label was first read at ${new Date(firstReceivedAt).toISOString()}`);
  }
  if (isBefore) return candidates.length === 0 ? null : say('it ran before all readings');
  if (observed === 'provisional') return say('its label was read after it ended');
  const only = candidates.length === 1 ? candidates[0]! : null;
  if ((observed === 'bracketed') !== (candidates.length === 1) || artifactId !== only) {
    return say('its parts contradict each other');
  }
  const surely = label.surely(start, end);
  const isMissing = surely.some((under) => !candidates.includes(under));
  return isMissing ? say(`it ran on ${list(surely)}`) : null;
}

/** What stands in it must be what was sent. */
export function sameContent(stored: TraceJson, sent: Record<string, unknown>): boolean {
  const kept = Object.keys(sent).map((key) => [key, stored[key as keyof TraceJson]]);
  return isDeepStrictEqual(Object.fromEntries(kept), sent);
}

function spanOf({ startedAt, endedAt }: Tagged): [start: number, end: number] {
  return [Date.parse(startedAt), Date.parse(endedAt)];
}

function shown({ observed, candidates, window }: AttributionJson): string {
  return `${observed} ${list(candidates)}${window ? `, ${window.after} to ${window.before}` : ''}`;
}

export function list(unders: readonly Under[]): string {
  return `[${unders.map((under) => under?.slice(0, 15) ?? 'absent').join(', ')}]`;
}
