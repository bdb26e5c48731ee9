/** `underlabel hold add`: keeps the traces of a label from a period, whatever retention says. */
import type { Command } from 'commander';
import type { HoldJson } from '../../contract/hold.ts';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { holdPath } from '../client.ts';
import { EXIT, type Exit } from '../exit.ts';
import { heldText } from '../hold-words.ts';
import { shown } from '../plain.ts';
import { print } from '../screen.ts';

interface Options extends Asking {
  label: string;
  from?: string;
  to?: string;
  reason: string;
}

const HELP = `
Examples:
  underlabel hold add incident-7 --label og/eth-volatility --reason 'audit of case 7' \\
    --from 2026-11-17T00:00:00Z --to 2026-11-20T00:00:00Z`;

export function addHoldAdd(parent: Command): void {
  const command = parent
    .command('add <name>')
    .description('keep the traces of a label, or change the hold of that name')
    .requiredOption('--label <name>', 'whose traces are kept')
    .requiredOption('--reason <text>', 'why, for whoever finds it later')
    .option('--from <time>', 'of traces that began then or later (default: all)')
    .option('--to <time>', 'of traces that began before then (default: all)')
    .addHelpText('after', HELP);
  asking(command).action(ending(add));
}

async function add(name: string, options: Options): Promise<Exit> {
  const { label, from, to, reason } = options;
  const body = JSON.stringify({ label, from, to, reason });
  const answer = await serviceOf(options).send<HoldJson>('PUT', holdPath(name), body);
  if (options.json) printJson(answer.text);
  else {
    const held = answer.body;
    const done = answer.status === 201 ? 'holds' : 'now holds';
    print(`${shown(held.name)} ${done} the traces of ${shown(held.label)}, ${heldText(held)}`);
  }
  return EXIT.fine;
}
