/** The day on which the hub moves without a word, and what readings and traces make of it. */

import type { ChangeJson } from '../../contract/observation.ts';
import { CASES } from '../cases.ts';
import { expectFact } from './api.ts';
import {
  artifactName,
  changesSoFar,
  clock,
  publish,
  readingSince,
  type Stage,
  timeUntilReading,
} from './stage.ts';
import { expectTag, tagText } from './tag.ts';
import { infer, report, reportDeclared, traceOf } from './traffic.ts';

const UNNAMED = [5, 9, 13];
const DECLARING = 21;

export async function moveScene(stage: Stage): Promise<void> {
  const { page } = stage;
  page.heading('Wednesday: the hub moves');
  page.say(
    'The hub puts 1.03 under the same name and tells nobody. The gateway follows it at once. Three transfers pass before the next reading:',
  );
  const scheduled = await timeUntilReading(stage);
  publish(stage, '1.03');
  const unnamed = await tracesThatNameNothing(stage);
  page.say(
    'Those tags name 1.02 while the gateway already runs 1.03: the readings can know no better yet, so they say provisional. A fourth trace names the blob that ran:',
  );
  const declared = await traceThatNamesItsBlob(stage, scheduled);
  page.say('So the label changed. Nobody saw the moment; it lies inside this window:');
  const change = await theChange(stage);
  page.say('The three traces that named no blob, read again:');
  await ambiguousForGood(stage, unnamed, change);
  page.say('No later reading can part the two. They stay ambiguous, and are never rounded off.');
  page.say('And the fourth trace:');
  await conflictCleared(stage, declared);
}

async function tracesThatNameNothing(stage: Stage): Promise<string[]> {
  const inputs = UNNAMED.map((index) => CASES[index]!);
  const ids = await report(stage, await infer(stage, inputs));
  for (const id of ids) {
    const trace = await traceOf(stage, id);
    expectTag(stage, trace, { certainty: 'provisional', release: '1.02' });
    stage.page.fact(clock(trace.startedAt), tagText(stage, trace));
  }
  return ids;
}

/** It conflicts with all that was read so far, and brings on a reading. */
async function traceThatNamesItsBlob(stage: Stage, scheduled: string): Promise<string> {
  const { page, blobs } = stage;
  const [inference] = await infer(stage, [CASES[DECLARING]!]);
  const id = await reportDeclared(stage, inference!);
  // As it was recorded: the reading that it brings on may be there already, and clear the conflict.
  const { recordedAt } = await traceOf(stage, id);
  const trace = await traceOf(stage, id, recordedAt);
  const { certainty, conflict, artifactId, declaredBlobId } = trace.attribution;
  const ahead = certainty === 'declared' && conflict && artifactId === null;
  expectFact('a trace that names a blob no reading has seen is in conflict', ahead, trace);
  page.fact(clock(trace.startedAt), `${certainty}: ${artifactName(stage, artifactId)}`);
  page.fact('blob', String(declaredBlobId));
  page.fact('conflict', 'yes: no reading so far has seen this blob');
  page.say('The trace knew before the readings did, so the label is read at once:');
  const reading = await readingSince(stage, inference!.endedAt);
  const early = reading.requestedAt < scheduled && reading.blobIds.includes(blobs.get('1.03')!);
  expectFact(`a reading sees 1.03 before the scheduled one of ${scheduled}`, early, reading);
  page.fact('read at', `${clock(reading.requestedAt)} (scheduled: ${clock(scheduled)})`);
  page.fact('artifact', artifactName(stage, reading.artifactId));
  return id;
}

async function theChange(stage: Stage): Promise<ChangeJson> {
  const { artifacts, page } = stage;
  const change = (await changesSoFar(stage)).at(-1);
  expectFact('the newest change has a window with two ends', !!change && !!change.after, change);
  const { kind, from, to, after, before } = change;
  const moved = kind === 'moved' && from === artifacts.get('1.02') && to === artifacts.get('1.03');
  expectFact('the label moved from 1.02 to 1.03', moved, change);
  const seconds = (Date.parse(before) - Date.parse(after)) / 1000;
  page.fact(kind, artifactName(stage, from), `→ ${artifactName(stage, to)}`);
  page.fact('window', `${clock(after)} to ${clock(before)} (${seconds} s)`);
  return change;
}

async function ambiguousForGood(
  stage: Stage,
  ids: readonly string[],
  change: ChangeJson,
): Promise<void> {
  for (const id of ids) {
    const trace = await traceOf(stage, id);
    const { certainty, candidates, window } = trace.attribution;
    const both =
      candidates.length === 2 && candidates[0] === change.from && candidates[1] === change.to;
    const inside = window?.after === change.after && window?.before === change.before;
    const holds = certainty === 'ambiguous' && both && inside;
    expectFact('a trace inside the window is ambiguous between the two', holds, trace.attribution);
    stage.page.fact(clock(trace.startedAt), tagText(stage, trace));
  }
}

async function conflictCleared(stage: Stage, id: string): Promise<void> {
  const trace = await traceOf(stage, id);
  expectTag(stage, trace, { certainty: 'declared', release: '1.03' });
  stage.page.fact(clock(trace.startedAt), tagText(stage, trace));
  stage.page.fact('conflict', 'no longer: a reading has seen its blob since');
  const then = await traceOf(stage, id, trace.recordedAt);
  expectFact('the conflict still stands as of its recording', then.attribution.conflict, then);
  stage.page.say(`Asked as of ${clock(trace.recordedAt)}, it still answers with the conflict.`);
}
