/** `underlabel hold rm`: lifts a hold; retention counts for its traces again. */
import type { Command } from 'commander';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { holdPath } from '../client.ts';
import { EXIT, type Exit } from '../exit.ts';
import { shown } from '../plain.ts';
import { print } from '../screen.ts';

export function addHoldRm(parent: Command): void {
  const command = parent
    .command('rm <name>')
    .alias('remove')
    .description('lift a hold; retention counts for its traces again');
  asking(command).action(ending(rm));
}

async function rm(name: string, options: Asking): Promise<Exit> {
  const { text } = await serviceOf(options).send('DELETE', holdPath(name));
  if (options.json) printJson(text);
  else print(`lifted ${shown(name)}: retention counts for its traces again`);
  return EXIT.fine;
}
