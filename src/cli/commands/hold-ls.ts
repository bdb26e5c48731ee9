/** `underlabel hold ls`: which traces retention leaves alone, and why. */
import type { Command } from 'commander';
import type { HoldJson } from '../../contract/hold.ts';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { EXIT, type Exit } from '../exit.ts';
import { heldText } from '../hold-words.ts';
import { shown } from '../plain.ts';
import { print, remark } from '../screen.ts';
import { table } from '../table.ts';

export function addHoldLs(parent: Command): void {
  const command = parent
    .command('ls')
    .alias('list')
    .description('holds: which traces are kept whatever retention says, and why');
  asking(command).action(ending(ls));
}

async function ls(options: Asking): Promise<Exit> {
  const { body, text } = await serviceOf(options).get<{ items: HoldJson[] }>('holds');
  if (options.json) printJson(text);
  else if (body.items.length === 0) remark('no holds');
  else {
    const rows = body.items.map((hold) => [
      shown(hold.name),
      shown(hold.label),
      heldText(hold),
      shown(hold.reason),
    ]);
    for (const line of table(['HOLD', 'LABEL', 'TRACES', 'REASON'], rows)) print(line);
  }
  return EXIT.fine;
}
