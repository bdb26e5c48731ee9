/** Every reading of a label: none that was acknowledged is missing, and each says what was so while it was made. */
import { isDeepStrictEqual } from 'node:util';
import type { ObservationJson } from '../../../src/contract/observation.ts';
import { byTime, type Reading } from '../../../src/lineage/reading.ts';
import { type Asking, all } from '../asking.ts';
import type { Fault, LabelTruth } from '../truth.ts';

export interface ReadingsFound {
  /** All, failed ones included. */
  count: number;
  failed: number;
  /** Those that say something, in order of time. */
  said: Reading[];
}

/** @param acknowledged what read-now answered, of all labels */
export async function reckonReadings(
  asking: Asking,
  label: LabelTruth,
  acknowledged: readonly ObservationJson[],
): Promise<ReadingsFound> {
  const { findings } = asking;
  const stored = new Map<string, ObservationJson>();
  const path = `labels/${encodeURIComponent(label.name)}/observations`;
  for await (const observation of all<ObservationJson>(asking, path)) {
    if (stored.has(observation.id)) findings.note(`the reading ${observation.id} is there twice`);
    stored.set(observation.id, observation);
  }
  for (const observation of acknowledged) {
    if (observation.label !== label.name) continue;
    if (isDeepStrictEqual(stored.get(observation.id), observation)) continue;
    findings.note(`the reading ${JSON.stringify(observation)} was acknowledged and isn't there so`);
  }
  const everyOne = [...stored.values()];
  for (const observation of everyOne) {
    const fault = falseReading(observation, label);
    if (fault) findings.note(`${label.name}: ${fault}: ${JSON.stringify(observation)}`);
  }
  const said = everyOne.filter(({ outcome }) => outcome !== 'failed').map(readingOf);
  return {
    count: everyOne.length,
    failed: everyOne.length - said.length,
    said: said.sort(byTime),
  };
}

function falseReading(observation: ObservationJson, label: LabelTruth): string | null {
  const { requestedAt: start, receivedAt: end } = readingOf(observation);
  const { outcome, artifactId } = observation;
  const ending = ({ ended }: Fault) => ended ?? { from: Infinity, to: Infinity };
  if (outcome === 'failed') {
    const mayFail = label.faults.some(
      (fault) => fault.began.from <= end && start <= ending(fault).to,
    );
    return mayFail ? null : 'a reading failed, and nothing was wrong with the hub';
  }
  const mustFail = label.faults.some((fault) => fault.began.to < start && end < ending(fault).from);
  if (mustFail) return 'a reading says something, and the hub failed all the while';
  const isSo = label.possibly(start, end).includes(artifactId);
  return isSo ? null : 'a reading saw what was not there';
}

function readingOf(observation: ObservationJson): Reading {
  const { id, artifactId } = observation;
  const time = (text: string) => Date.parse(text);
  return {
    id,
    artifactId,
    requestedAt: time(observation.requestedAt),
    receivedAt: time(observation.receivedAt),
    recordedAt: time(observation.recordedAt),
  };
}
