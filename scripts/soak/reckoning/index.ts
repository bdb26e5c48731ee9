/** In the end: what the service says, against what is known to be so. What differs is noted. */
import { isDeepStrictEqual } from 'node:util';
import type { ChangeJson } from '../../../src/contract/observation.ts';
import { all } from '../asking.ts';
import type { World } from '../world.ts';
import { reckonEvents } from './events.ts';
import { type ReadingsFound, reckonReadings } from './readings.ts';
import { reckonTimeline } from './timeline.ts';
import { reckonTraces, type TracesFound } from './traces.ts';

export interface Found {
  readings: number;
  failed: number;
  changes: number;
  scripted: number;
  faults: number;
  /** ms, of the windows of changes. */
  widestWindowMs: number;
  traces: TracesFound;
  deliveries: number;
  retried: number;
}

export async function reckon(world: World): Promise<Found> {
  const { asking, reading, ingest, stream, parts } = world;
  const { labels, seed, receiver } = parts;
  const readings: ReadingsFound[] = [];
  const firstReceivedAt = new Map<string, number>();
  const changes: ChangeJson[] = [];
  for (const label of labels) {
    const found = await reckonReadings(asking, label, reading.acknowledged);
    readings.push(found);
    firstReceivedAt.set(label.name, found.said[0]?.receivedAt ?? Infinity);
    changes.push(...(await reckonTimeline(asking, label, found.said)));
  }
  await compareLists(world, changes);
  const traces = await reckonTraces(
    asking,
    { batches: ingest.batches, seed, labels },
    firstReceivedAt,
  );
  const events = await reckonEvents(asking, receiver, stream.events, changes, labels);
  return {
    readings: sum(readings.map(({ count }) => count)),
    failed: sum(readings.map(({ failed }) => failed)),
    changes: changes.length,
    scripted: sum(labels.map((label) => label.changes().length)),
    faults: sum(labels.map(({ faults }) => faults.length)),
    widestWindowMs: Math.max(...changes.map(widthOf)),
    traces,
    ...events,
  };
}

/** The list of all changes holds those of the timelines, each once. */
async function compareLists({ asking }: World, changes: readonly ChangeJson[]): Promise<void> {
  const listed: ChangeJson[] = [];
  for await (const change of all<ChangeJson>(asking, 'changes')) listed.push(change);
  const inOrder = (some: readonly ChangeJson[]) =>
    some.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  if (isDeepStrictEqual(inOrder(listed), inOrder(changes))) return;
  asking.findings.note(
    `the list of all changes holds ${listed.length}, and not just the ${changes.length} of the timelines`,
  );
}

/** What was there before the first reading says nothing of how long a change goes unseen. */
function widthOf({ after, before }: ChangeJson): number {
  return after === null ? 0 : Date.parse(before) - Date.parse(after);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
