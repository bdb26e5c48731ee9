/** `underlabel traces show`: one trace, its tag, and what went in and came out. */
import type { Command } from 'commander';
import type { ContextSpanJson } from '../../contract/context-span.ts';
import type { TraceJson } from '../../contract/trace.ts';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { type Service, tracePath } from '../client.ts';
import { parseExact } from '../exact-json.ts';
import { EXIT, type Exit } from '../exit.ts';
import { shown, shownJson } from '../plain.ts';
import { paint, print } from '../screen.ts';
import { contextLines } from '../span-tree.ts';
import { details } from '../table.ts';
import { labelDetails, traceSentence } from '../trace-words.ts';
import { attributionDetails } from '../words.ts';

interface Options extends Asking {
  asOf?: string;
}

export function addTracesShow(parent: Command): void {
  const command = parent
    .command('show <id>')
    .description('one trace: what produced it, on what grounds, and what it said')
    .option('--as-of <time>', 'count only what was recorded by then');
  asking(command).action(ending(show));
}

async function show(id: string, options: Options): Promise<Exit> {
  const query = { asOf: options.asOf };
  const service = serviceOf(options);
  const { body, text } = await service.get<TraceJson>(tracePath(id), query);
  if (options.json) {
    printJson(text);
    return EXIT.fine;
  }
  if (options.asOf !== undefined) print(paint('dim', `As of ${shown(options.asOf)}:`));
  for (const line of page(body, parseExact(text) as TraceJson)) print(line);
  for (const line of await context(service, body)) print(line);
  return EXIT.fine;
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
function page(trace: TraceJson, exact: TraceJson): string[] {
  const { attribution } = trace;
  return [
    paint('bold', shown(trace.id)),
    traceSentence(trace),
    '',
    ...details([...facts(trace), ...attributionDetails(attribution)]),
    ...(['input', 'output', 'attributes'] as const).flatMap((part) => json(part, exact[part])),
  ];
}

function facts(trace: TraceJson): [string, string][] {
  const lines: [string, string][] = [
    ...labelDetails(trace),
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
