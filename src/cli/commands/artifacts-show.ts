/** `underlabel artifacts show`: an artifact's files, and how each of their blobs stands. */
import type { Command } from 'commander';
import type { BlobFactsJson, VerificationState } from '../../contract/blob.ts';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { artifactPath } from '../client.ts';
import { EXIT, type Exit } from '../exit.ts';
import { shown } from '../plain.ts';
import { paint, print } from '../screen.ts';
import { wrappedDetails } from '../table.ts';
import { standingLines, stateText } from '../verification-page.ts';
import { clock } from '../words.ts';

interface Options extends Asking {
  asOf?: string;
}

/** As `GET /api/v1/artifacts/{id}` answers. */
export interface ArtifactJson {
  artifactId: string;
  files: { path: string; blobId: string; size: number | null }[];
  labels: string[];
  verification: VerificationState;
  blobs: BlobFactsJson[];
}

const HELP = `
VERIFIED, MISMATCH, UNAVAILABLE and UNCHECKED speak of the bytes. Whether an
aggregator serves them now ("retrievable") and what the chain says are facts of
their own. Exit codes: 0 shown, whatever they are, 2 error.

Example:
  underlabel artifacts show sha256:3f9c20aa… --as-of 2026-11-19T09:00:00Z`;

export function addArtifactsShow(parent: Command): void {
  const command = parent
    .command('show <artifact>')
    .description('an artifact: its files, and whether their bytes are verified and certified')
    .option('--as-of <time>', 'count only what was recorded by then')
    .addHelpText('after', HELP);
  asking(command).action(ending(show));
}

async function show(artifactId: string, options: Options): Promise<Exit> {
  const path = artifactPath(artifactId);
  const query = { asOf: options.asOf };
  const { body, text } = await serviceOf(options).get<ArtifactJson>(path, query);
  if (options.json) printJson(text);
  else for (const line of page(body, options.asOf)) print(line);
  return EXIT.fine;
}

function page(artifact: ArtifactJson, asOf: string | undefined): string[] {
  const { artifactId, files, labels, verification, blobs } = artifact;
  const worst = blobs.length > 1 ? `, the worst of ${blobs.length} blobs` : '';
  const pathsOf = (blobId: string) => files.filter((file) => file.blobId === blobId);
  return [
    paint('bold', shown(artifactId)),
    ...wrappedDetails([
      ...(asOf === undefined ? [] : [['as of', clock(asOf)] as const]),
      ['verification', `${stateText(verification)}${worst}`],
      ['labels', labels.map(shown).join(', ') || 'none'],
    ]),
    ...blobs.flatMap((facts) => ['', ...standingLines(facts, pathsOf(facts.blobId).map(fileText))]),
  ];
}

function fileText({ path, size }: ArtifactJson['files'][number]): string {
  return size === null ? path : `${path} (${size} bytes, as its source says)`;
}
