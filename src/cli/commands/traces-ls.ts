/** `underlabel traces ls`: traces, newest first, each with its tag. */
import { type Command, Option } from 'commander';
import type { TraceJson } from '../../contract/trace.ts';
import { type Asking, asking, ending, printJson, serviceOf, wholeNumber } from '../asking.ts';
import { EXIT, type Exit } from '../exit.ts';
import { listed } from '../listing.ts';
import { shown } from '../plain.ts';
import { print, remark } from '../screen.ts';
import { type Cell, table } from '../table.ts';
import {
  type TraceFilters,
  type TracePeriod,
  withTraceFilters,
  withTracePeriod,
} from '../trace-filters.ts';
import { labelText } from '../trace-words.ts';
import { cut } from '../width.ts';
import { clock, shortArtifact } from '../words.ts';

interface Options extends Asking, TraceFilters, TracePeriod {
  limit: number;
}

const DECISION_WIDTH = 24;

const HELP = `
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
  const found = await listed<TraceJson>(service, 'traces', filters, limit);
  if (json) printJson(found.json());
  else if (found.items.length === 0) remark('no traces like that');
  else for (const line of lines(found.items)) print(line);
  if (!json && found.more) remark(`there are more; this is the newest ${limit} (--limit)`);
  return EXIT.fine;
}

function lines(traces: readonly TraceJson[]): string[] {
  const headings = ['STARTED', 'LABEL', 'ARTIFACT', 'CERTAINTY', 'DECISION', 'TRACE'];
  const rows = traces.map((trace) => [
    clock(trace.startedAt),
    label(trace),
    artifactText(trace.attribution),
    certaintyCell(trace.attribution),
    trace.decision === null ? '-' : cut(shown(trace.decision), DECISION_WIDTH),
    shown(trace.id),
  ]);
  return table(headings, rows);
}

function label(trace: TraceJson): Cell {
  return trace.label === null ? { text: labelText(trace), style: 'yellow' } : labelText(trace);
}

function artifactText({
  artifactId,
  candidates,
  declaredBlobId,
}: TraceJson['attribution']): string {
  if (artifactId !== null) return shortArtifact(artifactId);
  if (declaredBlobId !== null || candidates.length === 0) return 'not known';
  return candidates.length === 1 ? 'absent' : `one of ${candidates.length}`;
}

function certaintyCell({ certainty, conflict }: TraceJson['attribution']): Cell {
  if (conflict) return { text: `${certainty}, conflict`, style: 'red' };
  if (certainty === 'ambiguous') return { text: certainty, style: 'yellow' };
  return certainty === 'unobserved' ? { text: certainty, style: 'dim' } : certainty;
}
