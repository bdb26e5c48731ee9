/** `underlabel observe`: reads a label now, and says whether what is under it is still the same. */
import type { Command } from 'commander';
import type { LabelJson } from '../../contract/label.ts';
import type { ObservationJson } from '../../contract/observation.ts';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { labelPath } from '../client.ts';
import { EXIT, type Exit } from '../exit.ts';
import { shown } from '../plain.ts';
import { print } from '../screen.ts';
import { clock } from '../words.ts';

const HELP = `
"Before" is what the service knew when it was asked; a first artifact counts as changed.
Exit codes: 0 same, 1 changed, 2 the reading failed.`;

export function addObserve(parent: Command): void {
  const command = parent
    .command('observe <name>')
    .description('read a label now: is the same artifact under it?')
    .addHelpText('after', HELP);
  asking(command).action(ending(observe));
}

async function observe(name: string, options: Asking): Promise<Exit> {
  const service = serviceOf(options);
  const { body: label } = await service.get<LabelJson>(labelPath(name));
  const path = `${labelPath(name)}/observations`;
  const { body: reading, text } = await service.send<ObservationJson>('POST', path);
  if (options.json) printJson(text);
  else print(sentence(label.current, reading));
  if (reading.outcome === 'failed') return EXIT.error;
  return isSame(label.current, reading) ? EXIT.fine : EXIT.no;
}

/** A label that was never read and has nothing under it did not change. */
function isSame(before: LabelJson['current'], reading: ObservationJson): boolean {
  return (before?.artifactId ?? null) === reading.artifactId;
}

function sentence(before: LabelJson['current'], reading: ObservationJson): string {
  const { label, receivedAt, artifactId, outcome, error } = reading;
  const was = before === null ? 'never read' : (before.artifactId ?? 'absent');
  if (outcome === 'failed') {
    const why = `${shown(error?.code ?? 'unknown')}: ${shown(error?.message ?? 'no reason given')}`;
    return `failed: ${label} could not be read, so nothing new is known (before: ${was})\n  ${why}`;
  }
  const now = artifactId ?? 'absent';
  const has = artifactId === null ? `nothing is under ${label}` : `${label} has ${artifactId}`;
  if (isSame(before, reading)) return `same: ${has}, read ${clock(receivedAt)}`;
  return `changed: ${label}, read ${clock(receivedAt)}\n  before  ${was}\n  now     ${now}`;
}
