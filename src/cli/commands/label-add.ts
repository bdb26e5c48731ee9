/** `underlabel label add`: registers a label, or changes its settings. */
import { pathToFileURL } from 'node:url';
import { type Command, Option } from 'commander';
import type { LabelJson, SourceKind } from '../../contract/label.ts';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { labelPath } from '../client.ts';
import { CommandError, EXIT, type Exit } from '../exit.ts';
import { pathOf } from '../folder.ts';
import { print } from '../screen.ts';

const HUB = ['model', 'author', 'version', 'files', 'baseUrl', 'filesUrl'] as const;
type SourceOption = (typeof HUB)[number] | 'manifestUrl';

interface Options extends Asking, Partial<Record<SourceOption, string>> {
  source: SourceKind;
  every?: string;
  clockSkew?: string;
  servingLag?: string;
}

const NEEDED: Record<SourceKind, SourceOption | null> = {
  'model-hub': 'model',
  manifest: 'manifestUrl',
  push: null,
};
const TAKEN: Record<SourceKind, readonly SourceOption[]> = {
  'model-hub': HUB,
  manifest: ['manifestUrl'],
  push: [],
};

const HELP = `
Examples:
  underlabel label add og/eth-volatility --source model-hub --model og-1hr-volatility-ethusdt
  underlabel label add acme/risk --source manifest --manifest-url https://acme.example/risk.json --every 1m
  underlabel label add acme/risk-local --source manifest --manifest-url ./risk.json
  underlabel label add acme/pushed --source push`;

export function addLabelAdd(parent: Command): void {
  const command = parent
    .command('add <name>')
    .description('register a label, or change the settings of one')
    .addOption(
      new Option('--source <kind>', 'where the label is read')
        .choices(Object.keys(NEEDED))
        .makeOptionMandatory(),
    )
    .option('--model <name>', 'model-hub: the model')
    .option('--author <name>', 'model-hub: its author, where the name alone is not enough')
    .option('--version <version>', 'model-hub: a release, or latest (the default)')
    .option('--files <glob>', 'model-hub: only files that match count')
    .option('--base-url <url>', "model-hub: another hub's API")
    .option('--files-url <url>', "model-hub: another hub's file list")
    .option('--manifest-url <url>', 'manifest: an https: or file: URL, or a path')
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

function sourceOf(options: Options): Record<string, string | undefined> {
  const { source: kind } = options;
  const given = [...HUB, 'manifestUrl' as const].filter((key) => options[key] !== undefined);
  const foreign = given.find((key) => !TAKEN[kind].includes(key));
  if (foreign) {
    throw usage(`${flag(foreign)} says nothing about a ${kind} source; leave it out`);
  }
  const needed = NEEDED[kind];
  if (needed && options[needed] === undefined) {
    throw usage(`a ${kind} source needs ${flag(needed)}`);
  }
  if (kind === 'manifest') return { kind, url: urlOf(options.manifestUrl!) };
  return { kind, ...Object.fromEntries(given.map((key) => [key, options[key]])) };
}

/** A path is read by the service, so it becomes a whole URL here, where its folder is known. */
function urlOf(text: string): string {
  return /^(https?|file):/i.test(text) ? text : pathToFileURL(pathOf(text)).href;
}

function flag(key: SourceOption): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function usage(problem: string): CommandError {
  return new CommandError('usage', `${problem}. See 'underlabel label add --help'.`);
}
