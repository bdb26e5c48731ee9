/**
 * The story that `underlabel demo` tells: a label moves without a word; which traces came from what,
 * and how certain is that? Everything goes over the service's HTTP API, as anyone's client would.
 */
import { type Release, weightsFile } from './model.ts';
import type { Network } from './network.ts';
import { apiOf, expectFact } from './story/api.ts';
import { bytesScene, insideScene } from './story/bytes.ts';
import { comparisonScene } from './story/comparison.ts';
import { labelScene, quietScene, thursdayScene, tuesdayScene } from './story/days.ts';
import { moveScene } from './story/move.ts';
import type { Page } from './story/page.ts';
import { changesSoFar, type Stage } from './story/stage.ts';

export interface StoryOptions {
  serviceUrl: string;
  /** Of the role admin; left out where the service has no keys. */
  key?: string;
  network: Network;
  page: Page;
  /** False: the hub never moves, and the story must find that nothing changed. */
  move: boolean;
  signal: AbortSignal;
}

/**
 * Tells the story once, in about 15 seconds.
 * @returns true where the label changed under the traffic
 * @throws MissingFact where the service does not answer what the story expects
 */
export async function tellStory(options: StoryOptions): Promise<boolean> {
  const { network, page, move, signal } = options;
  const stage: Stage = {
    api: apiOf(options.serviceUrl, signal, options.key ?? null),
    network,
    page,
    signal,
    blobs: new Map(),
    artifacts: new Map(),
  };
  page.say('Computing the Blob ID of a first release (a second or more) …');
  await store(stage, '1.02');
  await labelScene(stage);
  await bytesScene(stage, '1.02');
  const tuesday = await tuesdayScene(stage);
  if (move) await store(stage, '1.03');
  await (move ? moveScene(stage) : quietScene(stage));
  const release = move ? '1.03' : '1.02';
  const thursday = await thursdayScene(stage, release);
  if (move) await insideScene(stage, '1.02', '1.03');
  await comparisonScene(stage, tuesday, thursday, { before: '1.02', after: release });
  return conclusion(stage, move);
}

/** Puts a release on Walrus, for five epochs. */
async function store({ network, signal, blobs }: Stage, release: Release): Promise<void> {
  const { aggregator, sui } = network;
  const bytes = weightsFile(release);
  const blobId = await aggregator.store(bytes, { signal });
  sui.register({ blobId, size: bytes.length, endEpoch: sui.epochs.epoch + 5 });
  blobs.set(release, blobId);
}

async function conclusion(stage: Stage, move: boolean): Promise<boolean> {
  const { page } = stage;
  const changes = await changesSoFar(stage);
  const kinds = changes.map(({ kind }) => kind);
  const expected = move ? ['first_seen', 'moved'] : ['first_seen'];
  expectFact(`the changes are ${expected.join(', ')}`, kinds.join() === expected.join(), kinds);
  page.heading('What is known');
  if (move) {
    page.say(
      'The label read the same on both days; what was under it was not the same. The report compares traffic between these artifacts. Why a decision differs is not in it.',
    );
  } else {
    page.say('Nothing changed: one artifact was under the label at every reading of both days.');
  }
  return move;
}
