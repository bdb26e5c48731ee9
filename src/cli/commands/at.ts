/** `underlabel at`: what was under a label then, and how certain that is. */
import type { Command } from 'commander';
import type { AttributionJson } from '../../contract/observation.ts';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { labelPath } from '../client.ts';
import { EXIT, type Exit } from '../exit.ts';
import { print } from '../screen.ts';
import { details } from '../table.ts';
import { attributionDetails, attributionSentence } from '../words.ts';

interface Options extends Asking {
  until?: string;
  asOf?: string;
}

const HELP = `
Times are RFC 3339 with a zone. The label's clock skew and serving lag widen them, as they widen a trace.
Exit codes: 0 one artifact, 1 none (absent) or several (ambiguous), 2 error, 3 unobserved.

Examples:
  underlabel at og/eth-volatility 2026-11-17T10:02:30Z
  underlabel at og/eth-volatility 2026-11-17T10:00:00Z --until 2026-11-17T10:05:00Z --as-of 2026-11-18T00:00:00Z`;

export function addAt(parent: Command): void {
  const command = parent
    .command('at <name> <time>')
    .description('what was under a label then, and how certain that is')
    .option('--until <time>', 'the end of the time asked about (default: the same instant)')
    .option('--as-of <time>', 'count only what was recorded by then')
    .addHelpText('after', HELP);
  asking(command).action(ending(at));
}

async function at(name: string, time: string, options: Options): Promise<Exit> {
  const query = { time, until: options.until, asOf: options.asOf };
  const path = `${labelPath(name)}/at`;
  const { body, text } = await serviceOf(options).get<AttributionJson>(path, query);
  if (options.json) printJson(text);
  else {
    print(attributionSentence(body));
    print();
    for (const line of details(attributionDetails(body))) print(line);
  }
  return exitOf(body);
}

function exitOf({ certainty, artifactId }: AttributionJson): Exit {
  if (certainty === 'unobserved') return EXIT.notEnoughData;
  return artifactId === null ? EXIT.no : EXIT.fine;
}
