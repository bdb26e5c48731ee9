/** `underlabel traces ls`: traces, newest first, each with its tag. */
import { type Command, Option } from 'commander';
import { type Asking, asking, ending, printJson, serviceOf, wholeNumber } from '../asking.ts';
import { EXIT, type Exit } from '../exit.ts';
import { listed } from '../listing.ts';
import { print, remark } from '../screen.ts';
import { TAIL_FIELDS, type Tailed } from '../tail-line.ts';
import { terminalWidth } from '../terminal-width.ts';
import {
  type TraceFilters,
  type TracePeriod,
  withTraceFilters,
  withTracePeriod,
} from '../trace-filters.ts';
import { traceTable } from '../trace-table.ts';

interface Options extends Asking, TraceFilters, TracePeriod {
  limit: number;
}

const HELP = `
In a terminal it fits its columns, and ids are cut where there is no room; 'traces show' takes them
as they are shown. In a pipe, and with --json, they are whole.

Examples:
  underlabel traces ls --label 'og/*' --certainty ambiguous
  underlabel traces ls --unmapped
  underlabel traces ls --from 2026-11-17T00:00:00Z --to 2026-11-18T00:00:00Z --limit 5000 --json`;

export function addTracesLs(parent: Command): void {
  const command = parent
    .command('ls')
    .alias('list')
    .description('traces, newest first, with what produced them and how certain that is');
  withTracePeriod(withTraceFilters(command))
    .addOption(
      new Option('--limit <n>', 'at most so many').default(100).argParser(wholeNumber(1, 100_000)),
    )
    .addHelpText('after', HELP);
  asking(command).action(ending(ls));
}

async function ls({ url, json, limit, ...filters }: Options): Promise<Exit> {
  const service = serviceOf({ url });
  const query = json ? filters : { ...filters, fields: TAIL_FIELDS.join(',') };
  const found = await listed<Tailed>(service, 'traces', query, limit);
  if (json) printJson(found.json());
  else show(found.items);
  if (!json && found.more) remark(`there are more; this is the newest ${limit} (--limit)`);
  return EXIT.fine;
}

function show(traces: readonly Tailed[]): void {
  if (traces.length === 0) {
    remark('no traces like that');
    return;
  }
  const { lines, isCut } = traceTable(traces, terminalWidth());
  for (const line of lines) print(line);
  if (isCut) remark("ids are cut; 'underlabel traces show' takes them so");
}
