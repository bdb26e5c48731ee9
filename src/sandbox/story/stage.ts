/** What every scene of the story stands on, and how it reads and names things. */
import type { LabelJson } from '../../contract/label.ts';
import type { ChangeJson, ObservationJson } from '../../contract/observation.ts';
import type { ArtifactId, BlobId } from '../../lineage/manifest.ts';
import { MODEL, type Release, WEIGHTS_FILE, weightsFile } from '../model.ts';
import type { Network } from '../network.ts';
import type { Api } from './api.ts';
import type { Page } from './page.ts';

export const LABEL = 'og/risk-gate';
export const LABEL_PATH = `/labels/${encodeURIComponent(LABEL)}`;

/** Of the 3 s between readings; such a scene takes a tenth of a second where the machine has time. */
const SCENE_MS = 2000;

export interface Stage {
  api: Api;
  network: Network;
  page: Page;
  signal: AbortSignal;
  /** Of the releases that are on Walrus so far. */
  blobs: Map<Release, BlobId>;
  /** The artifacts that readings have shown so far, by the release that holds their blob. */
  artifacts: Map<Release, ArtifactId>;
}

export const now = () => new Date().toISOString();

/** The time of day: the story never lasts longer. */
export const clock = (time: string) => time.slice(11, 23);

/** The date of an instant. */
export const day = (time: string) => time.slice(0, 10);

/** Puts a release on the hub. */
export function publish({ network, blobs }: Stage, release: Release): void {
  const size = weightsFile(release).length;
  network.hub.publish(MODEL, release, [{ path: WEIGHTS_FILE, blobId: blobs.get(release)!, size }]);
}

/** Waits for a reading that was asked at `time` or later and saw an artifact. */
export function readingSince(stage: Stage, time: string): Promise<ObservationJson> {
  const wanted = `a reading of ${LABEL}, asked at ${time} or later`;
  return awaitReading(stage, wanted, (newest) => newest.requestedAt >= time);
}

export function firstReading(stage: Stage): Promise<ObservationJson> {
  return awaitReading(stage, `a first reading of ${LABEL}`, () => true);
}

async function awaitReading(
  stage: Stage,
  wanted: string,
  suits: (newest: ObservationJson) => boolean,
): Promise<ObservationJson> {
  const reading = await stage.api.until(wanted, async () => {
    const newest = await newestReading(stage);
    return newest && suits(newest) ? newest : null;
  });
  for (const [release, blobId] of stage.blobs) {
    if (reading.blobIds.includes(blobId)) stage.artifacts.set(release, reading.artifactId!);
  }
  return reading;
}

async function newestReading({ api }: Stage): Promise<ObservationJson | undefined> {
  const path = `${LABEL_PATH}/observations`;
  const { items } = await api.get<{ items: ObservationJson[] }>(path, { limit: '5' });
  return items.find(({ outcome }) => outcome === 'artifact');
}

/**
 * Waits until the schedule leaves time for a scene that no reading may come into.
 * @returns when the schedule asks next
 */
export function timeUntilReading({ api }: Stage): Promise<string> {
  return api.until('the time of the next scheduled reading', async () => {
    const { watch } = await api.get<LabelJson>(LABEL_PATH);
    const enough = new Date(Date.now() + SCENE_MS).toISOString();
    return watch.nextAt !== null && watch.nextAt > enough ? watch.nextAt : null;
  });
}

/** Oldest first. */
export async function changesSoFar({ api }: Stage): Promise<ChangeJson[]> {
  const path = `${LABEL_PATH}/timeline`;
  return (await api.get<{ changes: ChangeJson[] }>(path)).changes;
}

/** `1.02 (sha256:3f9c20aa…)`, as far as the readings have shown which release that is. */
export function artifactName({ artifacts }: Stage, artifactId: ArtifactId | null): string {
  if (artifactId === null) return 'no artifact known';
  const short = `${artifactId.slice(0, 'sha256:'.length + 8)}…`;
  const release = [...artifacts].find(([, held]) => held === artifactId)?.[0];
  return release ? `${release} (${short})` : short;
}
