/** `underlabel label add`: registers a label, or changes its settings. */
import type { Command } from 'commander';
import type { LabelJson } from '../../contract/label.ts';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { labelPath } from '../client.ts';
import { EXIT, type Exit } from '../exit.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from '../label-source.ts';
import { print } from '../screen.ts';

interface Options extends Asking, SourceOptions {
  every?: string;
  clockSkew?: string;
  servingLag?: string;
}

const HELP = `
Examples:
  underlabel label add og/eth-volatility --source model-hub \\
    --model og-1hr-volatility-ethusdt
  underlabel label add acme/risk --source manifest \\
    --manifest-url https://acme.example/risk.json --every 1m
  underlabel label add acme/local --source manifest --manifest-url ./risk.json
  underlabel label add acme/blob --source sui-object --object 0x5f…c1
  underlabel label add acme/next --source sui-object --object 0x5f…c1 \\
    --attribute successor
  underlabel label add acme/registry --source sui-object --object 0x2b…90 \\
    --type 0x77…0e::registry::Registry --field models.latest
  underlabel label add acme/table --source sui-object --object 0x2b…90 \\
    --type 0x77…0e::registry::Registry \\
    --dynamic-field-in versions --dynamic-field 0x1::string::String=latest
  underlabel label add acme/pushed --source push`;

export function addLabelAdd(parent: Command): void {
  const command = parent
    .command('add <name>')
    .description('register a label, or change the settings of one');
  addSourceOptions(command)
    .option('--every <duration>', 'how often to read, 1s to 7d (default: 30s)')
    .option('--clock-skew <duration>', "how far traces' clocks may be off (default: 2s)")
    .option(
      '--serving-lag <duration>',
      'how long a server may serve the old artifact (default: 0s)',
    )
    .addHelpText('after', HELP);
  asking(command).action(ending(add));
}

async function add(name: string, options: Options): Promise<Exit> {
  const { every, clockSkew, servingLag } = options;
  const body = JSON.stringify({ source: sourceOf(options), every, clockSkew, servingLag });
  const answer = await serviceOf(options).send<LabelJson>('PUT', labelPath(name), body);
  if (options.json) printJson(answer.text);
  else print(sentence(answer.body, answer.status === 201));
  return EXIT.fine;
}

function sentence({ name, source, every }: LabelJson, isNew: boolean): string {
  const how =
    source.kind === 'push'
      ? 'it waits for readings to be pushed'
      : `its ${source.kind} is read every ${every}`;
  return `${isNew ? 'added' : 'updated'} ${name}: ${how}`;
}
