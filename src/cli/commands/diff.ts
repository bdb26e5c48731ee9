/** `underlabel diff`: two sides of one label's traces, compared, or a comparison that was made before. */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { Report } from '../../contract/diff.ts';
import {
  askedText,
  html,
  junit,
  markdown,
  type Outcome,
  outcomeOfVerdict,
} from '../../diff/rendering/index.ts';
import { type Asking, asking, ending, printJson, serviceOf, wholeNumber } from '../asking.ts';
import { labelPath, RefusedError } from '../client.ts';
import { diffPage } from '../diff-page.ts';
import { type DiffOptions, fieldOption, pointsOption, requestOf } from '../diff-request.ts';
import { CommandError, EXIT, type Exit } from '../exit.ts';
import { shown } from '../plain.ts';
import { print } from '../screen.ts';

const FORMATS = ['terminal', 'json', 'markdown', 'html', 'junit'] as const;

interface Options extends Asking, DiffOptions {
  format: (typeof FORMATS)[number];
  id?: string;
}

const HELP = `
X and Y: an artifact id, a Blob ID, a day, or a range T1/T2 (without its end). A weekday is the latest
one that is over; a date in a range is its first instant. Days and times without a zone are in --tz.
What decides: the decision, where there are any, and each --field; without either, the whole output.
The unit is an input: one that ran on both sides is a pair, and its repeats tell how noisy the artifact is.
Exit codes: 0 identical or no evidence of a change, 1 changed, 2 error, 3 too little to tell.
docs/diff.md says what each verdict and test means.

Examples:
  underlabel diff og/eth-volatility --before tuesday --after thursday --tz Europe/Berlin
  underlabel diff og/eth-volatility --before 2026-11-17T10:00/2026-11-17T12:00 --after 2026-11-19
  underlabel diff og/eth-volatility --before sha256:1a2b… --after sha256:9f8e… --field '$.score'
  underlabel diff --id d_0123456789abcdef01234567 --format html > diff.html`;

const EXITS: Record<Outcome, Exit> = {
  same: EXIT.fine,
  changed: EXIT.no,
  unknown: EXIT.notEnoughData,
};

export function addDiff(parent: Command): void {
  const command = parent
    .command('diff [name]')
    .description("compare two sides of a label's traces: same inputs, other outputs?")
    .option('--before <x>', 'one side')
    .option('--after <y>', 'the other side')
    .option('--tz <zone>', 'time zone of days and of times without one', 'UTC')
    .option(
      '--field <path[:kind]>',
      'a field of the output that decides, too; repeatable',
      fieldOption,
    )
    .option('--no-discover', 'leave out fields of the output that nobody named')
    .option('--min-effect <points>', 'a smaller change is a small one (default: 5)', pointsOption)
    .option('--across', 'allow a side that several artifacts produced')
    .option('--include-provisional', 'count traces that no later reading confirms yet')
    .option('--seed <n>', 'of what is drawn by chance (default: 1)', wholeNumber(0, 4_294_967_295))
    .option('--hold', 'keep all traces of both sides from retention')
    .option('--id <d_…>', 'show a diff that was made before')
    .addOption(
      new Option('--format <format>', 'how to print it').choices(FORMATS).default('terminal'),
    )
    .addHelpText('after', HELP);
  asking(command).action(ending(diff));
}

async function diff(name: string | undefined, options: Options): Promise<Exit> {
  const service = serviceOf(options);
  if (options.id !== undefined) {
    checkAlone(options);
    const { body, text } = await service.get<Report>(diffPath(options.id));
    if (name !== undefined && name !== body.label) {
      const other = shown(name.slice(0, 200));
      const what = `${body.id} is a diff of ${shown(body.label)}, and not of ${other}; leave the label out`;
      throw new CommandError('usage', what);
    }
    return shownAs(options, body, text, {
      before: askedText(body.before),
      after: askedText(body.after),
    });
  }
  if (name === undefined) {
    throw new CommandError(
      'usage',
      'no label is named: give its name, or --id to show a saved diff',
    );
  }
  labelPath(name);
  const { json, asked } = requestOf(name, options);
  const { body, text } = await refusing(() => service.send<Report>('POST', 'diffs', json));
  return shownAs(options, body, text, asked);
}

/** A saved diff is shown as it was asked for then: whoever asks otherwise must not be shown another answer. */
function checkAlone({ before, after, field, minEffect, seed, across, hold, ...rest }: Options) {
  const asks = [before, after, field, minEffect, seed, across, hold, rest.includeProvisional];
  if (asks.every((one) => one === undefined) && rest.discover) return;
  throw new CommandError(
    'usage',
    '--id stands alone: a saved diff has its sides and settings already. Leave --id out to make another one',
  );
}

function shownAs(
  { format, json }: Options,
  report: Report,
  text: string,
  asked: { before: string; after: string },
): Exit {
  if (json || format === 'json') printJson(text);
  else if (format === 'terminal') for (const line of diffPage(report, asked)) print(line);
  else print({ markdown, html, junit }[format](report).trimEnd());
  return EXITS[outcomeOfVerdict(report.verdict)];
}

function diffPath(id: string): string {
  if (/^d_[0-9a-f]{24}$/.test(id)) return `diffs/${id}`;
  throw new CommandError(
    'usage',
    `${shown(JSON.stringify(id.slice(0, 200)))} is no id of a diff: that is 'd_' and 24 hex digits, and stands at the end of each page`,
  );
}

const severalArtifacts = z.object({
  side: z.enum(['before', 'after']).optional(),
  artifacts: z
    .array(z.object({ artifactId: z.string(), traces: z.int(), share: z.number() }))
    .min(1),
});

/** A period of several artifacts is refused with what they are: said so that the next command can be copied. */
async function refusing<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const told = error instanceof RefusedError ? severalArtifacts.safeParse(error.problem) : null;
    if (!told?.success) throw error;
    const { side, artifacts } = told.data;
    const which = side === undefined ? 'one side' : `the ${side} side`;
    const lines = artifacts.map(({ artifactId, traces, share }) => {
      return `  ${shown(artifactId)}  ${Math.round(1000 * share) / 10} %, ${traces} traces`;
    });
    const text = [
      `${which} is a period in which ${artifacts.length} artifacts answered, so nothing was compared:`,
      ...lines,
      `Compare by artifact (--${side ?? 'before'} ${shown(artifacts[0]!.artifactId)}), name a period of one artifact, or allow the mix with --across.`,
    ];
    throw new CommandError('refused', text.join('\n'), { cause: error });
  }
}
