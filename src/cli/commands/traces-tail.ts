/** `underlabel traces tail`: traces as they come in, a line each with its tag. */
import { once } from 'node:events';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { formatTime, parseDuration, parseTime, TIME_HINT } from '../../contract/time.ts';
import { shownJson } from '../../words/shown-json.ts';
import { type Asking, asking, ending, serviceOf, wholeNumber } from '../asking.ts';
import type { Query } from '../client.ts';
import { EXIT, type Exit } from '../exit.ts';
import { followed } from '../following.ts';
import { shown } from '../plain.ts';
import { remark } from '../screen.ts';
import { TAIL_FIELDS, type Tailed, tailLine } from '../tail-line.ts';
import { terminalWidth } from '../terminal-width.ts';
import { type TraceFilters, withTraceFilters } from '../trace-filters.ts';

interface Options extends Asking, TraceFilters {
  model?: string;
  since?: string;
  last?: number;
  fields?: string;
}

const HELP = `
A line: when it began (UTC), its label or "unmapped: MODEL", how certain its artifact is, the artifact
(or "a or b"), the decision, the id. A terminal without room for all of an id shows both ends of it,
which 'traces show' takes for the whole; in a pipe, and with --json, it is whole.

The tag is as of now. A trace is shown once, when it is recorded: most are "provisional" then, and are
not shown again when a later reading makes them "bracketed" or "ambiguous" (see 'traces show').

It goes on until Ctrl-C (exit code 0); where the service breaks off, it resumes with what it missed.

Examples:
  underlabel traces tail --label 'og/*'
  underlabel traces tail --unmapped
  underlabel traces tail --conflict --since 10m --json`;

export function addTracesTail(parent: Command): void {
  const command = withTraceFilters(
    parent.command('tail').description('traces as they come in, a line each with its tag'),
  )
    .option('--model <glob>', 'that name such a model, asked for or answering')
    .addOption(
      new Option('--since <time>', 'from those recorded then (a time, or 10m: so long ago)')
        .argParser(instant)
        .conflicts('last'),
    )
    .addOption(
      new Option('--last <n>', 'from the last n recorded (those of them that match)').argParser(
        wholeNumber(0, 100_000),
      ),
    )
    .option('--fields <names>', 'with --json: only these fields, separated by commas')
    .addHelpText('after', HELP);
  asking(command).action(ending(tail));
}

async function tail({ url, json, fields, ...chosen }: Options): Promise<Exit> {
  const stop = new AbortController();
  const end = () => stop.abort();
  process.once('SIGINT', end).once('SIGTERM', end);
  const query: Query = { ...chosen, fields: json ? fields : TAIL_FIELDS.join(',') };
  const following = { path: 'traces/stream', query, stop: stop.signal, broke };
  const line = json ? shownJson : lines();
  try {
    for await (const data of followed(serviceOf({ url }), following)) {
      await written(line(data), stop.signal);
    }
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
  return EXIT.fine;
}

/** The day stands between lines where it is another than before, and only where a person looks on. */
function lines(): (data: string) => string {
  let day: string | null = null;
  return (data) => {
    const trace = JSON.parse(data) as Tailed;
    const began = trace.startedAt.slice(0, 10);
    if (began !== day && process.stdout.isTTY) remark(`${began}, times in UTC`);
    day = began;
    return tailLine(trace, terminalWidth());
  };
}

/** A terminal that takes no more is waited for, and nothing is held meanwhile. */
async function written(line: string, signal: AbortSignal): Promise<void> {
  if (process.stdout.write(`${line}\n`)) return;
  await once(process.stdout, 'drain', { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

function broke(reason: string): void {
  remark(`the stream broke off (${shown(reason)}); it is resumed`);
}

/** @returns RFC 3339, also of a duration that ends now */
function instant(text: string): string {
  const ms = parseDuration(text);
  if (ms !== null) return formatTime(Date.now() - ms);
  if (parseTime(text)) return text;
  throw new InvalidArgumentError(`${TIME_HINT}, or a duration such as 10m.`);
}
