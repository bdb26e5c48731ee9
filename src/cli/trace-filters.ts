/** The options by which traces are chosen, the same for every command that shows traces. */
import { type Command, Option } from 'commander';

export interface TraceFilters {
  label?: string;
  artifact?: string;
  candidate?: string;
  certainty?: string;
  observed?: string;
  decision?: string;
  conflict?: boolean;
  unmapped?: boolean;
}

export interface TracePeriod {
  from?: string;
  to?: string;
}

const OBSERVED = ['bracketed', 'provisional', 'ambiguous', 'unobserved'];

export function withTraceFilters(command: Command): Command {
  return command
    .option('--label <glob>', 'of labels that match')
    .option('--artifact <id>', 'produced by this artifact')
    .option('--candidate <id>', 'possibly produced by this artifact (or: absent)')
    .addOption(
      new Option('--certainty <word>', 'how certain the artifact is').choices([
        'proven',
        'declared',
        ...OBSERVED,
      ]),
    )
    .addOption(new Option('--observed <word>', 'what the readings alone say').choices(OBSERVED))
    .option('--decision <text>', 'with exactly this decision')
    .option('--conflict', 'only traces that name a blob no candidate holds')
    .option('--no-conflict', 'only the others')
    .option('--unmapped', 'only traces that no label has')
    .option('--no-unmapped', 'only the others');
}

export function withTracePeriod(command: Command): Command {
  return command
    .option('--from <time>', 'started then or later')
    .option('--to <time>', 'started before then');
}
