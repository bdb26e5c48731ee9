/** `underlabel traces export`: all traces that match, as JSON lines on stdout. */
import { once } from 'node:events';
import type { Command } from 'commander';
import { shownJson } from '../../words/shown-json.ts';
import { type Asking, asking, ending, serviceOf } from '../asking.ts';
import { CommandError, EXIT, type Exit } from '../exit.ts';
import { progress, progressDone } from '../screen.ts';
import {
  type TraceFilters,
  type TracePeriod,
  withTraceFilters,
  withTracePeriod,
} from '../trace-filters.ts';

interface Options extends Asking, TraceFilters, TracePeriod {
  fields?: string;
}

const TYPE = 'application/x-ndjson';
const LINE_FEED = 0x0a;

const HELP = `
One trace a line, newest first by startedAt, as the API writes it. Every line is whole. Where the
service breaks off, so does this, with exit code 2: then what was written is not all. Traces recorded
while it runs may be missing; none comes twice.

Examples:
  underlabel traces export > traces.ndjson
  underlabel traces export --label 'og/*' --from 2026-11-17T00:00:00Z \\
    --fields id,startedAt,decision,attribution.artifactId | gzip > tuesday.ndjson.gz`;

export function addTracesExport(parent: Command): void {
  const command = withTracePeriod(
    withTraceFilters(
      parent.command('export').description('all traces that match, as JSON lines on stdout'),
    ),
  )
    .option('--fields <names>', 'only these, separated by commas: id,label,attribution.certainty')
    .addHelpText('after', HELP);
  asking(command).action(ending(exported));
}

async function exported({ url, json: _, ...query }: Options): Promise<Exit> {
  const parts = await serviceOf({ url }).flow('traces/export', TYPE, { query: { ...query } });
  let traces = 0;
  let bytes = 0;
  try {
    for await (const lines of wholeLines(parts)) {
      traces += lineCount(lines);
      bytes += lines.length;
      if (!process.stdout.write(harmless(lines))) await once(process.stdout, 'drain');
      if (!process.stdout.isTTY) progress(`${traces} traces, ${bytes} bytes`);
    }
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    const text = `${cause.message}\nWhat was written (${traces} traces) is not all.`;
    throw new CommandError(cause.code, text, { cause });
  } finally {
    progressDone();
  }
  return EXIT.fine;
}

/** Holds back what is no line yet: one that breaks off is no trace. */
async function* wholeLines(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array[] = [];
  for await (const part of parts) {
    const end = part.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      yield Buffer.concat([...rest, part.subarray(0, end)]);
      rest = [];
    }
    if (end < part.length) rest.push(part.subarray(end));
  }
}

function lineCount(lines: Uint8Array): number {
  let count = 0;
  for (let at = lines.indexOf(LINE_FEED); at >= 0; at = lines.indexOf(LINE_FEED, at + 1)) count++;
  return count;
}

/** To the letter into a file or a pipe; a terminal would obey what it can't show. */
function harmless(lines: Uint8Array): Uint8Array | string {
  if (!process.stdout.isTTY) return lines;
  return Buffer.from(lines).toString('utf8').split('\n').map(shownJson).join('\n');
}
