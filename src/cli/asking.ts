/** What commands that ask the service have in common: --url, --json, the key, and how they end. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { shownJson } from '../words/shown-json.ts';
import { DEFAULT_URL, Service } from './client.ts';
import { CommandError, type Exit } from './exit.ts';
import { print } from './screen.ts';

export interface Asking {
  url: URL;
  json?: true;
}

/** Adds the options of a command that asks the service. */
export function asking(command: Command): Command {
  const url = new Option('--url <url>', 'the service to ask')
    .env('UNDERLABEL_URL')
    .default(new URL(DEFAULT_URL), DEFAULT_URL)
    .argParser(serviceUrl);
  return command.addOption(url).option('--json', "print the service's own JSON");
}

/** @throws CommandError `setting` where the key can't be sent; it isn't shown */
export function serviceOf({ url }: Asking): Service {
  const key = process.env.UNDERLABEL_KEY?.trim() || null;
  if (key !== null && !/^[\x21-\x7e]+$/.test(key)) {
    const text =
      'UNDERLABEL_KEY holds characters that no key has, so nothing was asked. Set it to the secret alone, without its role.';
    throw new CommandError('setting', text);
  }
  return new Service(url, key);
}

/** What an action returns becomes the exit code of the process. */
export function ending<A extends unknown[]>(action: (...args: A) => Promise<Exit>) {
  return async (...args: A): Promise<void> => {
    process.exitCode = await action(...args);
  };
}

/** One line of JSON. */
export function printJson(json: string): void {
  print(shownJson(json));
}

/** A whole number within bounds, as an option's value. */
export function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}

function serviceUrl(text: string): URL {
  if (text === '') return new URL(DEFAULT_URL);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new InvalidArgumentError(
      `Expected an http: or https: URL without a user, such as ${DEFAULT_URL}.`,
    );
  }
  return url;
}
