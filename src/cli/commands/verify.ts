/** `underlabel verify`: has the bytes of blobs fetched, and their Blob IDs computed, by the service. */
import type { Command } from 'commander';
import type { AttemptJson, BlobFactsJson, VerificationRunJson } from '../../contract/blob.ts';
import type { LabelJson } from '../../contract/label.ts';
import { isBlobId } from '../../walrus/blob-id.ts';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { artifactPath, labelPath, type Service } from '../client.ts';
import { CommandError, EXIT, type Exit } from '../exit.ts';
import { shown } from '../plain.ts';
import { print, progress, progressDone } from '../screen.ts';
import { runLines, worstOfRun } from '../verification-page.ts';

/** Shorter than clients and proxies wait for an answer. */
const WAIT = '4m';

const HELP = `
Takes about a second for a small blob, and a minute for 1 GB, once its bytes are
there. What comes of it is kept: see "artifacts show", and
GET /api/v1/blobs/{id}/verifications.
Exit codes: 0 all verified, 1 an aggregator serves other bytes, 2 error, 3 some
could not be checked.

Examples:
  underlabel verify og/eth-volatility
  underlabel verify sha256:3f9c20aa…
  underlabel verify 3GPQL3HZNnFhN_F7l5Aa-X1VOtAKwIsg9zuWk8R81v4`;

export function addVerify(parent: Command): void {
  const command = parent
    .command('verify <label|artifact|blob>')
    .description('fetch the bytes of a label, an artifact or a blob, and recompute the Blob ID')
    .addHelpText('after', HELP);
  asking(command).action(ending(verify));
}

async function verify(name: string, options: Asking): Promise<Exit> {
  const service = serviceOf(options);
  const blobs = await blobsOf(service, name);
  const runs: VerificationRunJson[] = [];
  for (const [index, [blobId, paths]] of [...blobs].entries()) {
    progress(`verifying ${index + 1} of ${blobs.size}: ${blobId} …`);
    const run = await verified(service, blobId);
    progressDone();
    runs.push(run);
    if (!options.json) for (const line of runLines(run, paths)) print(line);
  }
  if (options.json) printJson(JSON.stringify(runs));
  const outcomes = runs.map(worstOfRun);
  if (outcomes.includes('mismatch')) return EXIT.no;
  return outcomes.every((outcome) => outcome === 'verified') ? EXIT.fine : EXIT.notEnoughData;
}

/** Each blob once, with the paths it has. */
type Blobs = Map<string, string[]>;

async function blobsOf(service: Service, name: string): Promise<Blobs> {
  if (isBlobId(name)) return new Map([[name, []]]);
  if (name.startsWith('sha256:')) return blobsOfArtifact(service, name);
  if (isAlmostBlobId(name)) throw notCanonical(name);
  const { body } = await service.get<LabelJson>(labelPath(name));
  const artifactId = body.current?.artifactId ?? null;
  if (artifactId !== null) return blobsOfArtifact(service, artifactId);
  const text = `nothing can be verified, as nothing is known to be under ${shown(name)}: ${whyNothing(body)}`;
  throw new CommandError('usage', text);
}

function whyNothing({ name, current, source, watch }: LabelJson): string {
  if (current !== null) return 'its source answers that nothing is there.';
  if (source.kind === 'push') return 'no reading was pushed to it yet.';
  if (watch.consecutiveFailures === 0) return 'it was not read yet.';
  return `no reading of it succeeded. 'underlabel label show ${shown(name)}' says why.`;
}

async function blobsOfArtifact(service: Service, artifactId: string): Promise<Blobs> {
  const path = artifactPath(artifactId);
  const { body } = await service.get<{ files: { path: string; blobId: string }[] }>(path);
  const blobs: Blobs = new Map();
  for (const { path, blobId } of body.files)
    blobs.set(blobId, [...(blobs.get(blobId) ?? []), path]);
  return blobs;
}

/** As other tools write it: base64 with its own letters, or with padding. No label has `=` or `+`. */
function isAlmostBlobId(name: string): boolean {
  return /^[\w+/-]{43}=?$/.test(name) && /[=+]/.test(name);
}

function notCanonical(name: string): CommandError {
  const id = Buffer.from(name, 'base64').toString('base64url');
  const means = isBlobId(id) ? `; written so, it is ${id}` : '';
  const text = `${shown(JSON.stringify(name))} is no Blob ID: that is 43 characters of base64url (A-Z a-z 0-9 - _), no padding${means}.`;
  return new CommandError('usage', text);
}

/** Waits as long as it takes: where the service stops waiting, it goes on all the same. */
async function verified(service: Service, blobId: string): Promise<VerificationRunJson> {
  const path = `blobs/${encodeURIComponent(blobId)}/verifications`;
  const newest = async () => {
    const { body } = await service.get<{ items: AttemptJson[] }>(path, { limit: 1 });
    return Number(body.items[0]?.id ?? 0);
  };
  const before = await newest();
  for (;;) {
    const { body } = await service.send<VerificationRunJson>('POST', `${path}?wait=${WAIT}`);
    if (body.state === 'done') return body;
    // It may have ended between two questions; asked again, it would begin anew.
    const after = await newest();
    if (after > before) return runSince(service, path, before, body);
  }
}

async function runSince(
  service: Service,
  path: string,
  before: number,
  running: VerificationRunJson,
): Promise<VerificationRunJson> {
  const { body } = await service.get<{ items: AttemptJson[] }>(path, { limit: 100 });
  const attempts = body.items.filter(({ id }) => Number(id) > before).reverse();
  const outcomes = attempts.map(({ outcome }) => outcome);
  const worst = (['mismatch', 'verified'] as const).find((each) => outcomes.includes(each));
  // How it stood while it was under way is over.
  const { body: facts } = await service.get<BlobFactsJson>(`blobs/${running.blobId}`);
  const { verification, chain } = facts;
  return {
    ...{ ...running, verification, chain, state: 'done' },
    ...{ outcome: worst ?? 'unavailable', attempts },
  };
}
