/** `underlabel unmapped`: traces that no label has, or one that nobody registered, and what to do about them. */
import { type Command, Option } from 'commander';
import type { UnmappedListJson, UnmappedOriginJson } from '../../contract/unmapped.ts';
import { shownJson } from '../../words/shown-json.ts';
import { type Asking, asking, ending, printJson, serviceOf, wholeNumber } from '../asking.ts';
import { EXIT, type Exit } from '../exit.ts';
import { shown } from '../plain.ts';
import { print, remark } from '../screen.ts';
import { table } from '../table.ts';
import { terminalWidth } from '../terminal-width.ts';
import { unregisteredLines } from '../unregistered-page.ts';
import { cut } from '../width.ts';
import { ago } from '../words.ts';

interface Options extends Asking {
  limit: number;
}

const NAME_WIDTH = 28;

const HELP = `
The rules that are shown are proposals: look at their labels, put them under "rules" in
underlabel.config.json, and start the service anew. They apply to the traces that are stored, too.
'underlabel rules test SPAN.json' says which rule would hold. A rule makes no label: register the one
that it names ('underlabel label add'), or nothing is read for it.

Labels that rules, spans or senders name and nobody registered are shown below. Their traces have a
label, so they are not unmapped, and don't count for the exit code.

Exit codes: 0 no trace is unmapped, 1 some are, 2 error.`;

export function addUnmapped(parent: Command): void {
  const command = parent
    .command('unmapped')
    .description('traces that no label has, and labels that nobody registered, and what to do')
    .addOption(
      new Option('--limit <n>', 'at most so many origins, and so many labels')
        .default(100)
        .argParser(wholeNumber(1, 1000)),
    )
    .addHelpText('after', HELP);
  asking(command).action(ending(unmapped));
}

async function unmapped({ limit, ...options }: Options): Promise<Exit> {
  const { body, text, at } = await serviceOf(options).get<UnmappedListJson>('unmapped', { limit });
  if (options.json) printJson(text);
  else show(body, at);
  return body.items.length === 0 ? EXIT.fine : EXIT.no;
}

function show(found: UnmappedListJson, now: number): void {
  // An older service knows nothing of the last two.
  const { items, more, unregistered = [], moreUnregistered } = found;
  if (items.length === 0) {
    const but = unregistered.length > 0 ? ', but not each of these is registered' : '';
    remark(`every trace has a label${but}`);
  } else {
    showOrigins(items, now);
  }
  if (more) remark(`there are more; these have the most traces (--limit)`);
  if (unregistered.length === 0) return;
  if (items.length > 0) print();
  for (const line of unregisteredLines(unregistered, now, terminalWidth() === null)) print(line);
  if (moreUnregistered) remark('there are more labels that nobody registered (--limit)');
}

function showOrigins(items: readonly UnmappedOriginJson[], now: number): void {
  const headings = ['TRACES', 'LAST', 'SERVICE', 'PROVIDER', 'ASKED FOR', 'ANSWERED'];
  for (const line of table(
    headings,
    items.map((item) => row(item, now)),
  ))
    print(line);
  const rules = items.flatMap(({ rule }) => (rule === null ? [] : [rule]));
  if (rules.length === 0) return;
  print();
  print('Rules that would map them (underlabel.config.json, "rules"); register their labels,');
  print("too ('underlabel label add'):");
  rules.forEach((rule, i) => {
    const end = i < rules.length - 1 ? ',' : '';
    print(`  ${shownJson(JSON.stringify(rule))}${end}`);
  });
}

function row({ origin, traces, lastStartedAt }: UnmappedOriginJson, now: number): string[] {
  const { service, provider, requestModel, responseModel } = origin;
  return [
    String(traces),
    ago(lastStartedAt, now),
    ...[service, provider, requestModel, responseModel].map((name) =>
      name === null ? '-' : cut(shown(name), NAME_WIDTH),
    ),
  ];
}
