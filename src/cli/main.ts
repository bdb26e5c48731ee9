/** The command line: parses it, runs one command, and turns what comes of it into an exit code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import '../quick-drizzle.ts';
import { addArtifactsDiff } from './commands/artifacts-diff.ts';
import { addArtifactsShow } from './commands/artifacts-show.ts';
import { addAt } from './commands/at.ts';
import { addBackup } from './commands/backup.ts';
import { addBlobId } from './commands/blob-id.ts';
import { addDemo } from './commands/demo.ts';
import { addDiff } from './commands/diff.ts';
import { addHoldAdd } from './commands/hold-add.ts';
import { addHoldLs } from './commands/hold-ls.ts';
import { addHoldRm } from './commands/hold-rm.ts';
import { addLabelAdd } from './commands/label-add.ts';
import { addLabelLs } from './commands/label-ls.ts';
import { addLabelRm } from './commands/label-rm.ts';
import { addLabelShow } from './commands/label-show.ts';
import { addObserve } from './commands/observe.ts';
import { addRulesTest } from './commands/rules-test.ts';
import { addServe } from './commands/serve.ts';
import { addTracesExport } from './commands/traces-export.ts';
import { addTracesImport } from './commands/traces-import.ts';
import { addTracesLs } from './commands/traces-ls.ts';
import { addTracesShow } from './commands/traces-show.ts';
import { addTracesTail } from './commands/traces-tail.ts';
import { addUnmapped } from './commands/unmapped.ts';
import { addVerify } from './commands/verify.ts';
import { EXIT, type Exit } from './exit.ts';
import { complain, stopQuietlyWhenUnread } from './screen.ts';

const EXIT_CODES = `
Exit codes: 0 fine, 1 the answer is "no" or "changed", 2 error, 3 not enough data.
The service that commands ask: --url or UNDERLABEL_URL; its key: UNDERLABEL_KEY.`;

/** @param argv as the process got it, with the program's own two words first */
export async function main(argv: readonly string[]): Promise<void> {
  stopQuietlyWhenUnread();
  try {
    await program().parseAsync(argv);
  } catch (error) {
    process.exitCode = exitOf(error);
  }
}

function program(): Command {
  const root = new Command('underlabel')
    .description('Which artifact was under the label when this inference ran?')
    .version(version())
    .addHelpText('after', EXIT_CODES)
    // Else `label add --version 1.02` would print the version of this program.
    .enablePositionalOptions()
    .exitOverride();
  addServe(root);
  addDemo(root);
  const label = root.command('label').description('labels: what is watched, and how');
  for (const add of [addLabelAdd, addLabelLs, addLabelShow, addLabelRm]) add(label);
  addObserve(root);
  addAt(root);
  const traces = root.command('traces').description('traces: one inference each');
  for (const add of [addTracesImport, addTracesLs, addTracesShow]) add(traces);
  for (const add of [addTracesTail, addTracesExport]) add(traces);
  addUnmapped(root);
  addRulesTest(root.command('rules').description('rules: which label the traces of a span get'));
  const hold = root.command('hold').description('holds: traces that retention leaves alone');
  for (const add of [addHoldAdd, addHoldLs, addHoldRm]) add(hold);
  addDiff(root);
  const artifacts = root
    .command('artifacts')
    .description('artifacts: what they hold, and how they differ');
  for (const add of [addArtifactsShow, addArtifactsDiff]) add(artifacts);
  addBlobId(root);
  addVerify(root);
  addBackup(root);
  return root;
}

function version(): string {
  const file = join(import.meta.dirname, '../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Commander has already said what was wrong with the command line. */
function exitOf(error: unknown): Exit {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.error;
  complain(textOf(error));
  return EXIT.error;
}

/** An error with a code was foreseen and says all there is to say; any other is a fault of this program. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? error.message : (error.stack ?? error.message);
}
