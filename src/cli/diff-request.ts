/** What `underlabel diff` asks for: its options, and the service's request made of them. */
import { InvalidArgumentError } from 'commander';
import { columnKind, fieldPath } from '../contract/diff.ts';
import { CommandError } from './exit.ts';
import { checkZone, type Side, sideOf } from './period.ts';

export interface Field {
  path: string;
  kind?: string;
}

export interface DiffOptions {
  before?: string;
  after?: string;
  tz: string;
  includeProvisional?: true;
  across?: true;
  field?: Field[];
  discover: boolean;
  minEffect?: number;
  seed?: number;
  hold?: true;
}

const KIND = new RegExp(`:(${columnKind.options.join('|')})$`);

/** `$.score` or `$.score:number`, after those that came before it. */
export function fieldOption(text: string, earlier: Field[] = []): Field[] {
  const kind = KIND.exec(text)?.[1];
  const path = text.replace(KIND, '');
  const parsed = fieldPath.safeParse(path);
  if (!parsed.success) {
    const kinds = columnKind.options.join(', ');
    throw new InvalidArgumentError(
      `Expected a path like '$.score' or '$.legs[0].price', with a kind behind it if need be ('$.score:number'; kinds: ${kinds}).`,
    );
  }
  return [...earlier, kind === undefined ? { path } : { path, kind }];
}

export function pointsOption(text: string): number {
  const value = /^\d{1,2}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0) return value;
  throw new InvalidArgumentError('Expected points (hundredths) above 0 and below 100, such as 5.');
}

/** @throws CommandError `usage` */
export function requestOf(label: string, options: DiffOptions) {
  const zone = checkZone(options.tz);
  const now = Date.now();
  const before = side('before', options.before, zone, now);
  const after = side('after', options.after, zone, now);
  const { includeProvisional, across, field, discover, minEffect, seed, hold } = options;
  const request = {
    label,
    before: before.spec,
    after: after.spec,
    includeProvisional,
    across,
    fields: field,
    discover: discover ? undefined : false,
    minEffect,
    seed,
    hold,
  };
  return { json: JSON.stringify(request), asked: { before: before.words, after: after.words } };
}

function side(name: string, text: string | undefined, zone: string, now: number): Side {
  if (text !== undefined) return sideOf(text, zone, now);
  throw new CommandError(
    'usage',
    `--${name} is missing: a diff has two sides. To show one that was made before, give --id alone`,
  );
}
