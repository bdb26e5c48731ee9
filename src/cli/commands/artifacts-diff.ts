/** `underlabel artifacts diff`: what changed inside, from one artifact to another. */
import type { Command } from 'commander';
import type { ArtifactDiff } from '../../contract/artifact-diff.ts';
import { artifactDiffPage } from '../artifact-diff-page.ts';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { artifactPath } from '../client.ts';
import { EXIT, type Exit } from '../exit.ts';
import { print } from '../screen.ts';

const HELP = `
Weights are never compared: of tensors it tells names, shapes and types.
Exit codes: 0 the same blobs under the same paths, 1 they differ, 2 error.

Example:
  underlabel artifacts diff sha256:3f9c20aa… sha256:4cd2d77c…`;

export function addArtifactsDiff(parent: Command): void {
  const command = parent
    .command('diff <before> <after>')
    .description('which files differ between two artifacts, and what differs inside them')
    .addHelpText('after', HELP);
  asking(command).action(ending(diff));
}

async function diff(before: string, after: string, options: Asking): Promise<Exit> {
  artifactPath(after);
  const path = `${artifactPath(before)}/compare/${encodeURIComponent(after)}`;
  const { body, text } = await serviceOf(options).get<ArtifactDiff>(path);
  if (options.json) printJson(text);
  else for (const line of artifactDiffPage(body)) print(line);
  return body.identical ? EXIT.fine : EXIT.no;
}
