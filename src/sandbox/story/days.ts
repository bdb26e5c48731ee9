/** The days on which nothing moves: a label, and traffic under one artifact. */
import type { LabelJson } from '../../contract/label.ts';
import type { TraceJson } from '../../contract/trace.ts';
import { CASES, describeTransfer } from '../cases.ts';
import { MODEL, type Release } from '../model.ts';
import { expectFact } from './api.ts';
import {
  artifactName,
  clock,
  firstReading,
  LABEL,
  LABEL_PATH,
  now,
  publish,
  readingSince,
  type Stage,
  timeUntilReading,
} from './stage.ts';
import { expectTag, tagText } from './tag.ts';
import { type Day, type Inference, infer, report, reportDeclared, traceOf } from './traffic.ts';

const EVERY = '3s';
const FOLLOWED = 5; // the transfer whose trace is looked at twice
const QUIET = [5, 9, 13];

/** The hub holds 1.02, and a label follows it. */
export async function labelScene(stage: Stage): Promise<void> {
  const { api, network, page } = stage;
  page.heading('A label');
  page.say(
    `The hub holds ${MODEL} 1.02. The label ${LABEL} follows the latest release of it; the service reads the hub every ${EVERY}.`,
  );
  publish(stage, '1.02');
  const { author, url } = network.hub;
  await api.send<LabelJson>('PUT', LABEL_PATH, {
    source: { kind: 'model-hub', model: MODEL, author, baseUrl: url },
    every: EVERY,
    clockSkew: '0s',
    servingLag: '0s',
  });
  const first = await firstReading(stage);
  const seen = first.blobIds.includes(stage.blobs.get('1.02')!);
  expectFact('the first reading sees the blob of 1.02', seen, first);
  page.fact('read at', clock(first.requestedAt));
  page.fact('artifact', artifactName(stage, first.artifactId));
  page.fact('blob', ...first.blobIds);
}

/** Traffic under 1.02, and what the next reading does to a tag. */
export async function tuesdayScene(stage: Stage): Promise<Day> {
  const { page } = stage;
  page.heading('Tuesday');
  page.say(`${CASES.length} transfers pass the gateway, each of them a trace. One of them:`);
  page.fact('transfer', describeTransfer(CASES[FOLLOWED]!));
  await timeUntilReading(stage);
  const from = now();
  const half = CASES.length / 2;
  const morning = await infer(stage, CASES.slice(0, half));
  const ids = await report(stage, morning);
  const early = await traceOf(stage, ids[FOLLOWED]!);
  expectTag(stage, early, { certainty: 'provisional', release: '1.02' });
  page.fact('at first', tagText(stage, early));

  const confirming = await readingSince(stage, morning.at(-1)!.endedAt);
  const later = await traceOf(stage, ids[FOLLOWED]!);
  expectTag(stage, later, { certainty: 'bracketed', release: '1.02' });
  page.fact(clock(confirming.receivedAt), tagText(stage, later));
  page.say('Provisional: the reading before it saw 1.02. Bracketed: so did the one after it.');

  const afternoon = await infer(stage, CASES.slice(half));
  await report(stage, afternoon);
  return endOfDay(stage, from, [...morning, ...afternoon], '1.02');
}

/** What Wednesday is where the hub stays as it is. */
export async function quietScene(stage: Stage): Promise<void> {
  const { page } = stage;
  page.heading('Wednesday: nothing moves');
  page.say('The hub stays as it is. Four transfers pass; the last trace names the blob that ran.');
  const inferences = await infer(
    stage,
    [...QUIET, 21].map((index) => CASES[index]!),
  );
  const ids = await report(stage, inferences.slice(0, -1));
  const declaring = await reportDeclared(stage, inferences.at(-1)!);
  await readingSince(stage, inferences.at(-1)!.endedAt);
  for (const id of [...ids, declaring]) {
    const trace = await traceOf(stage, id);
    const certainty = id === declaring ? 'declared' : 'bracketed';
    expectTag(stage, trace, { certainty, release: '1.02' });
    page.fact(clock(trace.startedAt), tagText(stage, trace));
  }
}

/** The same transfers again, under whatever is there now. */
export async function thursdayScene(stage: Stage, release: Release): Promise<Day> {
  stage.page.heading('Thursday');
  stage.page.say(`The same ${CASES.length} transfers pass the gateway again.`);
  const from = now();
  const inferences = await infer(stage, CASES);
  await report(stage, inferences);
  return endOfDay(stage, from, inferences, release);
}

/** Waits for the reading that confirms the day's last trace; then every tag of the day is settled. */
async function endOfDay(
  stage: Stage,
  from: string,
  inferences: Inference[],
  release: Release,
): Promise<Day> {
  await readingSince(stage, inferences.at(-1)!.endedAt);
  const to = now();
  const query = { label: LABEL, certainty: 'bracketed', from, to, limit: '1000' };
  const { items } = await stage.api.get<{ items: TraceJson[] }>('/traces', query);
  const artifactId = stage.artifacts.get(release);
  const held = items.filter(({ attribution }) => attribution.artifactId === artifactId).length;
  const all = CASES.length;
  expectFact(`all ${all} traces of the day are bracketed, from ${release}`, held === all, {
    bracketed: items.length,
    [release]: held,
  });
  stage.page.fact('the day', `${held} of ${all} traces bracketed: ${release}`);
  return { from, to, inferences };
}
