/** Traces of a diff for its tests, told by what matters to each. */
import { createHash } from 'node:crypto';
import {
  Cohorts,
  type CohortsOptions,
  type CohortsResult,
} from '../../../src/diff/cohorts/cohorts.ts';
import { CODE, type Column, type DiffData } from '../../../src/diff/data.ts';
import type { CohortTrace, Side, TraceFacts } from '../../../src/diff/source.ts';

export const OLD = `sha256:1a2b3c4d${'0'.repeat(56)}`;
export const NEW = `sha256:9f8e7d6c${'0'.repeat(56)}`;

export type Telling = Partial<Omit<CohortTrace, 'facts' | 'input' | 'output'>> &
  Partial<TraceFacts> & {
    /** Any JSON value; undefined: none. */
    input?: unknown;
    output?: unknown;
    /** JSON text, or what claims to be; instead of `output`. */
    outputText?: string;
  };

export function trace(ref: number, told: Telling = {}): CohortTrace {
  const { input = 'in', output, outputText, failed, inputTokens, outputTokens, ...rest } = told;
  const text = outputText ?? (output === undefined ? null : JSON.stringify(output));
  return {
    ref,
    startedAt: 0,
    endedAt: 0,
    inputHash: digestOf(JSON.stringify(input)),
    outputHash: text === null ? null : digestOf(text),
    context: null,
    turn: null,
    decision: null,
    artifactId: OLD,
    service: null,
    leftOut: null,
    ...rest,
    facts: () => ({
      failed: failed ?? false,
      inputTokens: inputTokens ?? null,
      outputTokens: outputTokens ?? null,
    }),
    input: () => JSON.stringify(input),
    output: () => text,
  };
}

export function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** A trace for each output, each of an input of its own: 0, 1, 2 … */
export function answering(outputs: readonly unknown[], told: Telling = {}): CohortTrace[] {
  return outputs.map((output, i) => trace(i + 1, { input: i, output, ...told }));
}

export function collect(
  before: readonly CohortTrace[],
  after: readonly CohortTrace[],
  options: Partial<CohortsOptions> = {},
): CohortsResult {
  const told: [Side, CohortTrace][] = [
    ...before.map((one): [Side, CohortTrace] => ['before', one]),
    ...after.map((one): [Side, CohortTrace] => ['after', one]),
  ];
  return collectInOrder(told, options);
}

export function collectInOrder(
  told: readonly (readonly [Side, CohortTrace])[],
  options: Partial<CohortsOptions> = {},
): CohortsResult {
  const cohorts = new Cohorts({ fields: [], discover: true, ...options });
  for (const [side, one] of told) cohorts.add(side, one);
  return cohorts.finish();
}

export function columnOf({ data }: { data: DiffData }, name: string): Column {
  const column = data.columns.find((one) => one.name === name);
  if (!column) throw new Error(`no column ${name}: ${data.columns.map((one) => one.name)}`);
  return column;
}

/** What a side's runs say, each as a word or a number. */
export function said(column: Column, side: Side): (string | number)[] {
  const { codes, numbers } = column[side];
  return [...codes].map((code, run) => {
    if (code === CODE.missing) return '(missing)';
    if (code === CODE.error) return '(error)';
    if (code === CODE.hash) return `#${numbers![run]}`;
    return code === CODE.number ? numbers![run]! : column.labels[code]!;
  });
}

/** In no order: for tests of values alone, since inputs stand in the order of their keys. */
export function saidByAll(column: Column, side: Side): (string | number)[] {
  return said(column, side).sort();
}
