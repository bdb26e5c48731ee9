/** The source of a label, as flags of `underlabel label add` state it. */
import { pathToFileURL } from 'node:url';
import { type Command, Option } from 'commander';
import type { SourceKind } from '../contract/label.ts';
import { CommandError } from './exit.ts';
import { pathOf } from './folder.ts';

const HUB = ['model', 'author', 'version', 'files', 'baseUrl', 'filesUrl'] as const;
const SUI = [
  'object',
  'type',
  'field',
  'dynamicField',
  'dynamicFieldIn',
  'attribute',
  'path',
  'network',
] as const;
const ALL = [...HUB, 'manifestUrl' as const, ...SUI];
type SourceOption = (typeof ALL)[number];

export interface SourceOptions extends Partial<Record<SourceOption, string>> {
  source: SourceKind;
}

const NEEDED: Record<SourceKind, SourceOption | null> = {
  'model-hub': 'model',
  manifest: 'manifestUrl',
  'sui-object': 'object',
  push: null,
};
const TAKEN: Record<SourceKind, readonly SourceOption[]> = {
  'model-hub': HUB,
  manifest: ['manifestUrl'],
  'sui-object': SUI,
  push: [],
};

export function addSourceOptions(command: Command): Command {
  return command
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
    .option('--object <id>', 'sui-object: the object; alone, a Walrus Blob or SharedBlob')
    .option('--type <type>', "sui-object: the object's Move type, where a field of it is read")
    .option('--field <path>', 'sui-object: the field that holds Blob IDs, such as models.latest')
    .option('--dynamic-field <type=value>', 'sui-object: the dynamic field that holds them')
    .option('--dynamic-field-in <path>', 'sui-object: the Table or Bag that has the dynamic field')
    .option('--attribute <key>', 'sui-object: the attribute of a Walrus Blob that is a Blob ID')
    .option('--path <path>', 'sui-object: the path of a file without one (default: blob)')
    .option('--network <name>', 'sui-object: mainnet, testnet …; others are not read');
}

/** What the service is asked for. @throws CommandError `usage` */
export function sourceOf(options: SourceOptions): Record<string, unknown> {
  const { source: kind } = options;
  const given = ALL.filter((key) => options[key] !== undefined);
  const foreign = given.find((key) => !TAKEN[kind].includes(key));
  if (foreign) {
    throw usage(`${flag(foreign)} says nothing about a ${kind} source; leave it out`);
  }
  const needed = NEEDED[kind];
  if (needed && options[needed] === undefined) {
    throw usage(`a ${kind} source needs ${flag(needed)}`);
  }
  if (kind === 'manifest') return { kind, url: urlOf(options.manifestUrl!) };
  const { dynamicField, dynamicFieldIn, ...plain } = Object.fromEntries(
    given.map((key) => [key, options[key]]),
  );
  const source = { kind, ...plain };
  if (dynamicField !== undefined) {
    return { ...source, dynamicField: dynamicFieldOf(dynamicField, dynamicFieldIn) };
  }
  if (dynamicFieldIn === undefined) return source;
  throw usage('--dynamic-field-in says nothing without --dynamic-field');
}

/** A path is read by the service, so it becomes a whole URL here, where its folder is known. */
function urlOf(text: string): string {
  return /^(https?|file):/i.test(text) ? text : pathToFileURL(pathOf(text)).href;
}

/** No type has an equals sign in it; a value may. */
function dynamicFieldOf(text: string, table: string | undefined) {
  const at = text.indexOf('=');
  if (at < 0) {
    throw usage("--dynamic-field is the type and the value of its name: 'TYPE=VALUE'");
  }
  const name = { type: text.slice(0, at), value: text.slice(at + 1) };
  return table === undefined ? name : { ...name, in: table };
}

function flag(key: SourceOption): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function usage(problem: string): CommandError {
  return new CommandError('usage', `${problem}. See 'underlabel label add --help'.`);
}
