/** `underlabel traces import`: traces from a file of JSON lines. */
import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { CommandError, EXIT, type Exit } from '../exit.ts';
import { pathOf } from '../folder.ts';
import { linesOf } from '../ndjson.ts';
import { shown } from '../plain.ts';
import { print, progress, progressDone, remark } from '../screen.ts';
import { MAX_LINE_BYTES, type Rejection, TraceImport } from '../trace-import.ts';

const HELP = `
One trace a line, as POST /api/v1/traces takes it; the text is sent as it stands. A trace with an id
that is already there with the same content counts as a duplicate, so an import can be repeated.
With --json: {"accepted", "duplicates", "rejected"}, as numbers.
Exit codes: 0 all taken, 1 some rejected (named on stderr as FILE:LINE: path: message), 2 error.

Examples:
  underlabel traces import tuesday.ndjson
  zcat tuesday.ndjson.gz | underlabel traces import -`;

export function addTracesImport(parent: Command): void {
  const command = parent
    .command('import <file>')
    .description("take in traces from a file of JSON lines ('-': standard input)")
    .addHelpText('after', HELP);
  asking(command).action(ending(importTraces));
}

async function importTraces(file: string, options: Asking): Promise<Exit> {
  const name = file === '-' ? 'stdin' : file;
  const traces = new TraceImport(serviceOf(options), (rejection) => report(name, rejection));
  const { sums } = traces;
  const bytes: AsyncIterable<Uint8Array> =
    file === '-' ? process.stdin : createReadStream(pathOf(file));
  try {
    let taken = -1;
    await traces.run(linesOf(bytes, MAX_LINE_BYTES), () => {
      if (taken === sums.accepted + sums.duplicates) return;
      taken = sums.accepted + sums.duplicates;
      progress(`${taken} taken, ${sums.rejected} rejected`);
    });
  } catch (error) {
    throw stopped(name, traces, error);
  } finally {
    progressDone();
  }
  if (options.json) printJson(JSON.stringify(sums));
  else {
    print(
      `${sums.accepted} accepted, ${sums.duplicates} duplicates, ${sums.rejected} rejected (${shown(name)})`,
    );
  }
  return sums.rejected > 0 ? EXIT.no : EXIT.fine;
}

function report(name: string, { line, path, message }: Rejection): void {
  progressDone();
  remark(shown(`${name}:${line}: ${path ? `${path}: ` : ''}${message}`));
}

/** Says how far it came, so that nobody has to guess what is in. */
function stopped(name: string, { sums, answeredLine }: TraceImport, cause: unknown): CommandError {
  const { code, syscall, message } = cause as NodeJS.ErrnoException;
  const isFile = syscall !== undefined && !(cause instanceof CommandError);
  const why = isFile ? `it can't be read (${code})` : message;
  const taken = sums.accepted + sums.duplicates;
  const far =
    answeredLine === 0
      ? 'No line was answered for.'
      : `Lines up to ${answeredLine} were answered for (${taken} taken, ${sums.rejected} rejected); traces with ids can be imported again safely.`;
  return new CommandError('file', `${shown(name)}: the import stopped: ${why}\n${far}`, { cause });
}
