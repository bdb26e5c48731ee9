/** `underlabel artifacts show`: an artifact's files, and how each of their blobs stands. */
import type { Command } from 'commander';
import type { BlobFactsJson, VerificationState } from '../../contract/blob.ts';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { EXIT, type Exit } from '../exit.ts';
import { shown } from '../plain.ts';
import { paint, print } from '../screen.ts';
import { details } from '../table.ts';
import { standingLines, stateText } from '../verification-page.ts';

interface Options extends Asking {
  asOf?: string;
}

interface ArtifactJson {
  artifactId: string;
  files: { path: string; blobId: string; size: number | null }[];
  labels: string[];
  verification: VerificationState;
  blobs: BlobFactsJson[];
}

export function addArtifactsShow(parent: Command): void {
  const command = parent
    .command('show <artifact>')
    .description('an artifact: its files, and whether their bytes are verified and certified')
    .option('--as-of <time>', 'count only what was recorded by then');
  asking(command).action(ending(show));
}

async function show(artifactId: string, options: Options): Promise<Exit> {
  const path = `artifacts/${encodeURIComponent(artifactId)}`;
  const query = { asOf: options.asOf };
  const { body, text } = await serviceOf(options).get<ArtifactJson>(path, query);
  if (options.json) printJson(text);
  else for (const line of page(body)) print(line);
  return EXIT.fine;
}

function page({ artifactId, files, labels, verification, blobs }: ArtifactJson): string[] {
  const pathsOf = (blobId: string) => files.filter((file) => file.blobId === blobId);
  return [
    paint('bold', shown(artifactId)),
    ...details([
      ['verification', `${stateText(verification)}, the worst of its blobs`],
      ['labels', labels.map(shown).join(', ') || 'none'],
    ]),
    ...blobs.flatMap((facts) => ['', ...standingLines(facts, pathsOf(facts.blobId).map(fileText))]),
  ];
}

function fileText({ path, size }: ArtifactJson['files'][number]): string {
  return size === null ? path : `${path} (${size} bytes, as its source says)`;
}
