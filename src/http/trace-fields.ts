/** Which fields of traces are wanted: `?fields=id,label,attribution.certainty`. */
import { z } from 'zod';
import { TRACE_FIELDS } from '../contract/trace-part.ts';
import { nearest } from '../words/nearest.ts';

/** By name; null: all that is under it. */
export type FieldTree = ReadonlyMap<string, FieldTree | null>;

const TEXTS = ['input', 'output', 'attributes'];
const MOST_LENGTH = 2000;

export const fieldsQuery = z
  .string()
  .max(MOST_LENGTH)
  .transform((text, context): FieldTree => {
    const names = text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const unknown = names.filter((name) => !TRACE_FIELDS.includes(name));
    if (names.length > 0 && unknown.length === 0) return treeOf(names.map((n) => n.split('.')));
    const message = unknown.length > 0 ? unknown.map(unknownText).join('; ') : 'names no field';
    context.issues.push({ code: 'custom', message, input: text });
    return z.NEVER;
  })
  .optional()
  .meta({
    type: 'string',
    description: `Only these fields, separated by commas: ${TRACE_FIELDS.join(', ')}. Left out: all. Texts that are not asked for are not read from disk`,
  });

function unknownText(name: string): string {
  const near = nearest(name, TRACE_FIELDS);
  const hint = near ? `did you mean '${near}'?` : `there are ${TRACE_FIELDS.join(', ')}`;
  return `a trace has no field '${name.slice(0, 100)}'; ${hint}`;
}

function treeOf(paths: readonly string[][]): FieldTree {
  const branches = Map.groupBy(paths, ([name]) => name!);
  const trees = [...branches].map(([name, group]): [string, FieldTree | null] => {
    const inner = group.map((path) => path.slice(1));
    return [name, inner.some((path) => path.length === 0) ? null : treeOf(inner)];
  });
  return new Map(trees);
}

/** Whether the texts of a trace have to be read for this. */
export function needsTexts(fields: FieldTree | undefined): boolean {
  return fields === undefined || TEXTS.some((name) => fields.has(name));
}

/** What of a value is wanted. @param value made of objects wherever the tree branches */
export function partOf(value: unknown, tree: FieldTree | null): unknown {
  if (tree === null || value === null) return value;
  const whole = value as Record<string, unknown>;
  return Object.fromEntries([...tree].map(([name, inner]) => [name, partOf(whole[name], inner)]));
}
