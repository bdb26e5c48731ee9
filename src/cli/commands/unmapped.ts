/** `underlabel unmapped`: where the traces come from that no label has, and the rules that would map them. */
import { type Command, Option } from 'commander';
import type { UnmappedListJson, UnmappedOriginJson } from '../../contract/unmapped.ts';
import { type Asking, asking, ending, printJson, serviceOf, wholeNumber } from '../asking.ts';
import { EXIT, type Exit } from '../exit.ts';
import { shown, shownJson } from '../plain.ts';
import { print, remark } from '../screen.ts';
import { table } from '../table.ts';
import { cut } from '../width.ts';
import { ago } from '../words.ts';

interface Options extends Asking {
  limit: number;
}

const NAME_WIDTH = 28;

const HELP = `
The rules that are shown are proposals: look at their labels, put them under "rules" in
underlabel.config.json, and start the service anew. They apply to the traces that are stored, too.
'underlabel rules test SPAN.json' says which rule would hold.

Exit codes: 0 no trace is unmapped, 1 some are, 2 error.`;

export function addUnmapped(parent: Command): void {
  const command = parent
    .command('unmapped')
    .description('traces that no label has, by where they come from, and rules for them')
    .addOption(
      new Option('--limit <n>', 'at most so many origins')
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

function show({ items, more }: UnmappedListJson, now: number): void {
  if (items.length === 0) {
    remark('every trace has a label');
    return;
  }
  const headings = ['TRACES', 'LAST', 'SERVICE', 'PROVIDER', 'ASKED FOR', 'ANSWERED'];
  for (const line of table(
    headings,
    items.map((item) => row(item, now)),
  ))
    print(line);
  const rules = items.flatMap(({ rule }) => (rule === null ? [] : [rule]));
  if (rules.length > 0) {
    print();
    print('Rules that would map them (underlabel.config.json, "rules"):');
    rules.forEach((rule, i) => {
      const end = i < rules.length - 1 ? ',' : '';
      print(`  ${shownJson(JSON.stringify(rule))}${end}`);
    });
  }
  if (more) remark(`there are more; these have the most traces (--limit)`);
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
