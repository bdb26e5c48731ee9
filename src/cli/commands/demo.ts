/** `underlabel demo`: the story of demo.ts, told by a real service. */
import type { Command } from 'commander';
import type { StartService } from '../demo.ts';
import { pathOf } from '../folder.ts';
import { print } from '../screen.ts';

interface Options {
  exit?: true;
  keep?: string;
  move: boolean;
}

const HELP = `
Exit codes: 0 told, 1 a part of it did not come true, 2 error, or nothing changed (--no-move).`;

export function addDemo(parent: Command): void {
  parent
    .command('demo')
    .description('the whole story on a local stand-in network, in under a minute')
    .option('--exit', 'end after the story; else the service stays up to look around')
    .option('--keep <dir>', 'keep the data in this folder')
    .option('--no-move', 'the hub never moves: see what it looks like when nothing changed')
    .addHelpText('after', HELP)
    .action(demo);
}

async function demo(options: Options): Promise<void> {
  const { runDemo } = await import('../demo.ts');
  process.exitCode = await runDemo({
    exit: options.exit === true,
    keep: options.keep === undefined ? null : pathOf(options.keep),
    move: options.move,
    startService,
    out: print,
  });
}

/** Its log would run through the story: only what nobody foresaw is let in. */
const startService: StartService = async (options) => {
  const service = await import('../../service.ts');
  return service.startService({ ...options, logLevel: 'error' });
};
