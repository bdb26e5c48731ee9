/** Each event told once it is recorded: to the receiver, through the stream, of each change one, in order. */
import { isDeepStrictEqual } from 'node:util';
import type { DeliveryJson } from '../../../src/contract/channel.ts';
import type { CloudEventJson } from '../../../src/contract/event.ts';
import type { ChangeJson } from '../../../src/contract/observation.ts';
import { type Asking, all } from '../asking.ts';
import type { Received, Receiver } from '../receiver.ts';
import type { LabelTruth } from '../truth.ts';

/** @param changes of all labels @returns how many deliveries there are, and how many needed more than one attempt */
export async function reckonEvents(
  asking: Asking,
  receiver: Receiver,
  streamed: readonly CloudEventJson[],
  changes: readonly ChangeJson[],
  labels: readonly LabelTruth[],
): Promise<{ deliveries: number; retried: number }> {
  const { findings } = asking;
  const deliveries: DeliveryJson[] = [];
  for await (const delivery of all<DeliveryJson>(asking, 'deliveries'))
    deliveries.unshift(delivery);
  for (const { id, status, event } of deliveries) {
    if (status !== 'delivered') findings.note(`the delivery ${id} of ${event.id} is ${status}`);
  }
  const recorded = deliveries.map(({ event }) => event.id);
  compare(asking, 'received', [...receiver.received.keys()].sort(), recorded.toSorted());
  compare(
    asking,
    'streamed',
    streamed.map(({ id }) => id),
    recorded,
  );
  for (const event of streamed) {
    const told = receiver.received.get(event.id)?.event;
    if (told && !isDeepStrictEqual(told, event)) {
      findings.note(`the event ${event.id} was streamed otherwise than it was delivered`);
    }
  }
  const events = recorded.flatMap((id) => receiver.received.get(id)?.event ?? []);
  compareWithChanges(asking, events, changes);
  for (const label of labels) {
    const ofLabel = events.filter(({ subject }) => subject === label.name);
    checkOrder(asking, label, ofLabel, receiver.received);
    checkTransitions(asking, label, ofLabel);
  }
  const retried = deliveries.filter(({ attempts }) => attempts > 1).length;
  return { deliveries: deliveries.length, retried };
}

function compare({ findings }: Asking, how: string, found: string[], recorded: string[]): void {
  if (isDeepStrictEqual(found, recorded)) return;
  const [foundSet, recordedSet] = [new Set(found), new Set(recorded)];
  const missing = recorded.filter((id) => !foundSet.has(id));
  const tooMany = found.filter((id) => !recordedSet.has(id));
  findings.note(
    `of ${recorded.length} events ${found.length} were ${how} (${foundSet.size} ids), not the same or not in order; missing: ${missing.slice(0, 9)}; never recorded: ${tooMany.slice(0, 9)}`,
  );
}

function compareWithChanges(
  { findings }: Asking,
  events: readonly CloudEventJson[],
  changes: readonly ChangeJson[],
): void {
  const left = new Map(changes.map((change) => [change.id, change]));
  for (const { id, type, subject, time, data } of events) {
    if (/^underlabel\.label\.(un)?readable$/.test(type)) continue;
    if (!type.startsWith('underlabel.change.')) {
      findings.note(`the event ${id} (${type}) tells of what did not happen`);
      continue;
    }
    const {
      fromBlobIds: _,
      toBlobIds: __,
      compare: ___,
      ...told
    } = data as Record<string, unknown>;
    const change = left.get(String(told.id));
    left.delete(String(told.id));
    if (!change) {
      findings.note(`the event ${id} tells of the change ${told.id}, which is none or was told`);
      continue;
    }
    const { retiredAt: ____, ...stored } = change;
    const isSame =
      isDeepStrictEqual(told, stored) &&
      type === `underlabel.change.${change.kind}` &&
      subject === change.label &&
      time === change.detectedAt;
    if (!isSame)
      findings.note(`the event ${id} tells ${JSON.stringify(told)} of ${JSON.stringify(stored)}`);
  }
  for (const id of left.keys()) findings.note(`no event tells of the change ${id}`);
}

/** Of one label, an event is not tried before the one before it was taken. */
function checkOrder(
  { findings }: Asking,
  { name }: LabelTruth,
  events: readonly CloudEventJson[],
  received: ReadonlyMap<string, Received>,
): void {
  for (const [i, event] of events.entries()) {
    const before = events[i - 1];
    if (!before) continue;
    const isAfter = received.get(event.id)!.firstAttempt > received.get(before.id)!.takenAttempt;
    if (!isAfter) findings.note(`${name}: ${event.id} was tried before ${before.id} was taken`);
  }
}

/** Unreadable and readable take turns, one pair for each time that the hub failed. */
function checkTransitions(
  { findings }: Asking,
  { name, faults }: LabelTruth,
  events: readonly CloudEventJson[],
): void {
  const turns = events.flatMap(({ type }) => {
    const [, transition] = /^underlabel\.label\.(\w+)$/.exec(type) ?? [];
    return transition ?? [];
  });
  const expected = faults.flatMap(() => ['unreadable', 'readable']);
  if (isDeepStrictEqual(turns, expected)) return;
  findings.note(`${name} failed ${faults.length} times, and what was told of it is: ${turns}`);
}
