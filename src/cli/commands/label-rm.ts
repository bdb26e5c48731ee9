/** `underlabel label rm`: stops the watch; what was seen stays. */
import type { Command } from 'commander';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { labelPath } from '../client.ts';
import { EXIT, type Exit } from '../exit.ts';
import { print } from '../screen.ts';

export function addLabelRm(parent: Command): void {
  const command = parent
    .command('rm <name>')
    .alias('remove')
    .description('stop watching a label; its history stays readable');
  asking(command).action(ending(rm));
}

async function rm(name: string, options: Asking): Promise<Exit> {
  const { text } = await serviceOf(options).send('DELETE', labelPath(name));
  if (!options.json) {
    print(`stopped watching ${name}; its history stays, and 'underlabel label add' resumes it`);
  } else if (text !== '') {
    printJson(text);
  }
  return EXIT.fine;
}
