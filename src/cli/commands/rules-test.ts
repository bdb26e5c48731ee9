/** `underlabel rules test`: which label spans would get, and why. No service is asked. */
import type { Command } from 'commander';
import { labelName } from '../../contract/names.ts';
import { ending } from '../asking.ts';
import { CONFIG_FILE } from '../config-file.ts';
import { CommandError } from '../exit.ts';
import { shown } from '../plain.ts';
import type { TrialOptions } from '../rules-trial.ts';

const HELP = `
FILE holds spans in any form that is at hand: an OTLP/JSON request ({"resourceSpans": …}), one a line, a
span out of one, or a span whose attributes are a plain object; alone or in a list.

The rules are "rules" in ${CONFIG_FILE} here, or those of --rules FILE ([{"requestModel": "gpt-4*",
"label": "acme/gpt"}] or {"rules": […]}). A span that no rule maps gets the label of its model's own
name: name the labels there are with --label.

Exit codes: 0 every inference gets a label, 1 one gets none (or there is no inference), 2 error.

Examples:
  underlabel rules test span.json
  underlabel rules test traces.ndjson --rules new-rules.json --label gpt-4o --label claude`;

export function addRulesTest(parent: Command): void {
  parent
    .command('test <file>')
    .description("which label the spans of a file would get, and why ('-': standard input)")
    .option('--rules <file>', `rules to try instead of those in ${CONFIG_FILE}`)
    .option('--label <name>', 'a label that exists; may be given again', gathered, [])
    .option('--json', 'print [{name, label, by, …}]')
    .addHelpText('after', HELP)
    .action(
      ending(async (file: string, options: TrialOptions) => {
        // Loaded here, not at the top: no other command should wait for all that reads spans.
        const { testRules } = await import('../rules-trial.ts');
        return testRules(file, options);
      }),
    );
}

function gathered(name: string, before: string[]): string[] {
  const parsed = labelName.safeParse(name);
  if (parsed.success) return [...before, name];
  const text = `--label ${shown(name)}: ${parsed.error.issues[0]!.message}`;
  throw new CommandError('usage', text);
}
