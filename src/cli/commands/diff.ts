/** `underlabel diff`: two sides of one label's traces, compared. */
import type { Command } from 'commander';
import type { Report } from '../../contract/diff.ts';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { labelPath } from '../client.ts';
import { diffPage } from '../diff-page.ts';
import { EXIT, type Exit } from '../exit.ts';
import { checkZone, sideOf } from '../period.ts';
import { print } from '../screen.ts';

interface Options extends Asking {
  before: string;
  after: string;
  tz: string;
  includeProvisional?: true;
}

const HELP = `
X and Y: an artifact id, a Blob ID, a day, or a range T1/T2 (without its end). A weekday is the latest
one that is over; a date in a range is its first instant. Days and times without a zone are in --tz.
Exit codes: 0 identical, 1 changed, 2 error, 3 not enough data.

Examples:
  underlabel diff og/eth-volatility --before tuesday --after thursday --tz Europe/Berlin
  underlabel diff og/eth-volatility --before 2026-11-17T10:00/2026-11-17T12:00 --after 2026-11-19
  underlabel diff og/eth-volatility --before sha256:1a2b… --after sha256:9f8e…`;

const EXITS: Record<Report['verdict'], Exit> = {
  identical: EXIT.fine,
  changed: EXIT.no,
  'no-data': EXIT.notEnoughData,
};

export function addDiff(parent: Command): void {
  const command = parent
    .command('diff <name>')
    .description("compare two sides of a label's traces: same inputs, other outputs?")
    .requiredOption('--before <x>', 'one side')
    .requiredOption('--after <y>', 'the other side')
    .option('--tz <zone>', 'time zone of days and of times without one', 'UTC')
    .option('--include-provisional', 'count traces that no later reading confirms yet')
    .addHelpText('after', HELP);
  asking(command).action(ending(diff));
}

async function diff(name: string, options: Options): Promise<Exit> {
  labelPath(name);
  const zone = checkZone(options.tz);
  const now = Date.now();
  const before = sideOf(options.before, zone, now);
  const after = sideOf(options.after, zone, now);
  const request = {
    label: name,
    before: before.spec,
    after: after.spec,
    includeProvisional: options.includeProvisional,
  };
  const service = serviceOf(options);
  const { body, text } = await service.send<Report>('POST', 'diffs', JSON.stringify(request));
  if (options.json) printJson(text);
  else {
    const asked = { before: before.words, after: after.words };
    for (const line of diffPage(body, asked)) print(line);
  }
  return EXITS[body.verdict];
}
