/** `underlabel traces show`: one trace, its tag, and what went in and came out. */
import type { Command } from 'commander';
import type { ContextSpanJson } from '../../contract/context-span.ts';
import type { TraceJson } from '../../contract/trace.ts';
import { shownJson } from '../../words/shown-json.ts';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { labelPath, RefusedError, type Service, tracePath } from '../client.ts';
import { parseExact } from '../exact-json.ts';
import { EXIT, type Exit } from '../exit.ts';
import { shown } from '../plain.ts';
import { paint, print } from '../screen.ts';
import { contextLines } from '../span-tree.ts';
import { details } from '../table.ts';
import { type TracePeriod, withTracePeriod } from '../trace-filters.ts';
import { traceMeant } from '../trace-lookup.ts';
import { labelDetails, traceSentence } from '../trace-words.ts';
import { attributionDetails } from '../words.ts';

interface Options extends Asking, TracePeriod {
  asOf?: string;
}

const HELP = `
Of an id, 6 characters of its beginning are enough where only one trace fits, or of its beginning and
its end with … or ... between them, as 'traces ls' shows it in a terminal. They are looked for among the
10,000 traces that began last, of all or between --from and --to. A whole id is found wherever it is.

Examples:
  underlabel traces show case-4711
  underlabel traces show 0af76519...69203331
  underlabel traces show 0af7651916cd --to 2026-11-18T00:00:00Z`;

export function addTracesShow(parent: Command): void {
  const command = parent
    .command('show <id>')
    .description('one trace: what produced it, on what grounds, and what it said')
    .option('--as-of <time>', 'count only what was recorded by then');
  withTracePeriod(command).addHelpText('after', HELP);
  asking(command).action(ending(show));
}

async function show(id: string, { from, to, ...options }: Options): Promise<Exit> {
  const query = { asOf: options.asOf };
  const service = serviceOf(options);
  const { body, text } = await traceMeant(service, id, query, { from, to });
  if (options.json) {
    printJson(text);
    return EXIT.fine;
  }
  if (options.asOf !== undefined) print(paint('dim', `As of ${shown(options.asOf)}:`));
  const isRegistered = await registered(service, body);
  for (const line of page(body, parseExact(text) as TraceJson, isRegistered)) print(line);
  for (const line of await context(service, body)) print(line);
  return EXIT.fine;
}

/** Only where that may be why no reading speaks of it. */
async function registered(service: Service, { label, attribution }: TraceJson): Promise<boolean> {
  if (label === null || attribution.observed !== 'unobserved') return true;
  try {
    await service.get(labelPath(label));
    return true;
  } catch (error) {
    if (error instanceof RefusedError && error.problem.status === 404) return false;
    throw error;
  }
}

/** What stood around the span that it was. */
async function context(service: Service, trace: TraceJson): Promise<string[]> {
  if (trace.origin === null) return [];
  const { body } = await service.get<{ items: ContextSpanJson[] }>(
    `${tracePath(trace.id)}/context`,
  );
  if (body.items.length === 0) return [];
  return ['', paint('bold', 'spans of the same trace'), ...contextLines(body.items, trace)];
}

/** @param exact the same trace with its numbers as written: what goes in and comes out isn't ours to round */
function page(trace: TraceJson, exact: TraceJson, isRegistered: boolean): string[] {
  const { attribution } = trace;
  return [
    paint('bold', shown(trace.id)),
    traceSentence(trace),
    '',
    ...details([...facts(trace, isRegistered), ...attributionDetails(attribution)]),
    ...(['input', 'output', 'attributes'] as const).flatMap((part) => json(part, exact[part])),
  ];
}

function facts(trace: TraceJson, isRegistered: boolean): [string, string][] {
  const lines: [string, string][] = [
    ...labelDetails(trace, isRegistered),
    ['started', trace.startedAt],
    ['ended', trace.endedAt],
    ['recorded', trace.recordedAt],
    ['decision', trace.decision === null ? 'none' : shown(trace.decision)],
  ];
  if (trace.context !== null) lines.push(['context', shown(trace.context)]);
  if (trace.turn !== null) lines.push(['turn', String(trace.turn)]);
  return lines;
}

function json(part: string, value: unknown): string[] {
  if (value === undefined || (part === 'attributes' && value === null)) return [];
  return ['', paint('bold', part), shownJson(JSON.stringify(value, null, 2))];
}
