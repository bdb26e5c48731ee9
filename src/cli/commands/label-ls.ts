/** `underlabel label ls`: every label, and how it stands. */
import type { Command } from 'commander';
import type { LabelJson } from '../../contract/label.ts';
import { type Asking, asking, ending, printJson, serviceOf } from '../asking.ts';
import { EXIT, type Exit } from '../exit.ts';
import { listed } from '../listing.ts';
import { print, remark } from '../screen.ts';
import { confirmedText, sinceAtLatest, underText, watchCell } from '../standing.ts';
import { table } from '../table.ts';
import { stateCell } from '../verification-page.ts';

export function addLabelLs(parent: Command): void {
  const command = parent
    .command('ls')
    .alias('list')
    .description('labels: what is under each, since when, and how sure that still is');
  asking(command).action(ending(ls));
}

async function ls(options: Asking): Promise<Exit> {
  const { items, json, at } = await listed<LabelJson>(serviceOf(options), 'labels', {}, Infinity);
  if (options.json) printJson(json());
  else if (items.length === 0) remark("no labels yet; add one with 'underlabel label add'");
  else for (const line of lines(items, at)) print(line);
  return EXIT.fine;
}

function lines(labels: readonly LabelJson[], now: number): string[] {
  const headings = ['LABEL', 'UNDER IT', 'BYTES', 'SINCE, AT LATEST', 'CONFIRMED', 'WATCH'];
  const rows = labels.map((label) => [
    label.name,
    underText(label),
    label.verification ? stateCell(label.verification.state) : '-',
    sinceAtLatest(label),
    confirmedText(label, now),
    watchCell(label, now),
  ]);
  return table(headings, rows);
}
